package sample

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/taxonomy"
)

// layForm lays out a printed form that somebody has filled in by hand: boxes with labels, a box a letter, boxes to tick.
func layForm(l *letter) []*sheet {
	d := l.dice
	l.fields = map[taxonomy.FieldID]string{}
	t := &typist{letter: l, style: style{text: sans, bold: sansBold, size: 10, leading: 1.3, paragraph: 1}, left: 56, right: sheetWidth - 56, bottom: sheetHeight - 60, ink: black}
	if d.chance(0.3) {
		t.text, t.bold = goText, goBold
	}
	t.newPage()
	t.y = 62
	t.page.write(t.left, t.y, t.bold, 11, Houses[l.language].Name, t.ink)
	t.y += 26
	t.page.write(t.left, t.y, t.bold, 17, l.plain("form.title"), t.ink)
	t.y += 18
	t.page.write(t.left, t.y, t.text, 8.5, l.plain("form.hint"), t.ink)
	t.y += 24
	t.formNumbers()
	p := l.sender
	t.formBox("form.name", p.name, taxonomy.SenderName, p.name)
	t.formBox("form.street", p.street, "", "")
	t.formBox("form.place", p.postcode+" "+p.town, taxonomy.SenderAddress, p.address())
	if d.chance(0.8) {
		t.formBox("form.phone", p.phone, taxonomy.SenderPhone, p.country.e164(p.phone))
	}
	if d.chance(0.6) {
		t.formBox("form.email", p.email, taxonomy.SenderEmail, p.email)
	}
	t.formMatter()
	t.formTicks()
	t.formEnd()
	t.stamps()
	return t.pages
}

// formNumbers are the numbers, one digit a box.
func (t *typist) formNumbers() {
	for _, number := range []string{"customer_number", "policy_number", "contract_number", "invoice_number"} {
		if _, known := t.slots[number]; !known {
			continue
		}
		label, value := t.plain("label."+number), t.say(number)
		t.page.print(t.left, t.y, t.text, 9, label, t.ink)
		x := t.left + 150
		for _, c := range value {
			t.page.frame(x, t.y-12, 16, 17, 0.5, grey)
			s := string(c)
			t.page.print(x+(16-hand.width(s, 12))/2, t.y+1, hand, 12, s, blue)
			t.page.marks[len(t.page.marks)-1].shaky = 0.5
			x += 18
		}
		t.page.lines = append(t.page.lines, label+" "+value)
		t.y += 26
	}
}

// formBox is a labelled box with what was written into it.
func (t *typist) formBox(label, value string, field taxonomy.FieldID, normal string) {
	if value == "" {
		return
	}
	t.page.frame(t.left, t.y-8, t.right-t.left, 32, 0.6, grey)
	t.page.write(t.left+4, t.y+1, t.text, 7.5, t.plain(label), t.ink)
	t.page.scrawl(t.left+12, t.y+18, 13, value)
	if field != "" {
		t.reveal(field, normal)
	}
	t.y += 36
}

func (t *typist) formMatter() {
	product := t.plain("product." + t.product + ".title")
	t.formBox("form.product", product, taxonomy.Product, t.product)
	t.formBox("form.subject", t.plain("subject."+t.subject+".title"), taxonomy.Subject, t.subject)
	written := writeDate(t.language, t.incident, t.formDate())
	t.formBox("form.incident", written, taxonomy.IncidentDate, normalDate(t.incident))
	if s, known := t.slots["amount"]; known {
		t.formBox("form.amount", s.text, taxonomy.Amount, s.value)
	}
	if s, known := t.slots["iban"]; known {
		t.formBox("label.iban", s.text, taxonomy.IBAN, s.value)
	}
	rule := "story." + t.subject
	if len(t.rules[rule]) == 0 {
		rule = "loss." + t.subject
	}
	t.formText(t.plain(rule))
}

// formDate is how people write dates into boxes: in figures.
func (t *typist) formDate() string {
	for _, form := range dateForms[t.language] {
		if strings.Contains(form, "DD") {
			return form
		}
	}
	return "DD.MM.Y"
}

func (t *typist) formText(text string) {
	lines := wrap(hand, 12.5, t.right-t.left-28, text)
	h := float64(len(lines))*19 + 24
	t.page.frame(t.left, t.y-8, t.right-t.left, h, 0.6, grey)
	t.page.write(t.left+4, t.y+1, t.text, 7.5, t.plain("form.text"), t.ink)
	for i, line := range lines {
		t.page.scrawl(t.left+12, t.y+20+float64(i)*19, 12.5, line)
	}
	t.y += h + 4
}

// formTicks are the remedies as boxes, one of them ticked. What is not ticked is printed all the same.
func (t *typist) formTicks() {
	all := []string{"refund", "replacement", "repair", "payment", "compensation", "information"}
	if !slices.Contains(all, t.remedy) {
		all = append(all[:5:5], t.remedy)
	}
	t.page.write(t.left, t.y+8, t.text, 9, t.plain("form.remedy"), t.ink)
	t.y += 24
	var line []string
	for i, remedy := range all {
		x := t.left + float64(i%3)*165
		y := t.y + float64(i/3)*18
		t.page.frame(x, y-8, 9, 9, 0.7, t.ink)
		title := t.plain("remedy." + remedy + ".title")
		t.page.print(x+15, y, t.text, 9.5, title, t.ink)
		if remedy == t.remedy {
			t.page.line(1.3, blue, point{x - 1, y - 9}, point{x + 10, y + 2})
			t.page.line(1.3, blue, point{x + 10, y - 10}, point{x - 1, y + 2})
			title = "X " + title
			t.reveal(taxonomy.Remedy, remedy)
		}
		line = append(line, title)
	}
	t.page.lines = append(t.page.lines, strings.Join(line[:3], " "), strings.Join(line[3:], " "))
	t.y += 52
}

func (t *typist) formEnd() {
	if t.y > t.bottom-20 {
		t.newPage()
	}
	date := writeDate(t.language, t.written, t.formDate())
	t.page.print(t.left, t.y, t.text, 9, t.plain("form.date"), t.ink)
	t.page.print(t.left+80, t.y, hand, 13, date, blue)
	t.page.print(t.left+250, t.y, t.text, 9, t.plain("form.signature"), t.ink)
	t.page.sign(t.dice, t.left+330, t.y-26, 110, 30)
	t.page.lines = append(t.page.lines, t.plain("form.date")+" "+date+" "+t.plain("form.signature"))
	t.reveal(taxonomy.LetterDate, normalDate(t.written))
}

// layIdentity lays a copy of a card of no real state on the sheet, with a machine-readable zone (ICAO 9303, TD1).
func layIdentity(l *letter) []*sheet {
	d, p := l.dice, l.sender
	s := &sheet{}
	l.fields = map[taxonomy.FieldID]string{taxonomy.SenderName: p.name}
	born := time.Date(1940+d.IntN(64), time.Month(1+d.IntN(12)), 1+d.IntN(28), 0, 0, 0, 0, time.UTC)
	expires := time.Date(2027+d.IntN(9), time.Month(1+d.IntN(12)), 1+d.IntN(28), 0, 0, 0, 0, time.UTC)
	number := one(d, []string{"X", "L", "T", "C"}) + d.digits(8)
	const w, h = 340.0, 215.0
	x, y := d.within(70, 170), d.within(90, 260)
	s.rect(x, y, w, h, pale)
	s.frame(x, y, w, h, 1, grey)
	s.write(x+16, y+24, sansBold, 13, l.plain("identity.title"), one(d, []mark{{ink: blue}, {ink: green}, {ink: red}}).ink)
	portrait(s, x+16, y+40)
	labels := strings.Split(l.plain("identity.labels"), ";")
	form := dateForms[l.language][len(dateForms[l.language])-2]
	first := strings.TrimSpace(strings.Replace(p.signer, p.last, "", 1))
	values := []string{strings.ToUpper(p.last), strings.ToUpper(first), writeDate(l.language, born, form), number, writeDate(l.language, expires, form), p.town}
	for i, value := range values {
		top := y + 44 + float64(i)*19
		s.write(x+112, top, sans, 6, labels[i], grey)
		s.write(x+112, top+10, sansBold, 9.5, value, black)
	}
	for i, line := range machineReadable(p, number, born, expires) {
		s.write(x+14, y+h-34+float64(i)*12, mono, 10.2, line, black)
	}
	s.write(x, y+h+40, serif, 11, l.plain("identity.note"), black)
	t := &typist{letter: l, pages: []*sheet{s}}
	t.stamps()
	return t.pages
}

// portrait is a head and shoulders in a frame.
func portrait(s *sheet, x, y float64) {
	s.rect(x, y, 82, 104, grey)
	centre := point{x + 41, y + 42}
	var head, body []point
	for i := range 24 {
		head = append(head, turned(centre, float64(i)*15, point{0, -22})...)
	}
	for i := range 13 {
		body = append(body, turned(point{x + 41, y + 104}, float64(i)*15-90, point{0, -34})...)
	}
	s.fill(pale, head...)
	s.fill(pale, body...)
}

// machineReadable gives the three lines of a card. ICAO keeps UTO, Utopia, for examples.
func machineReadable(p party, number string, born, expires time.Time) []string {
	sex := "M"
	if p.female {
		sex = "F"
	}
	b, e := born.Format("060102"), expires.Format("060102")
	first := "I<UTO" + number + checkDigit(number)
	second := b + checkDigit(b) + sex + e + checkDigit(e) + "UTO"
	first, second = filled(first, 30), filled(second, 29)
	all := number + checkDigit(number) + first[15:] + b + checkDigit(b) + e + checkDigit(e) + second[18:]
	names := strings.ToUpper(mailName(p.last)) + "<<" + strings.ToUpper(mailName(strings.TrimSpace(strings.Replace(p.signer, p.last, "", 1))))
	return []string{first, second + checkDigit(all), filled(names, 30)}
}

func filled(s string, n int) string {
	return (s + strings.Repeat("<", n))[:n]
}

// checkDigit is that of ICAO 9303 part 3: weights 7, 3, 1; letters count from 10.
func checkDigit(s string) string {
	sum := 0
	for i, c := range s {
		value := 0
		switch {
		case c >= '0' && c <= '9':
			value = int(c - '0')
		case c >= 'A' && c <= 'Z':
			value = int(c-'A') + 10
		}
		sum += value * [3]int{7, 3, 1}[i%3]
	}
	return strconv.Itoa(sum % 10)
}

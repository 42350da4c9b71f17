package sample

import (
	"image/color"
	"strconv"
	"strings"

	"docket/taxonomy"
)

// A typist lays a letter out on sheets, from the top down.
type typist struct {
	*letter
	style
	pages       []*sheet
	page        *sheet
	left, right float64 // where lines begin and end
	bottom      float64
	y           float64 // baseline of the next line
	ink         color.RGBA
}

// layLetter lays out an ordinary letter.
func layLetter(l *letter) []*sheet {
	d := l.dice
	t := &typist{letter: l, style: newStyle(d), left: d.within(56, 74), bottom: sheetHeight - d.within(62, 80), ink: black}
	t.right = sheetWidth - d.within(50, 68)
	t.newPage()
	t.y = d.within(52, 70)
	t.heading()
	t.addressee()
	t.dateAndRefs()
	t.bodyText()
	t.ending()
	t.stamps()
	return t.pages
}

func (t *typist) newPage() {
	t.page = &sheet{}
	t.pages = append(t.pages, t.page)
	t.y = 70
	if n := len(t.pages); n > 1 {
		t.page.write(t.left, 48, t.text, t.size*0.85, t.plain("page.of")+" "+strconv.Itoa(n), t.ink)
		t.y = 84
	}
}

func (t *typist) lineHeight() float64 { return t.size * t.leading }

// put writes one line and goes to the next; at the end of the page it begins another.
func (t *typist) put(f *face, text string) {
	if t.y > t.bottom {
		t.newPage()
	}
	t.page.write(t.left, t.y, f, t.size, text, t.ink)
	t.y += t.lineHeight()
}

// paragraph writes a text over the full width.
func (t *typist) paragraph(f *face, text string) {
	for _, line := range wrap(f, t.size, t.right-t.left, text) {
		t.put(f, line)
	}
}

func (t *typist) skip(lines float64) { t.y += t.lineHeight() * lines }

// heading sets the sender's lines in their style.
func (t *typist) heading() {
	switch t.headStyle {
	case "left":
		for _, line := range t.head {
			t.put(t.text, line)
		}
		t.skip(1)
	case "right":
		t.block(t.head, t.right-t.widest(t.head))
		t.skip(1)
	case "banner":
		t.banner()
	case "window":
		t.window()
	}
}

func (t *typist) widest(lines []string) float64 {
	var w float64
	for _, line := range lines {
		w = max(w, t.text.width(line, t.size))
	}
	return w
}

// block writes lines that all begin at x.
func (t *typist) block(lines []string, x float64) {
	for _, line := range lines {
		t.page.write(x, t.y, t.text, t.size, line, t.ink)
		t.y += t.lineHeight()
	}
}

// banner is a letterhead over the whole width, with a logo for firms.
func (t *typist) banner() {
	ink := one(t.dice, []color.RGBA{black, blue, green, red})
	size := t.size * t.dice.within(1.4, 1.9)
	if !t.sender.firm && !t.sender.lawyer {
		size = t.size * 1.25
	}
	x := t.left
	if t.sender.firm || t.sender.lawyer && t.dice.chance(0.5) {
		t.logo(t.left, t.y-24, 38, ink)
		x += 50
	}
	t.page.write(x, t.y, t.bold, size, t.head[0], ink)
	t.y += t.size * 1.5
	small := t.size * 0.82
	for _, line := range wrap(t.text, small, t.right-x, strings.Join(t.head[1:], " · ")) {
		t.page.write(x, t.y, t.text, small, line, t.ink)
		t.y += small * 1.3
	}
	t.page.line(0.8, ink, point{t.left, t.y}, point{t.right, t.y})
	t.y += t.lineHeight() * 2.2
}

// logo draws a simple sign: bars, rings or a roof.
func (t *typist) logo(x, y, size float64, ink color.RGBA) {
	switch t.dice.IntN(3) {
	case 0:
		for i := range 3 {
			h := size * (0.4 + 0.3*float64(i))
			t.page.rect(x+float64(i)*size*0.32, y+size-h, size*0.24, h, ink)
		}
	case 1:
		t.page.fill(ink, point{x, y + size*0.5}, point{x + size*0.5, y}, point{x + size, y + size*0.5})
		t.page.rect(x+size*0.15, y+size*0.55, size*0.7, size*0.42, ink)
	default:
		t.page.fill(ink, turned(point{x + size/2, y + size/2}, 45, point{-size * 0.34, -size * 0.34}, point{size * 0.34, -size * 0.34}, point{size * 0.34, size * 0.34}, point{-size * 0.34, size * 0.34})...)
		t.page.rect(x+size*0.42, y+size*0.36, size*0.16, size*0.28, color.RGBA{255, 255, 255, 255})
	}
	t.page.boxes = append(t.page.boxes, box{x, y, x + size, y + size})
}

// window is the form of DIN 5008: the sender small and underlined over the address, the rest in a block to the right.
func (t *typist) window() {
	address := t.head[:len(t.head)-t.contacts()]
	line := strings.Join(address, one(t.dice, []string{", ", " · ", " - "}))
	const top = 136
	w := t.page.write(t.left, top, t.text, 7.5, line, t.ink)
	t.page.line(0.4, grey, point{t.left, top + 2.5}, point{t.left + w, top + 2.5})
	if n := t.contacts(); n > 0 {
		lines := t.head[len(t.head)-n:]
		x := min(355, t.right-t.widest(lines))
		t.y = top
		if x < t.left+w+10 { // no room beside the sender: above it
			t.y = top - float64(n)*t.lineHeight() - 6
		}
		t.block(lines, x)
	}
	t.y = top + 20
}

// contacts is how many of the sender's lines are phone and mail.
func (t *typist) contacts() int {
	n := 0
	for _, f := range []taxonomy.FieldID{taxonomy.SenderPhone, taxonomy.SenderEmail} {
		for _, line := range t.head[2:] {
			if f == taxonomy.SenderPhone && strings.HasSuffix(line, t.sender.phone) || f == taxonomy.SenderEmail && strings.HasSuffix(line, t.sender.email) {
				n++
			}
		}
	}
	return n
}

func (t *typist) addressee() {
	t.block(t.to, t.left)
	t.skip(t.dice.within(1, 2))
}

func (t *typist) dateAndRefs() {
	if t.date != "" {
		x := t.left
		if t.dice.chance(0.7) {
			x = t.right - t.text.width(t.date, t.size)
		}
		t.block([]string{t.date}, x)
		t.skip(t.dice.within(0.5, 1.5))
	}
	if t.dice.chance(0.3) && len(t.refs) > 1 { // in one line, when it fits
		joined := strings.Join(t.refs, "   ")
		if t.text.width(joined, t.size) < t.right-t.left {
			t.refs = []string{joined}
		}
	}
	for _, line := range t.refs {
		t.put(t.text, line)
	}
	if len(t.refs) > 0 {
		t.skip(0.7)
	}
}

func (t *typist) bodyText() {
	if t.title != "" {
		f := t.bold
		if t.dice.chance(0.2) {
			f = t.text
		}
		start := t.y
		t.paragraph(f, t.title)
		if f == t.text {
			t.page.line(0.6, t.ink, point{t.left, start + 2.5}, point{t.left + min(t.text.width(t.title, t.size), t.right-t.left), start + 2.5})
		}
		t.skip(0.9)
	}
	t.put(t.text, t.greeting)
	t.skip(t.style.paragraph)
	for _, p := range t.body {
		t.paragraph(t.text, p)
		t.skip(t.style.paragraph)
	}
	if t.table != nil {
		t.drawTable(t.table)
	}
}

// ending is the closing, the signature with the typed name, enclosures and what stands at the foot.
func (t *typist) ending() {
	if t.y > t.bottom-90 {
		t.newPage()
	}
	t.skip(0.4)
	t.put(t.text, t.closing)
	if t.signed {
		t.page.sign(t.dice, t.left+t.dice.within(0, 20), t.y-4, t.dice.within(80, 140), t.dice.within(26, 38))
		t.y += 40
	} else {
		t.skip(1)
	}
	t.put(t.text, t.name)
	if t.headStyle == "foot" {
		for _, line := range t.head[1:] {
			t.put(t.text, line)
		}
	}
	if t.enclosure != "" {
		t.skip(1)
		t.put(t.text, t.enclosure)
	}
}

// stamps are the mailroom's and the clerks': their date is not the letter's.
func (t *typist) stamps() {
	if t.dice.chance(0.28) {
		day := t.written.AddDate(0, 0, t.dice.between(1, 6))
		form := one(t.dice, []string{"DD.MM.Y", "D. M. Y", "Y-MM-DD"})
		date := writeDate(t.language, day, form)
		if t.language == "en" {
			date = strings.ToUpper(day.Format("02 Jan 2006"))
		}
		t.pages[0].stamp(t.dice, one(t.dice, []color.RGBA{red, blue, black}), t.plain("stamp.received"), date)
	}
	if t.dice.chance(0.06) {
		t.pages[0].stamp(t.dice, red, t.plain("stamp.other"))
	}
}

package sample

import (
	"strings"

	"docket/taxonomy"
)

// A letter is a text with the frame around it, before it has a look. Empty parts are left out.
type letter struct {
	matter
	*speaker
	head      []string // the sender's lines: name, street, place, phone, mail
	headStyle string   // where they stand: "left", "right", "banner", "window", "foot"
	to        []string
	date      string
	refs      []string // "Customer number: K-1234567"
	title     string
	topic     string // the title without a word like "Subject:" before it
	greeting  string
	body      []string
	closing   string
	name      string // typed under the signature
	enclosure string
	table     *table // of an invoice
	signed    bool
}

// writeLetter words a matter as a letter, with everything that stands on it accounted for in its fields.
func writeLetter(g *grammar, d *dice, m matter) *letter {
	l := &letter{matter: m, speaker: newSpeaker(g, d), signed: d.chance(0.85)}
	l.setSlots()
	l.address()
	l.dateLine()
	l.references()
	l.frame()
	if m.class == taxonomy.Invoice {
		l.invoiceTable()
	}
	return l
}

// address gives sender and addressee their lines.
func (l *letter) address() {
	p, house := l.sender, Houses[l.language]
	l.headStyle = pick(l.dice, []share[string]{{"left", 30}, {"right", 25}, {"window", 20}, {"banner", 10}, {"foot", 10}, {"none", 5}})
	if p.firm || p.lawyer {
		l.headStyle = one(l.dice, []string{"banner", "banner", "window"})
	}
	if l.headStyle != "none" {
		l.head = append([]string{p.name, p.street}, place(p.country.code, p.postcode, p.town)...)
		l.reveal(taxonomy.SenderName, p.name)
		l.reveal(taxonomy.SenderAddress, p.address())
		if l.dice.chance(0.6) {
			l.head = append(l.head, l.plain("label.phone")+": "+p.phone)
			l.reveal(taxonomy.SenderPhone, p.country.e164(p.phone))
		}
		if l.dice.chance(0.5) {
			l.head = append(l.head, l.labelled("label.email", p.email))
			l.reveal(taxonomy.SenderEmail, p.email)
		}
	}
	l.to = []string{house.Name}
	if l.dice.chance(0.6) {
		l.to = append(l.to, l.plain("house.department"))
	}
	l.to = append(l.to, house.Street)
	l.to = append(l.to, place(houseCountry[l.language], house.Postcode, house.Town)...)
}

var houseCountry = map[string]string{"en": "GB", "de": "DE", "hu": "HU", "pl": "PL", "ru": "RU", "sl": "SI"}

// place writes postcode and town as the country does: in Britain and Ireland the code has a line of its own, in Hungary and
// Russia too when the old habit is kept, but mostly they share one.
func place(country, postcode, town string) []string {
	switch country {
	case "GB", "IE":
		return []string{town, postcode}
	case "LV":
		return []string{town + ", " + postcode}
	}
	return []string{postcode + " " + town}
}

func (l *letter) labelled(rule, value string) string {
	if l.dice.chance(0.3) {
		return value
	}
	return l.plain(rule) + ": " + value
}

func (l *letter) reveal(f taxonomy.FieldID, value string) { l.fields[f] = value }

// dateLine is "Bristol, 14 March 2026", "Date: 14 March 2026" or only the date; a few letters have none.
func (l *letter) dateLine() {
	if l.dice.chance(0.04) {
		return
	}
	date := l.say("date")
	switch l.dice.IntN(4) {
	case 0:
		date = l.plain("label.date") + ": " + date
	case 1, 2:
		date = dated(l.language, l.sender.town, date)
	}
	l.date = date
}

// dated puts the town before the date as the language does.
func dated(language, town, date string) string {
	switch language {
	case "de":
		return town + ", den " + date
	case "pl":
		return town + ", dnia " + date
	}
	return town + ", " + date
}

// references are the numbers that stand apart from the text.
func (l *letter) references() {
	for _, number := range []string{"customer_number", "contract_number", "policy_number", "invoice_number", "ticket_number"} {
		must := number == "invoice_number" && l.class == taxonomy.Invoice || number == "contract_number" && l.class == taxonomy.Contract
		if _, known := l.slots[number]; known && (must || !l.earlier.IsZero() || l.dice.chance(0.6)) {
			l.refs = append(l.refs, l.plain("label."+number)+": "+l.say(number))
		}
	}
}

// frame is everything from the subject line to the name.
func (l *letter) frame() {
	class := string(l.class)
	if l.dice.chance(0.9) || l.class == taxonomy.Invoice || l.class == taxonomy.Contract {
		l.title = capital(l.say(class + ".title"))
		l.topic = l.title
		if l.dice.chance(0.25) && l.class != taxonomy.Invoice && l.class != taxonomy.Contract {
			l.title = l.plain("label.subject") + " " + l.title
		}
	}
	l.greeting = l.plain("greeting")
	rule := class + ".body"
	switch {
	case l.class == taxonomy.Invoice:
		rule = "invoice.intro"
	case l.sender.lawyer && l.class != taxonomy.Correspondence:
		rule = "lawyer." + class
	}
	l.body = strings.Split(l.say(rule), "\n")
	if !l.earlier.IsZero() {
		l.body = append([]string{l.say("again")}, l.body...)
		l.body[1] = capital(l.body[1])
	}
	if l.keepsDiary() {
		l.body = append(l.body[:1:1], append(l.chronicle(), l.body[1:]...)...)
	}
	if l.language != "de" || !strings.HasSuffix(l.greeting, ",") {
		l.body[0] = capital(l.body[0])
	}
	l.closing = l.plain("closing")
	l.name = l.sender.signer
	l.reveal(taxonomy.SenderName, l.sender.name)
	if l.sender.name != l.sender.signer && len(l.head) == 0 {
		l.reveal(taxonomy.SenderName, l.sender.signer)
	}
	if l.dice.chance(0.2) {
		l.enclosure = l.plain("enclosure")
	}
}

// keepsDiary says whether the writer tells everything day by day.
func (l *letter) keepsDiary() bool {
	if l.class != taxonomy.Complaint || l.sender.lawyer {
		return false
	}
	return l.matter.tone == "rambling" && l.dice.chance(0.75) || l.matter.tone == "angry" && l.dice.chance(0.2)
}

// chronicle is what was done since it happened, day by day. Its dates are neither the letter's nor the incident's.
func (l *letter) chronicle() []string {
	form := one(l.dice, dateForms[l.language])
	lines := []string{l.say("chronicle")}
	days := int(l.written.Sub(l.incident).Hours() / 24)
	n := l.dice.between(4, 9)
	for i := range n {
		day := l.incident.AddDate(0, 0, 1+days*i/n)
		lines = append(lines, writeDate(l.language, day, form)+" – "+l.say("event"))
	}
	return lines
}

// normalNumber is the normal form of an identifier.
func normalNumber(s string) string { return strings.ToUpper(strings.ReplaceAll(s, " ", "")) }

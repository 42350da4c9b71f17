package sample

import (
	"strings"

	"docket/taxonomy"
)

// A paragraph is one block of a letter that has no fixed layout: in a word processor, a mail or plain text.
type paragraph struct {
	text  string // lines parted by line breaks
	bold  bool
	right bool // set to the right edge
}

// paragraphs are the blocks of the letter from top to bottom.
func (l *letter) paragraphs() []paragraph {
	var all []paragraph
	add := func(p paragraph, lines ...string) {
		if p.text = strings.Join(lines, "\n"); p.text != "" {
			all = append(all, p)
		}
	}
	atFoot := l.headStyle == "foot"
	if !atFoot {
		add(paragraph{right: l.headStyle == "right"}, l.head...)
	}
	add(paragraph{}, l.to...)
	add(paragraph{right: len(l.date)%2 == 0}, l.date)
	add(paragraph{}, l.refs...)
	add(paragraph{bold: true}, l.title)
	add(paragraph{}, l.greeting)
	for _, p := range l.body {
		add(paragraph{}, p)
	}
	if atFoot {
		add(paragraph{}, append([]string{l.closing}, l.head...)...)
	} else {
		add(paragraph{}, l.closing, l.name)
	}
	add(paragraph{}, l.enclosure)
	return all
}

// plainText is the letter as one would type it into a window.
func (l *letter) plainText() string { return joined(l.paragraphs()) }

func joined(all []paragraph) string {
	texts := make([]string, len(all))
	for i, p := range all {
		texts[i] = p.text
	}
	return strings.Join(texts, "\n\n")
}

// mailParagraphs are the letter as a mail: no addresses on top, the writer's own lines below the name.
func (l *letter) mailParagraphs() []paragraph {
	all := []paragraph{{text: l.greeting}}
	for _, p := range l.body {
		all = append(all, paragraph{text: p})
	}
	sign := []string{l.closing, l.name}
	if len(l.head) > 1 {
		sign = append(sign, l.head[1:]...)
	}
	all = append(all, paragraph{text: strings.Join(sign, "\n")})
	if len(l.refs) > 0 {
		all = append(all, paragraph{text: strings.Join(l.refs, "\n")})
	}
	return all
}

// covering is a mail that only brings the letter: its subject says what it is about, the rest is in the attachment.
func covering(l *letter, class taxonomy.ClassID) *letter {
	m := &letter{matter: l.matter, speaker: newSpeaker(l.grammar, l.dice), name: l.sender.signer}
	m.setSlots()
	m.topic = l.topic
	if m.topic == "" || class == taxonomy.Form || class == taxonomy.Identity {
		m.topic = capital(m.plain("mail.subject"))
	} else {
		m.fields = revealedBy(l, m.topic)
	}
	m.greeting, m.closing = l.greeting, l.closing
	m.body = []string{m.plain("mail.quote")}
	return m
}

// revealedBy are the fields of a letter whose wording is in the title: numbers as they stand, terms by their names.
func revealedBy(l *letter, title string) map[taxonomy.FieldID]string {
	found := map[taxonomy.FieldID]string{}
	has := func(s string) bool { return s != "" && strings.Contains(strings.ToLower(title), strings.ToLower(s)) }
	for field, number := range map[taxonomy.FieldID]string{
		taxonomy.CustomerNumber: l.customer, taxonomy.ContractNumber: l.contract, taxonomy.PolicyNumber: l.policy,
		taxonomy.InvoiceNumber: l.invoice, taxonomy.TicketNumber: l.ticket,
	} {
		if has(number) {
			found[field] = normalNumber(number)
		}
	}
	for _, column := range l.tables["product"] {
		if l.product != "" && has(l.plain("product."+l.product+"."+column)) {
			found[taxonomy.Product] = l.product
		}
	}
	if l.subject != "" && has(l.plain("subject."+l.subject+".title")) {
		found[taxonomy.Subject] = l.subject
	}
	return found
}

package extract

import (
	"time"

	"docket/repository"
	"docket/repository/say"
	"docket/taxonomy"
)

// A House is the organisation that receives the post. The zero House is unknown: the sender is then told from the
// addressee by place alone.
type House struct {
	Names     []string // as they stand in addresses, also short ones
	Addresses []string // one line each: "street and number, postcode town"
	Emails    []string // an address, or a domain, "@example.org", for all of its addresses
	Phones    []string // E.164
	IBANs     []string
}

// An Extractor reads fields out of documents. It is safe for concurrent use.
type Extractor struct {
	house house
	terms map[taxonomy.FieldID]*book
}

// New makes an extractor for a house and its vocabularies: the terms of taxonomy.Subject, Product and Remedy; others are
// left alone.
func New(vocabularies map[taxonomy.FieldID][]taxonomy.Term, own House) *Extractor {
	e := &Extractor{house: newHouse(own), terms: map[taxonomy.FieldID]*book{}}
	for _, f := range [...]taxonomy.FieldID{taxonomy.Subject, taxonomy.Product, taxonomy.Remedy} {
		e.terms[f] = termBook(vocabularies[f])
	}
	return e
}

// Extract reads the fields of one document from the layouts of its pages. An empty language is guessed. The day of
// receipt decides between readings of a date and gives a year to dates without one; the zero time is no help. A field
// that was not found, or not clearly enough, is not in the answer.
func (e *Extractor) Extract(layouts []repository.Layout, language string, received time.Time) taxonomy.Values {
	values := taxonomy.Values{}
	l := e.read(layouts, language, received)
	if len(l.tokens) == 0 {
		return values
	}
	put := func(id taxonomy.FieldID, f finding, ok bool) {
		if ok {
			values[id] = l.value(f)
		}
	}
	keep := func(id taxonomy.FieldID, find func() (finding, bool)) {
		f, ok := find()
		put(id, f, ok)
	}
	keep(taxonomy.LetterDate, l.letterDate)
	keep(taxonomy.IncidentDate, l.incidentDate)
	keep(taxonomy.Deadline, l.deadline)
	keep(taxonomy.TicketNumber, l.ticket)
	keep(taxonomy.IBAN, l.account)
	for id, f := range l.identifiers() {
		put(id, f, true)
	}
	keep(taxonomy.Amount, l.amount)
	keep(taxonomy.SenderEmail, l.senderEmail)
	name, address := l.sender()
	keep(taxonomy.SenderPhone, func() (finding, bool) { return l.senderPhone(l.countries(address)) })
	put(taxonomy.SenderName, name, name.value != "")
	put(taxonomy.SenderAddress, address, address.value != "")
	for id, b := range e.terms {
		f, ok := l.term(id, b)
		put(id, f, ok)
	}
	return values
}

// A letter is a sheet and what was found on it before any field is decided.
type letter struct {
	*sheet
	house    house
	received time.Time
	written  time.Time // the letter's date, or the day of receipt while it is not known
	dated    span      // where the letter's date stands
	days     []day
	sums     []sum
	accounts []finding
	tickets  []finding
	mails    []finding
	places   []address
	taken    []bool // tokens that belong to one of those
	body     int    // the first token of the salutation; 0 when there is none
	closing  int    // the first token of the closing; all tokens when there is none
}

func (e *Extractor) read(layouts []repository.Layout, language string, received time.Time) *letter {
	l := &letter{sheet: newSheet(layouts), house: e.house, received: received, written: received}
	l.scan(lexicons(), language)
	l.taken = make([]bool, len(l.tokens))
	l.accounts = l.ibans()
	if l.mails = l.emails(); len(l.mails) == 0 {
		l.mails = l.misreadEmails()
	}
	for i := range l.tokens {
		if f, ok := l.ticketAt(i); ok {
			l.tickets = append(l.tickets, f)
		}
	}
	for _, f := range append(append(l.accounts, l.mails...), l.tickets...) {
		l.take(f.first, f.last)
	}
	l.sums = l.sheet.sums()
	l.days = l.dates(l.monthFirst(), reference(received))
	for _, d := range l.days {
		l.take(d.first, d.last)
	}
	for _, a := range l.sums {
		l.take(a.first, a.last)
	}
	l.zones()
	l.places = l.addresses()
	return l
}

func (l *letter) take(first, last int) {
	for i := first; i < last; i++ {
		l.taken[i] = true
	}
}

// reference is a day to count two-digit years from when the day of receipt is not known.
func reference(received time.Time) time.Time {
	if received.IsZero() {
		return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return received
}

// zones finds where the letter proper begins and ends.
func (l *letter) zones() {
	l.closing = len(l.tokens)
	for _, h := range l.hits {
		if l.lines[l.tokens[h.first].line].first != h.first {
			continue
		}
		switch {
		case h.kind == kindSalutation && l.body == 0 && h.first > 0:
			l.body = h.first
		case h.kind == kindClosing && h.first > l.body && !l.proseFrom(h.first):
			l.closing = h.first
		}
	}
}

// inHead says whether token i stands above the salutation: by its place where there are places, as a column beside the
// letterhead may be read after it.
func (l *letter) inHead(i int) bool {
	if l.body == 0 {
		return false
	}
	a, b := l.lines[l.tokens[i].line], l.lines[l.tokens[l.body].line]
	if a.page == b.page && !a.box.IsZero() && !b.box.IsZero() {
		return a.box.Y+a.box.H/2 < b.box.Y
	}
	return i < l.body
}

// inFoot says whether token i stands below the closing, or beside it.
func (l *letter) inFoot(i int) bool {
	if l.closing == len(l.tokens) {
		return false
	}
	a, b := l.lines[l.tokens[i].line], l.lines[l.tokens[l.closing].line]
	if a.page == b.page && !a.box.IsZero() && !b.box.IsZero() {
		return a.box.Y+a.box.H/2 > b.box.Y
	}
	return i > l.closing
}

// proseFrom says whether a line goes on as a sentence would, so that its first words are no closing.
func (l *letter) proseFrom(i int) bool {
	ln := l.lines[l.tokens[i].line]
	return ln.last-i > 9
}

// ticket is the ticket named in the document.
func (l *letter) ticket() (finding, bool) { return best(l.tickets) }

// account is the first account that is not the house's own.
func (l *letter) account() (finding, bool) {
	for _, f := range l.accounts {
		if l.house.ibans[f.value] {
			continue
		}
		if r, ok := l.labelBy(f.first); ok && r.name == string(taxonomy.IBAN) {
			f.how = say.Join(r.how(l.sheet), f.how)
		}
		return f, true
	}
	return finding{}, false
}

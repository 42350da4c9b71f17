package letter

import (
	"bytes"
	"errors"
	"strings"
	"text/template"
	"time"

	"docket/repository/fault"
)

// Facts are what a template can say. All of it is text.
type Facts struct {
	Number   string    // of the ticket: CLM-2026-000123-7
	Title    string    // of the ticket
	House    string    // the channel's name
	Name     string    // of whoever is written to; may be empty
	Agent    string    // who writes; empty in what nobody writes
	Today    time.Time // when it is written
	At       time.Time // when we received what is answered
	Due      time.Time // by when we answer; the zero time says nothing
	Received []Received
}

// Received is one thing that came: the message itself, or what was attached to it.
type Received struct {
	Name   string
	Size   int64
	SHA256 string // hexadecimal
}

// A Variable is what stands in a template for a fact, with what it becomes of the example.
type Variable struct{ Name, Example string }

// Variables are all there are, for whoever writes a template. Within {{range .Received}} to {{end}} each thing received has .Name, .Size
// and .SHA256.
var Variables = []Variable{
	{".Number", "CLM-2026-000123-7"},
	{".Title", "Complaint – late delivery"},
	{".House", "Harbour Electrics service"},
	{".Name", "Eva Weiß"},
	{".Date", "16 March 2026"},
	{".Time", "09:41"},
	{".Due", "7 April 2026"},
	{".Today", "18 March 2026"},
	{".Agent", "Anna Kovač"},
	{".Received", "{{range .Received}}{{.Name}} ({{.Size}}) {{.SHA256}}{{end}}"},
}

// Bounds of templates, so that neither an error nor malice in one stops the house: what it can do follows from its length.
const (
	maxTemplate = 20_000  // bytes
	maxOutput   = 100_000 // bytes
	maxReceived = 50      // things listed
	maxListed   = 120     // bytes of a name
)

// A Template is a text with places for facts, and a subject, which may have some too. It is safe for concurrent use.
type Template struct {
	subject, text part
	language      string
}

// A part is a subject or a text as it was written, and as it is carried out.
type part struct {
	name   Part
	source string
	ready  *template.Template
}

// ParseTemplate reads a template of a language that is written as one: "Subject: ...", an empty line, the text.
func ParseTemplate(language, source string) (*Template, error) {
	head, text, ok := strings.Cut(strings.ReplaceAll(source, "\r\n", "\n"), "\n\n")
	subject, is := strings.CutPrefix(head, "Subject: ")
	if !ok || !is {
		return nil, fault.New(fault.Invalid, "A text begins with “Subject: ”, the subject, and an empty line. Nothing was saved.")
	}
	return NewTemplate(language, subject, text)
}

// NewTemplate reads a template of a language. What cannot be used is a fault of kind Invalid or TooLarge, whose cause is a [Mistake]. It
// is tried on much and on little that is known, so that what was read can be written for any ticket.
func NewTemplate(language, subject, text string) (*Template, error) {
	t := &Template{language: language, subject: part{name: InSubject, source: subject}, text: part{name: InText, source: strings.ReplaceAll(text, "\r\n", "\n")}}
	for _, p := range []*part{&t.subject, &t.text} {
		if m := p.parse(); m != nil {
			m.Language = language
			return nil, m.fault()
		}
	}
	for _, f := range []Facts{example, {Number: example.Number, House: example.House, At: example.At, Today: example.Today}} {
		values := t.values(f, time.UTC)
		for _, p := range []part{t.subject, t.text} {
			if _, m := p.run(values); m != nil {
				m.Language = language
				return nil, m.fault()
			}
		}
	}
	return t, nil
}

// Source is the template as it was written.
func (t *Template) Source() (subject, text string) { return t.subject.source, t.text.source }

// Render fills in the facts and gives subject and text. Days are those of the zone, in the words of the template's language.
func (t *Template) Render(f Facts, zone *time.Location) (subject, text string, err error) {
	values := t.values(f, zone)
	var out [2]string
	for i, p := range []part{t.subject, t.text} {
		said, m := p.run(values)
		if m != nil {
			return "", "", fault.Wrap(m, m.kind, "%s Nothing was sent.", m.Say)
		}
		out[i] = said
	}
	return plain(out[0], maxSubject), lines(out[1]), nil
}

// Example is what a template says of an example, for whoever writes it.
func (t *Template) Example() (subject, text string, err error) { return t.Render(example, time.UTC) }

// values are the facts as texts: no value has a method, so a template can do nothing but write.
func (t *Template) values(f Facts, zone *time.Location) map[string]any {
	received := []map[string]string{}
	for _, r := range f.Received[:min(len(f.Received), maxReceived)] {
		received = append(received, map[string]string{"Name": plain(r.Name, maxListed), "Size": Size(t.language, r.Size), "SHA256": r.SHA256})
	}
	due := ""
	if !f.Due.IsZero() {
		due = dayIn(t.language, f.Due.In(zone))
	}
	return map[string]any{"Number": f.Number, "Title": plain(f.Title, maxName), "House": plain(f.House, maxName), "Name": plain(f.Name, maxListed),
		"Agent": plain(f.Agent, maxListed), "Today": dayIn(t.language, f.Today.In(zone)), "Date": dayIn(t.language, f.At.In(zone)), "Time": f.At.In(zone).Format("15:04"), "Due": due, "Received": received}
}

// example is what a preview shows.
var example = Facts{Number: "CLM-2026-000123-7", Title: "Complaint – late delivery", House: "Harbour Electrics service", Name: "Eva Weiß", Agent: "Anna Kovač",
	Today: time.Date(2026, 3, 18, 10, 0, 0, 0, time.UTC), At: time.Date(2026, 3, 16, 9, 41, 0, 0, time.UTC), Due: time.Date(2026, 4, 7, 23, 59, 59, 0, time.UTC),
	Received: []Received{{"late delivery.eml", 48_213, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
		{"invoice.pdf", 182_044, "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"}}}

var errTooLong = errors.New("too long")

// bounded is a buffer that ends.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxOutput {
		return 0, errTooLong
	}
	return b.Buffer.Write(p)
}

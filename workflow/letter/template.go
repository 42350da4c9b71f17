package letter

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"time"

	"docket/repository/fault"
)

// Facts are what a template can say. All of it is text.
type Facts struct {
	Number   string    // of the ticket: CLM-2026-000123-7
	Title    string    // of the ticket
	House    string    // the channel's name
	Name     string    // of whoever is written to; may be empty
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

// Variables are what stands in a template for the facts, with an example of each, for whoever writes one. Within {{range .Received}} to
// {{end}} each thing received has .Name, .Size and .SHA256.
var Variables = []struct{ Name, Example string }{
	{".Number", "CLM-2026-000123-7"},
	{".Title", "Complaint – late delivery"},
	{".House", "Harbour Electrics service"},
	{".Name", "Eva Weiß"},
	{".Date", "16 March 2026"},
	{".Time", "09:41"},
	{".Due", "7 April 2026"},
	{".Received", "{{range .Received}}{{.Name}} ({{.Size}}) {{.SHA256}}{{end}}"},
}

// Bounds of templates, so that neither an error nor malice in one stops the house: what it can do follows from its length.
const (
	maxTemplate = 20_000  // bytes
	maxOutput   = 100_000 // bytes
	maxReceived = 50      // things listed
	maxListed   = 120     // bytes of a name
)

// A Template is a text with places for facts. It begins with its subject: "Subject: ...", an empty line, the text. It is safe for
// concurrent use.
type Template struct {
	subject, text *template.Template
	language      string
}

// ParseTemplate reads a template of a language. One that says more than it may is a fault of kind Invalid, with what and where.
func ParseTemplate(language, source string) (*Template, error) {
	if len(source) > maxTemplate {
		return nil, fault.New(fault.TooLarge, "A text has at most %d characters. Nothing was saved.", maxTemplate)
	}
	head, text, ok := strings.Cut(strings.ReplaceAll(source, "\r\n", "\n"), "\n\n")
	subject, is := strings.CutPrefix(head, "Subject: ")
	if !ok || !is {
		return nil, fault.New(fault.Invalid, "A text begins with “Subject: ”, the subject, and an empty line. Nothing was saved.")
	}
	t := &Template{language: language}
	var err error
	if t.subject, err = parsed("subject", subject); err != nil {
		return nil, err
	}
	if t.text, err = parsed("text", text); err != nil {
		return nil, err
	}
	_, _, err = t.Render(example, time.UTC)
	return t, err
}

// parsed reads one part of a template and refuses what could run long or reach further than the facts.
func parsed(name, source string) (*template.Template, error) {
	t, err := template.New(name).Option("missingkey=error").Parse(source)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "The text cannot be read: %v. Nothing was saved.", err)
	}
	if len(t.Templates()) > 1 {
		return nil, fault.New(fault.Invalid, "A text cannot hold other texts. Nothing was saved.")
	}
	if t.Tree == nil { // an empty text
		return t, nil
	}
	if err := harmless(t.Root, false); err != nil {
		return nil, err
	}
	return t, nil
}

// functions are those that a text may use. The others of text/template call, print by formats of any width, or escape for other places.
var functions = []string{"and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len"}

// harmless walks a template. Only the list of what was received can be gone through, and not within itself, so that the work is bounded.
func harmless(n parse.Node, inRange bool) error {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		return each(n.Nodes, inRange)
	case *parse.ActionNode:
		return harmless(n.Pipe, inRange)
	case *parse.IfNode:
		return branch(&n.BranchNode, inRange)
	case *parse.WithNode:
		return branch(&n.BranchNode, inRange)
	case *parse.RangeNode:
		if list := strings.TrimSpace(n.Pipe.String()); inRange || list != ".Received" && list != "$.Received" {
			return refused("{{range " + list + "}}")
		}
		return branch(&n.BranchNode, true)
	case *parse.PipeNode:
		if n == nil {
			return nil
		}
		for _, c := range n.Cmds {
			if err := each(c.Args, inRange); err != nil {
				return err
			}
		}
		return nil
	case *parse.IdentifierNode:
		if !slices.Contains(functions, n.Ident) {
			return refused(n.Ident)
		}
		return nil
	case *parse.TemplateNode:
		return refused(n.String())
	}
	return nil
}

func branch(b *parse.BranchNode, inRange bool) error {
	return errors.Join(harmless(b.Pipe, inRange), harmless(b.List, inRange), harmless(b.ElseList, inRange))
}

func each(nodes []parse.Node, inRange bool) error {
	for _, n := range nodes {
		if err := harmless(n, inRange); err != nil {
			return err
		}
	}
	return nil
}

func refused(what string) error {
	return fault.New(fault.Invalid, "A text cannot use “%s”. Nothing was saved.", what)
}

// Render fills in the facts and gives subject and text. Days are those of the zone, in the words of the template's language.
func (t *Template) Render(f Facts, zone *time.Location) (subject, text string, err error) {
	values := t.values(f, zone)
	if subject, err = run(t.subject, values); err != nil {
		return "", "", err
	}
	text, err = run(t.text, values)
	return plain(subject, maxSubject), lines(text), err
}

func run(t *template.Template, values map[string]any) (string, error) {
	out := &bounded{}
	err := t.Execute(out, values)
	if errors.Is(err, errTooLong) {
		return "", fault.Wrap(err, fault.TooLarge, "The text becomes longer than %d characters. Nothing was sent.", maxOutput)
	}
	if err != nil {
		return "", fault.Wrap(err, fault.Invalid, "The text names something that there is not: %v. Nothing was sent.", err)
	}
	return out.String(), nil
}

// values are the facts as texts: no value has a method, so a template can do nothing but write.
func (t *Template) values(f Facts, zone *time.Location) map[string]any {
	received := []map[string]string{}
	for _, r := range f.Received[:min(len(f.Received), maxReceived)] {
		received = append(received, map[string]string{"Name": plain(r.Name, maxListed), "Size": Size(t.language, r.Size), "SHA256": r.SHA256})
	}
	due := ""
	if !f.Due.IsZero() {
		due = Day(t.language, f.Due.In(zone))
	}
	return map[string]any{"Number": f.Number, "Title": plain(f.Title, maxName), "House": plain(f.House, maxName), "Name": plain(f.Name, maxListed),
		"Date": Day(t.language, f.At.In(zone)), "Time": f.At.In(zone).Format("15:04"), "Due": due, "Received": received}
}

// example is what a preview shows.
var example = Facts{Number: "CLM-2026-000123-7", Title: "Complaint – late delivery", House: "Harbour Electrics service", Name: "Eva Weiß",
	At: time.Date(2026, 3, 16, 9, 41, 0, 0, time.UTC), Due: time.Date(2026, 4, 7, 23, 59, 59, 0, time.UTC),
	Received: []Received{{"late delivery.eml", 48_213, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
		{"invoice.pdf", 182_044, "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"}}}

// Preview is what a template says of an example, for whoever writes it.
func Preview(language, source string) (subject, text string, err error) {
	t, err := ParseTemplate(language, source)
	if err != nil {
		return "", "", err
	}
	return t.Render(example, time.UTC)
}

var errTooLong = errors.New("too long")

// bounded is a buffer that ends.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxOutput {
		return 0, errTooLong
	}
	return b.Buffer.Write(p)
}

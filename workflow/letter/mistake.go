package letter

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"docket/repository/fault"
	"docket/repository/say"
)

// A Part is where in a template something stands.
type Part string

// The parts.
const (
	InSubject Part = "subject"
	InText    Part = "text"
)

// A Mistake is something in a template that cannot be used: what, and where.
type Mistake struct {
	Language          string
	Part              Part
	Line              int    // in its part, from 1; 0 means the part as a whole
	Before, At, After string // that line, in three; all of it is At where no more is known
	Say               string // a whole sentence

	kind  fault.Kind
	cause error
}

func (m *Mistake) Error() string {
	if m.cause != nil {
		return m.Say + ": " + m.cause.Error()
	}
	return m.Say
}

// fault is the mistake as it keeps a template from being saved.
func (m *Mistake) fault() error {
	if m.Line == 0 {
		return fault.Wrap(m, m.kind, "%s Nothing was saved.", m.Say)
	}
	return fault.Wrap(m, m.kind, "Line %d: %s Nothing was saved.", m.Line, m.Say)
}

// mistake is one in a line of a part, at some words of it where they are there. A line of 0 is the whole part.
func (p part) mistake(line int, at, say string, cause error) *Mistake {
	m := &Mistake{Part: p.name, Line: line, Say: say, kind: fault.Invalid, cause: cause}
	if all := strings.Split(p.source, "\n"); line > 0 && line <= len(all) {
		m.At = strings.TrimSuffix(all[line-1], "\r")
		if before, after, ok := strings.Cut(m.At, at); ok && at != "" {
			m.Before, m.At, m.After = before, at, after
		}
	}
	return m
}

// at is a mistake at a node of the template.
func (p part) at(n parse.Node, say string) *Mistake {
	before := p.source[:min(int(n.Position()), len(p.source))]
	return p.mistake(1+strings.Count(before, "\n"), n.String(), say, nil)
}

// parse reads a part and refuses what could run long or reach further than the facts.
func (p *part) parse() *Mistake {
	if len(p.source) > maxTemplate {
		m := p.mistake(0, "", say.Text("A text has at most %d characters.", maxTemplate), nil)
		m.kind = fault.TooLarge
		return m
	}
	t, err := template.New(string(p.name)).Option("missingkey=error").Parse(p.source)
	if err != nil {
		return p.explain(err)
	}
	if len(t.Templates()) > 1 {
		return p.mistake(0, "", say.Text("A text cannot hold other texts."), nil)
	}
	p.ready = t
	if t.Tree == nil { // an empty text
		return nil
	}
	return p.harmless(t.Root, false)
}

// run carries a part out.
func (p part) run(values map[string]any) (string, *Mistake) {
	if p.ready.Tree == nil {
		return "", nil
	}
	out := &bounded{}
	err := p.ready.Execute(out, values)
	if errors.Is(err, errTooLong) {
		m := p.mistake(0, "", say.Text("The text becomes longer than %d characters.", maxOutput), err)
		m.kind = fault.TooLarge
		return "", m
	}
	if err != nil {
		return "", p.explain(err)
	}
	return out.String(), nil
}

// place is how the errors of text/template begin; at stands what was being worked out, of which a long one is cut off.
var place = regexp.MustCompile(`(?s)^template: \w+:(\d+):(?:\d+: executing "\w+" at <(.*?)>:)? ?(.*)$`)

// Errors of text/template that people make.
var (
	noFunction = regexp.MustCompile(`^function "(.*?)" not defined`)
	noVariable = regexp.MustCompile(`^undefined variable "(.*?)"`)
	noValue    = regexp.MustCompile(`^missing value for (\w+)`)
	noKey      = regexp.MustCompile(`map has no entry for key "(\w+)"`)
	started    = regexp.MustCompile(`^unclosed action started at \w+:(\d+)`)
	misplaced  = regexp.MustCompile(`^unexpected \{\{(end|else)`)
)

// explain says in a sentence what text/template says in its own words.
func (p part) explain(err error) *Mistake {
	m := place.FindStringSubmatch(err.Error())
	if m == nil {
		return p.mistake(0, "", say.Text("The text cannot be read."), err)
	}
	line, _ := strconv.Atoi(m[1])
	at, why := m[2], m[3]
	first := func(form *regexp.Regexp) string {
		if found := form.FindStringSubmatch(why); found != nil {
			return found[1]
		}
		return ""
	}
	switch {
	case first(noFunction) != "":
		name := first(noFunction)
		return p.mistake(line, name, say.Text("“%s” means nothing here. What is known of a ticket begins with a dot: {{.Name}}.", name), err)
	case first(noVariable) != "":
		return p.mistake(line, first(noVariable), unknown(first(noVariable)), err)
	case first(noValue) != "":
		return p.mistake(line, "", say.Text("{{%s}} does not say what it looks at, as {{if .Name}} does.", first(noValue)), err)
	case first(misplaced) != "":
		return p.mistake(line, "{{"+first(misplaced)+"}}", say.Text("{{%s}} stands where nothing was begun by {{if}}, {{with}} or {{range}}.", first(misplaced)), err)
	case why == "unexpected EOF":
		return p.mistake(line, "", say.Text("The text ends before an {{end}}: each {{if}}, {{with}} and {{range}} needs one."), err)
	case strings.HasPrefix(why, "unclosed action"):
		from, _ := strconv.Atoi(first(started))
		return p.mistake(cmp.Or(from, line), "{{", say.Text("What begins with {{ does not end with }}."), err)
	case slices.Contains(ofReceived, first(noKey)):
		return p.mistake(line, at, say.Text("“%s” is known only of what was received: between {{range .Received}} and {{end}}.", "."+first(noKey)), err)
	case first(noKey) != "":
		return p.mistake(line, at, say.Text("Between {{range .Received}} and {{end}} write “%s”, with a dollar sign.", "$."+first(noKey)), err)
	}
	return p.mistake(line, at, say.Text("What stands between {{ and }} cannot be worked out."), err)
}

func unknown(name string) string {
	return say.Text("Nothing that is known of a ticket is called “%s”.", name)
}

// functions are those that a text may use. The others of text/template call, print by formats of any width, or escape for other places.
var functions = []string{"and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len"}

// ofReceived is what is known only of each thing received.
var ofReceived = []string{"Size", "SHA256"}

// known says whether a name stands for a fact, whether or not it is there where it is asked for.
func known(path []string) bool {
	if len(path) == 0 {
		return true // a variable of the text's own
	}
	is := func(v Variable) bool { return v.Name == "."+path[0] }
	return len(path) == 1 && (slices.Contains(ofReceived, path[0]) || slices.ContainsFunc(Variables, is))
}

// harmless walks a template. Only the list of what was received can be gone through, and not within itself, so that the work is bounded;
// and every name is one that is known, in branches too that no example takes.
func (p part) harmless(n parse.Node, inRange bool) *Mistake {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		return p.each(n.Nodes, inRange)
	case *parse.ActionNode:
		return p.harmless(n.Pipe, inRange)
	case *parse.IfNode:
		return p.branch(&n.BranchNode, inRange)
	case *parse.WithNode:
		return p.branch(&n.BranchNode, inRange)
	case *parse.RangeNode:
		if list := strings.TrimSpace(n.Pipe.String()); inRange || list != ".Received" && list != "$.Received" {
			return p.at(n.Pipe, refused("{{range "+list+"}}"))
		}
		return p.branch(&n.BranchNode, true)
	case *parse.PipeNode:
		if n == nil {
			return nil
		}
		for _, c := range n.Cmds {
			if m := p.each(c.Args, inRange); m != nil {
				return m
			}
		}
	case *parse.FieldNode:
		if !known(n.Ident) {
			return p.at(n, unknown(n.String()))
		}
	case *parse.VariableNode:
		if !known(n.Ident[1:]) {
			return p.at(n, unknown(n.String()))
		}
	case *parse.IdentifierNode:
		if !slices.Contains(functions, n.Ident) {
			return p.at(n, refused(n.Ident))
		}
	case *parse.ChainNode, *parse.TemplateNode:
		return p.at(n, refused(n.String()))
	}
	return nil
}

func (p part) branch(b *parse.BranchNode, inRange bool) *Mistake {
	return cmp.Or(p.harmless(b.Pipe, inRange), p.harmless(b.List, inRange), p.harmless(b.ElseList, inRange))
}

func (p part) each(nodes []parse.Node, inRange bool) *Mistake {
	for _, n := range nodes {
		if m := p.harmless(n, inRange); m != nil {
			return m
		}
	}
	return nil
}

func refused(what string) string {
	return say.Text("A text cannot use “%s”.", what)
}

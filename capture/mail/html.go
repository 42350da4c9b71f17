package mail

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText takes the text out of a page: paragraphs and breaks become lines, what is quoted begins with ">". It goes by tags
// alone and builds no tree, so nesting costs nothing.
func htmlText(page string) string {
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(maxText)
	t := &htmlTexter{}
	for {
		switch z.Next() {
		case html.ErrorToken:
			t.line()
			return strings.Trim(t.out.String(), "\n")
		case html.TextToken:
			if t.hidden == 0 {
				t.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			t.start(atom.Lookup(name))
		case html.EndTagToken:
			name, _ := z.TagName()
			t.end(atom.Lookup(name))
		}
	}
}

// An htmlTexter gathers the text of a page line by line.
type htmlTexter struct {
	out    strings.Builder
	now    strings.Builder // the line that is open
	hidden atom.Atom       // what is left out until it ends
	pre    int             // depth of text whose white space counts
	quoted int             // depth of quotes
	last   int             // depth of the line before
	blank  bool            // an empty line is due
}

func (t *htmlTexter) text(s string) {
	if t.pre > 0 {
		for i, l := range strings.Split(strings.ReplaceAll(s, "\r", ""), "\n") {
			if i > 0 {
				t.breakLine()
			}
			t.now.WriteString(l)
		}
		return
	}
	fields := strings.Fields(s)
	begins := s != "" && strings.ContainsAny(s[:1], " \n\t\r\f")
	ends := s != "" && strings.ContainsAny(s[len(s)-1:], " \n\t\r\f")
	if begins || len(fields) == 0 {
		t.space()
	}
	t.now.WriteString(strings.Join(fields, " "))
	if ends && len(fields) > 0 {
		t.space()
	}
}

func (t *htmlTexter) space() {
	if s := t.now.String(); s != "" && !strings.HasSuffix(s, " ") {
		t.now.WriteByte(' ')
	}
}

// line ends the open line, if there is anything on it.
func (t *htmlTexter) line() {
	if strings.TrimSpace(t.now.String()) == "" {
		t.now.Reset()
		return
	}
	t.breakLine()
}

// breakLine ends the open line. Empty lines are written when something follows them, and only one.
func (t *htmlTexter) breakLine() {
	s := strings.TrimRight(t.now.String(), " ")
	t.now.Reset()
	if strings.TrimSpace(s) == "" {
		t.blank = t.out.Len() > 0
		return
	}
	mark := ""
	if t.quoted > 0 {
		mark = strings.Repeat(">", min(t.quoted, 20)) + " "
	}
	if t.blank {
		t.out.WriteString(strings.Repeat(">", min(t.quoted, t.last, 20)) + "\n")
		t.blank = false
	}
	t.out.WriteString(mark + s + "\n")
	t.last = t.quoted
}

func (t *htmlTexter) start(tag atom.Atom) {
	switch tag {
	case atom.Script, atom.Style, atom.Template, atom.Title:
		if t.hidden == 0 {
			t.hidden = tag
		}
	case atom.Br:
		t.breakLine()
	case atom.Li:
		t.line()
		t.now.WriteString("• ")
	case atom.Td, atom.Th:
		t.space()
	case atom.Hr:
		t.line()
		t.now.WriteString("________________________________")
		t.line()
	case atom.Pre:
		t.line()
		t.pre++
	case atom.Blockquote:
		t.line()
		t.quoted++
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol:
		t.line()
		t.blank = t.out.Len() > 0
	case atom.Div, atom.Table, atom.Tr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Dt, atom.Dd, atom.Form, atom.Address, atom.Option:
		t.line()
	}
}

func (t *htmlTexter) end(tag atom.Atom) {
	if t.hidden != 0 {
		if tag == t.hidden || tag == atom.Body {
			t.hidden = 0
		}
		return
	}
	switch tag {
	case atom.Pre:
		t.line()
		t.pre = max(0, t.pre-1)
	case atom.Blockquote:
		t.line()
		t.quoted = max(0, t.quoted-1)
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol:
		t.line()
		t.blank = t.out.Len() > 0
	case atom.Div, atom.Table, atom.Tr, atom.Li, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Dt, atom.Dd, atom.Form, atom.Address, atom.Option:
		t.line()
	}
}

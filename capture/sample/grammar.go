package sample

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// A grammar is the phrases of one language. Its file holds rules, tables and comments:
//
//	# a comment
//	close:                                  a rule, then its alternatives, one an indented line
//	  (Kind|Best) regards
//	  Yours <faithfully/sincerely>
//	table product: title | acc              rows of forms; the cell is the rule product.<row>.<column>
//	  sofa: sofa | my sofa
//	list town                               lines, taken as they are
//	  BS1 4ND | Bristol
//
// In an alternative {name} is a rule or a slot of the matter, (a|b) a choice, (a) parentheses, [a] something said or not said, [!a]
// something said whenever it can be, <m/f> depends on the writer's sex, and ¶ ends a paragraph. A name that is neither
// rule nor slot cannot be said: the alternative is given up and another one tried. So texts speak only of what there is.
type grammar struct {
	rules  map[string][]*phrase
	lists  map[string][]string
	tables map[string][]string // their columns
}

// A phrase is one alternative: its parts one after the other.
type phrase []part

// A part is a piece of text, a name, or a choice.
type part struct {
	text    string
	name    string
	choices []*phrase
	maybe   bool // [a]
	must    bool // [!a]
	bySex   bool // <m/f>: choices are male, female
}

// parseGrammar reads a phrases file.
func parseGrammar(r io.Reader) (*grammar, error) {
	g := &grammar{rules: map[string][]*phrase{}, lists: map[string][]string{}, tables: map[string][]string{}}
	in := bufio.NewScanner(r)
	var head heading
	for n := 1; in.Scan(); n++ {
		line := strings.TrimRight(in.Text(), " ")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var err error
		if strings.HasPrefix(line, " ") {
			err = g.add(head, strings.TrimSpace(line))
		} else {
			head, err = parseHeading(line)
			if head.kind == "table" {
				g.tables[head.name] = head.columns
			}
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return g, in.Err()
}

// A heading says what the indented lines below it are.
type heading struct {
	kind    string // "rule", "table" or "list"
	name    string
	columns []string
}

func parseHeading(line string) (heading, error) {
	if name, ok := strings.CutPrefix(line, "list "); ok {
		return heading{kind: "list", name: name}, nil
	}
	name, rest, ok := strings.Cut(line, ":")
	if !ok {
		return heading{}, fmt.Errorf("%q is no heading: a colon is missing", line)
	}
	if table, ok := strings.CutPrefix(name, "table "); ok {
		return heading{kind: "table", name: table, columns: cells(rest)}, nil
	}
	return heading{kind: "rule", name: name}, nil
}

func (g *grammar) add(h heading, line string) error {
	switch h.kind {
	case "list":
		g.lists[h.name] = append(g.lists[h.name], line)
		return nil
	case "table":
		return g.addRow(h, line)
	case "rule":
		return g.addRule(h.name, line)
	}
	return fmt.Errorf("%q stands under no heading", line)
}

func (g *grammar) addRow(h heading, line string) error {
	row, rest, _ := strings.Cut(line, ":")
	forms := cells(rest)
	if len(forms) != len(h.columns) {
		return fmt.Errorf("row %s of table %s has %d cells for %d columns", row, h.name, len(forms), len(h.columns))
	}
	for i, form := range forms {
		if err := g.addRule(h.name+"."+row+"."+h.columns[i], form); err != nil {
			return err
		}
	}
	return nil
}

func (g *grammar) addRule(name, line string) error {
	p := parser{in: line}
	alternatives, err := p.alternatives("")
	if err != nil {
		return fmt.Errorf("%q: %w", line, err)
	}
	g.rules[name] = append(g.rules[name], alternatives...)
	return nil
}

// cells splits a row at its bars.
func cells(s string) []string {
	all := strings.Split(s, "|")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

// A parser reads one alternative.
type parser struct {
	in string
	at int
}

var closers = map[byte]string{'(': ")", '[': "]", '<': ">"}

// alternatives reads phrases parted by bars up to the closing sign (the end of the line for "").
func (p *parser) alternatives(closer string) ([]*phrase, error) {
	bar := "|"
	if closer == ">" {
		bar = "/"
	}
	var all []*phrase
	one := phrase{}
	for {
		text := p.until("{([<" + closer + bar)
		if text != "" {
			one = append(one, part{text: text})
		}
		if p.at == len(p.in) {
			if closer != "" {
				return nil, fmt.Errorf("%q is missing", closer)
			}
			return append(all, &one), nil
		}
		c := p.in[p.at]
		p.at++
		switch string(c) {
		case closer:
			return append(all, &one), nil
		case bar:
			done := one
			all, one = append(all, &done), phrase{}
			continue
		}
		next, err := p.part(c)
		if err != nil {
			return nil, err
		}
		one = append(one, next)
	}
}

// part reads what follows an opening sign.
func (p *parser) part(opener byte) (part, error) {
	if opener == '{' {
		name := p.until("}")
		if p.at == len(p.in) || name == "" {
			return part{}, fmt.Errorf("a name in braces is not ended")
		}
		p.at++
		return part{name: name}, nil
	}
	must := opener == '[' && strings.HasPrefix(p.in[p.at:], "!")
	if must {
		p.at++
	}
	choices, err := p.alternatives(closers[opener])
	if err != nil {
		return part{}, err
	}
	if opener == '<' && len(choices) != 2 {
		return part{}, fmt.Errorf("<male/female> needs two forms")
	}
	return part{choices: choices, maybe: opener == '[' && !must, must: must, bySex: opener == '<'}, nil
}

func (p *parser) until(signs string) string {
	start := p.at
	if i := strings.IndexAny(p.in[start:], signs); i >= 0 {
		p.at = start + i
	} else {
		p.at = len(p.in)
	}
	return p.in[start:p.at]
}

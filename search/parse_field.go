package search

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// field reads what follows a field's name and colon: a value, a phrase, or several values in brackets joined by OR.
func (p *parser) field(name lexeme) (node, *Problem) {
	f, ok := p.schema.lookup(name.text)
	next := p.peek()
	adjacent := next.start == name.end && (next.kind == lexWord || next.kind == lexPhrase || next.kind == lexOpen)
	switch {
	case !ok && !adjacent: // "Re: invoice"
		return p.word(lexeme{lexWord, name.text, name.start, name.end})
	case !ok:
		return nil, p.unknownField(name)
	case !adjacent:
		return nil, p.problem(name, "A value must follow %s: without a space.", name.text)
	case next.kind == lexOpen:
		return p.values(f)
	}
	return p.value(f, p.take())
}

func (p *parser) unknownField(name lexeme) *Problem {
	problem := p.problem(name, "There is no field called “%s”. To look for the text itself put it in quotation marks.", name.text)
	if near := p.schema.nearest(name.text); near != "" {
		problem.Suggestion = near + ":"
	}
	return problem
}

// values reads class:(complaint OR claim).
func (p *parser) values(f field) (node, *Problem) {
	open := p.take()
	options := anyOf{}
	for {
		l := p.take()
		switch l.kind {
		case lexWord, lexPhrase:
			n, problem := p.value(f, l)
			if problem != nil {
				return nil, problem
			}
			options = append(options, n)
		case lexOr:
		case lexClose:
			if len(options) == 0 {
				return nil, p.problem(lexeme{start: open.start, end: l.end}, "There is nothing between these brackets.")
			}
			return options, nil
		case lexEnd:
			return nil, p.problem(open, "This opening bracket is never closed.")
		default:
			return nil, p.problem(l, "Only values joined by OR may stand in the brackets after %s:.", f.name)
		}
	}
}

// value reads one value by the field's kind.
func (p *parser) value(f field, l lexeme) (node, *Problem) {
	switch f.kind {
	case dateKind:
		return p.date(f, l)
	case amountKind:
		return p.amount(f, l)
	case likeKind:
		return p.like(l)
	}
	text, isPrefix := l.text, false
	if l.kind == lexWord {
		text, isPrefix = strings.CutSuffix(text, "*")
	}
	if f.kind == exactKind {
		return p.exact(f, l, text, isPrefix)
	}
	if len(tokenize(text)) == 0 {
		return nil, p.problem(l, "There is no word to look for in %s:.", f.name)
	}
	return term{f, text, isPrefix}, nil
}

// exact checks the value of a field whose values are known.
func (p *parser) exact(f field, l lexeme, text string, isPrefix bool) (node, *Problem) {
	value := strings.ToLower(strings.TrimSpace(text))
	if value == "" && !isPrefix {
		return nil, p.problem(l, "A value must follow %s:.", f.name)
	}
	if isPrefix || f.known == nil {
		return term{f, value, isPrefix}, nil
	}
	if v, ok := f.known[knownAs(text)]; ok {
		return term{f, v, false}, nil
	}
	problem := p.problem(l, "“%s” is not a value of %s:.", text, f.name)
	if known := f.listed(); known != "" {
		problem = p.problem(l, "“%s” is not a value of %s:. Known are %s.", text, f.name, known)
	}
	problem.Suggestion = f.known[nearest(knownAs(text), slices.Collect(maps.Keys(f.known)))]
	return nil, problem
}

// listed names the values of a field, when they are few enough to read.
func (f field) listed() string {
	ids := slices.Compact(slices.Sorted(maps.Values(f.known)))
	if len(ids) > 16 {
		return ""
	}
	return strings.Join(ids, ", ")
}

func (p *parser) problem(at lexeme, format string, args ...any) *Problem {
	return &Problem{Query: p.query, Start: at.start, End: at.end, Message: fmt.Sprintf(format, args...)}
}

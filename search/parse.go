package search

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Limits that keep a pasted page from becoming an hour's work.
const (
	maxLexemes = 300
	maxDepth   = 20
	minPrefix  = 2 // letters before a *
)

// A parser turns lexemes into nodes. It stops at the first problem.
type parser struct {
	query   string
	schema  *Schema
	today   time.Time
	lexemes []lexeme
	next    int
	depth   int
}

// parse reads a query. today is the day that words like today: mean. The problem is nil when the query is well formed.
func parse(query string, schema *Schema, today time.Time) (node, *Problem) {
	if !utf8.ValidString(query) {
		query = strings.ToValidUTF8(query, " ")
	}
	lexemes, problem := lex(query)
	if problem != nil {
		return nil, problem
	}
	p := &parser{query: query, schema: schema, today: today, lexemes: lexemes}
	if len(lexemes) > maxLexemes {
		return nil, p.problem(lexemes[maxLexemes], "A search may have %d words at most.", maxLexemes)
	}
	n, problem := p.sequence()
	if problem != nil {
		return nil, problem
	}
	if l := p.peek(); l.kind == lexClose {
		return nil, p.problem(l, "This closing bracket has no opening one.")
	}
	if len(n) == 0 && strings.TrimSpace(query) != "" {
		return nil, p.problem(lexeme{start: 0, end: len(query)}, "There is no word in this search.")
	}
	return collapse(n), nil
}

func (p *parser) peek() lexeme { return p.lexemes[p.next] }

func (p *parser) take() lexeme {
	l := p.lexemes[p.next]
	if l.kind != lexEnd {
		p.next++
	}
	return l
}

// sequence reads items up to the end or a closing bracket. Its plain words become one bag, which stands first.
func (p *parser) sequence() (all, *Problem) {
	var words bag
	var others all
	for {
		switch l := p.peek(); l.kind {
		case lexEnd, lexClose:
			if len(words) > 0 {
				others = append(all{words}, others...)
			}
			return others, nil
		case lexOr:
			return nil, p.problem(l, "There must be something to choose from on both sides of OR.")
		case lexAnd:
			p.take()
			if k := p.peek().kind; p.next == 1 || k == lexEnd || k == lexClose || k == lexOr || k == lexAnd {
				return nil, p.problem(l, "There must be something on both sides of AND.")
			}
			continue
		}
		n, problem := p.choice()
		if problem != nil {
			return nil, problem
		}
		switch n := n.(type) {
		case nil:
		case bag:
			words = append(words, n...)
		default:
			others = append(others, n)
		}
	}
}

// choice reads one item, or several joined by OR.
func (p *parser) choice() (node, *Problem) {
	first, problem := p.item()
	if problem != nil || p.peek().kind != lexOr {
		return first, problem
	}
	options := anyOf{}
	if first != nil {
		options = append(options, first)
	}
	for p.peek().kind == lexOr {
		or := p.take()
		if k := p.peek().kind; k == lexEnd || k == lexClose || k == lexOr || k == lexAnd {
			return nil, p.problem(or, "There must be something to choose from on both sides of OR.")
		}
		n, problem := p.item()
		if problem != nil {
			return nil, problem
		}
		if n != nil {
			options = append(options, n)
		}
	}
	return options, nil
}

// item reads a word, phrase, field, bracket or the negation of one. It is nil for a word of mere punctuation.
func (p *parser) item() (node, *Problem) {
	switch l := p.take(); l.kind {
	case lexMinus:
		return p.negation(l)
	case lexOpen:
		return p.bracket(l)
	case lexPhrase:
		return p.phrase(l)
	case lexField:
		return p.field(l)
	default:
		return p.word(l)
	}
}

func (p *parser) negation(minus lexeme) (node, *Problem) {
	if k := p.peek().kind; k == lexEnd || k == lexClose || k == lexOr || k == lexAnd {
		return nil, p.problem(minus, "Nothing follows this minus sign.")
	}
	if p.depth++; p.depth > maxDepth {
		return nil, p.problem(minus, "This is nested too deeply.")
	}
	defer func() { p.depth-- }()
	n, problem := p.item()
	if problem != nil || n == nil {
		return nil, problem
	}
	return not{n}, nil
}

func (p *parser) bracket(open lexeme) (node, *Problem) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.problem(open, "Brackets are nested too deeply.")
	}
	defer func() { p.depth-- }()
	inside, problem := p.sequence()
	if problem != nil {
		return nil, problem
	}
	if p.peek().kind != lexClose {
		return nil, p.problem(open, "This opening bracket is never closed.")
	}
	end := p.take()
	if len(inside) == 0 {
		return nil, p.problem(lexeme{start: open.start, end: end.end}, "There is nothing between these brackets.")
	}
	if len(inside) == 1 {
		if words, ok := inside[0].(bag); ok && len(words) > 1 {
			return all{words}, nil // words in brackets are a bag of their own
		}
		return inside[0], nil
	}
	return inside, nil
}

func (p *parser) phrase(l lexeme) (node, *Problem) {
	if len(tokenize(l.text)) == 0 {
		return nil, p.problem(l, "There is no word between these quotation marks.")
	}
	return phrase{l.text}, nil
}

// word reads a plain word, a prefix or a fuzzy word.
func (p *parser) word(l lexeme) (node, *Problem) {
	if text, ok := strings.CutSuffix(l.text, "*"); ok {
		if letters(text) < minPrefix {
			return nil, p.problem(l, "A * needs at least %d letters before it.", minPrefix)
		}
		return prefix{text}, nil
	}
	if text, edits, ok := cutFuzzy(l.text); ok {
		if letters(text) < 3 {
			return nil, p.problem(l, "A ~ needs a word of at least 3 letters before it.")
		}
		return fuzzy{text, edits}, nil
	}
	if letters(l.text) == 0 {
		return nil, nil
	}
	return bag{{l.text, l.start, l.end}}, nil
}

// cutFuzzy recognises word~, word~1 and word~2. Without a number short words may differ by one letter, longer ones by two.
func cutFuzzy(text string) (word string, edits int, ok bool) {
	i := strings.LastIndexByte(text, '~')
	if i < 0 {
		return "", 0, false
	}
	word = text[:i]
	switch text[i+1:] {
	case "":
		if utf8.RuneCountInString(word) > 5 {
			return word, 2, true
		}
		return word, 1, true
	case "1":
		return word, 1, true
	case "2":
		return word, 2, true
	}
	return "", 0, false
}

// letters counts the letters and digits of a text.
func letters(text string) int {
	n := 0
	for _, t := range tokenize(text) {
		if !t.compact {
			n += utf8.RuneCountInString(t.term)
		}
	}
	return n
}

// collapse takes needless levels away.
func collapse(n all) node {
	switch len(n) {
	case 0:
		return everything{}
	case 1:
		if inner, ok := n[0].(all); ok {
			return collapse(inner)
		}
		return n[0]
	}
	return n
}

// parsePlain reads a text of which nothing is query language. Of a long one only the beginning counts.
func parsePlain(text string) node {
	var words bag
	for i, w := range strings.Fields(strings.ToValidUTF8(text, " ")) {
		if i == maxLexemes {
			break
		}
		if letters(w) > 0 {
			words = append(words, word{text: w})
		}
	}
	if len(words) == 0 {
		return everything{}
	}
	return words
}

package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"docket/repository/say"
)

// A lexeme is one piece of a query.
type lexeme struct {
	kind       lexKind
	text       string // words and values as written; phrases without their quotes
	start, end int    // bytes of the query, quotes and all
}

type lexKind int

const (
	lexEnd lexKind = iota
	lexWord
	lexPhrase
	lexField // a name and its colon, a value follows without a space
	lexOpen
	lexClose
	lexMinus
	lexOr
	lexAnd
)

// lex cuts a query into lexemes. The only mistake at this level is a quotation mark that is never closed.
func lex(query string) ([]lexeme, *Problem) {
	var all []lexeme
	for i := 0; i < len(query); {
		r, size := utf8.DecodeRuneInString(query[i:])
		if unicode.IsSpace(r) {
			i += size
			continue
		}
		l := lexAt(query, i, r, size)
		if n := len(all); n > 0 && all[n-1].kind == lexField && all[n-1].end == i && l.kind != lexPhrase && l.kind != lexOpen {
			l = lexValue(query, i)
		}
		if l.kind == lexPhrase && l.end < 0 {
			return nil, &Problem{Query: query, Start: i, End: len(query), Message: say.Text("The phrase that begins here has no closing quotation mark.")}
		}
		all = append(all, l)
		i = l.end
	}
	return append(all, lexeme{kind: lexEnd, start: len(query), end: len(query)}), nil
}

func lexAt(query string, i int, r rune, size int) lexeme {
	one := func(k lexKind) lexeme { return lexeme{k, query[i : i+size], i, i + size} }
	switch {
	case r == '(':
		return one(lexOpen)
	case r == ')':
		return one(lexClose)
	case isQuote(r):
		return lexQuoted(query, i, size)
	case r == '-' && i+1 < len(query) && !isSpaceAt(query, i+1):
		return one(lexMinus)
	}
	return lexBare(query, i)
}

func isSpaceAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsSpace(r)
}

// isQuote knows the quotation marks of the six languages as keyboards and word processors write them.
func isQuote(r rune) bool { return strings.ContainsRune(`"“”„«»`, r) }

func lexQuoted(query string, start, size int) lexeme {
	inside := query[start+size:]
	end := strings.IndexFunc(inside, isQuote)
	if end < 0 {
		return lexeme{lexPhrase, inside, start, -1}
	}
	_, closing := utf8.DecodeRuneInString(inside[end:])
	return lexeme{lexPhrase, inside[:end], start, start + size + end + closing}
}

// lexValue reads what stands directly after a field's colon: everything up to a space or bracket, signs included.
func lexValue(query string, start int) lexeme {
	end := len(query)
	if n := strings.IndexFunc(query[start:], func(r rune) bool { return unicode.IsSpace(r) || r == '(' || r == ')' }); n >= 0 {
		end = start + n
	}
	return lexeme{lexWord, query[start:end], start, end}
}

// lexBare reads up to a space, bracket or quotation mark; a field's name only up to and with its colon.
func lexBare(query string, start int) lexeme {
	end := start
	for end < len(query) {
		r, size := utf8.DecodeRuneInString(query[end:])
		if unicode.IsSpace(r) || r == '(' || r == ')' || isQuote(r) {
			break
		}
		end += size
		if r == ':' && isFieldName(query[start:end-1]) && valueFollows(query[end:]) {
			return lexeme{lexField, query[start : end-1], start, end}
		}
	}
	text := query[start:end]
	switch text {
	case "OR":
		return lexeme{lexOr, text, start, end}
	case "AND":
		return lexeme{lexAnd, text, start, end}
	case "NOT":
		return lexeme{lexMinus, text, start, end}
	}
	return lexeme{lexWord, text, start, end}
}

// isFieldName says whether s could be a field's name: letters, digits and _, a letter first.
func isFieldName(s string) bool {
	for i, r := range s {
		if !(r == '_' || unicode.IsLetter(r) || i > 0 && unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// valueFollows tells date:2026 from http://, and title:x from C:\x.
func valueFollows(rest string) bool {
	return !strings.HasPrefix(rest, "//") && !strings.HasPrefix(rest, `\`)
}

package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxToken is the longest word that is indexed, in bytes; what is longer is cut. Scans produce rulers and noise.
const maxToken = 64

// A token is one word of a text with its place.
type token struct {
	term       string // folded: lower case without accents; see fold
	lower      string // lower case with accents, composed: what stemmers take
	start, end int    // bytes in the text
	pos        int    // 1-based; a compact form shares the place of its first part
	compact    bool   // a whole number or address without its separators: "clm20260001237"
}

// tokenize splits a text into words: runs of letters, digits and marks, with apostrophes inside. A run of words
// joined by one of -/._@:'+& without spaces, when it holds a digit, an @ or a hyphen, is also given in its compact form, so that
// "CLM-2026-000123-7", "K 12/34" typed as K12/34, "12.03.2026", an e-mail address and "e-mail" are found as one, and
// however their separators are written.
func tokenize(text string) []token {
	tokens := make([]token, 0, len(text)/6+1)
	run, pos := 0, 0 // index of the first token of the current joined run
	for i := 0; i < len(text); {
		n := wordLength(text[i:])
		if n == 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		if len(tokens) == run || !joined(text[tokens[len(tokens)-1].end:i]) {
			tokens = compacted(tokens, run, text)
			run = len(tokens)
		}
		pos++
		tokens = append(tokens, newToken(text[i:i+n], i, pos))
		i += n
	}
	return compacted(tokens, run, text)
}

func newToken(word string, start, pos int) token {
	t := token{start: start, end: start + len(word), pos: pos}
	if len(word) > maxToken {
		word = strings.ToValidUTF8(word[:maxToken], "")
	}
	t.lower = lower(word)
	t.term = fold(t.lower)
	return t
}

// wordLength is the length in bytes of the word at the start of s, 0 when none starts there.
func wordLength(s string) int {
	n := 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		switch {
		case isWordRune(r):
		case n > 0 && isApostrophe(r) && startsWithLetter(s[n+size:]):
		default:
			return n
		}
		n += size
	}
	return n
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == softHyphen)
}

const softHyphen = '\u00ad'

func isApostrophe(r rune) bool { return r == '\'' || r == '’' }

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// joined says whether what stands between two words makes them one run: a single joining character.
func joined(between string) bool {
	return len(between) == 1 && strings.Contains("-/._@:+&", between)
}

// compacted appends the compact form of the run tokens[run:], if it has one.
func compacted(tokens []token, run int, text string) []token {
	parts := tokens[run:]
	if len(parts) < 2 || len(parts) > 12 {
		return tokens
	}
	first, last := parts[0], parts[len(parts)-1]
	source := text[first.start:last.end]
	if !strings.ContainsAny(source, "0123456789@-") {
		return tokens
	}
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.term)
	}
	if b.Len() > maxToken {
		return tokens
	}
	return append(tokens, token{term: b.String(), lower: b.String(), start: first.start, end: last.end, pos: first.pos, compact: true})
}

// compact is a value without separators, as identifiers are compared: "DE89 3704-0044" is "de8937040044".
func compact(s string) string {
	var b strings.Builder
	for _, t := range tokenize(s) {
		if !t.compact {
			b.WriteString(t.term)
		}
	}
	return b.String()
}

func lower(s string) string {
	if !norm.NFC.IsNormalString(s) {
		s = norm.NFC.String(s)
	}
	s = strings.ToLower(s)
	if strings.ContainsRune(s, softHyphen) {
		s = strings.ReplaceAll(s, string(softHyphen), "")
	}
	return s
}

// fold strips a lower-case, composed word of accents, so that "kovac" finds "Kovač": Latin letters lose their marks, ß
// becomes ss, and letters that Unicode does not decompose (ł, đ, ø, æ) become what people type for them. Of Cyrillic only ё changes
// (to е), for й is a letter of its own.
func fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] == '\'' {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if r != '\'' {
				b.WriteRune(r)
			}
		case r == '’' || unicode.Is(unicode.Mn, r):
		default:
			b.WriteString(foldRune(r))
		}
	}
	return b.String()
}

// folded maps the letters that need a table to what they become.
var folded = foldTable()

func foldRune(r rune) string {
	if s, ok := folded[r]; ok {
		return s
	}
	return string(r)
}

func foldTable() map[rune]string {
	t := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ё': "е"}
	for _, block := range [][2]rune{{0xc0, 0x24f}, {0x1e00, 0x1eff}} {
		for r := block[0]; r <= block[1]; r++ {
			if _, known := t[r]; known {
				continue
			}
			base := strings.Map(func(c rune) rune {
				if unicode.Is(unicode.Mn, c) {
					return -1
				}
				return c
			}, norm.NFD.String(string(r)))
			if base != string(r) {
				t[r] = base
			}
		}
	}
	return t
}

// spellings are the other ways to write a query's word that people use without umlauts on their keyboard: "müller" is also
// looked for as "mueller", and "mueller" as "muller", which is the folded form of Müller.
func spellings(t token) []string {
	var all []string
	if with := umlauts.Replace(t.lower); with != t.lower {
		all = append(all, fold(with))
	}
	if without := digraphs.Replace(t.term); without != t.term && len(without) > 3 {
		all = append(all, without)
	}
	return all
}

var (
	umlauts  = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue")
	digraphs = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")
)

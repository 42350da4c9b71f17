package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/say"
)

// A phrasebook translates sentences that other packages made: faults, reasons, how a value was found. They are English wherever they
// are stored, logged or sent by the API. The catalogue phrases/<code>.json has for each format of the code (see packages fault and
// say) its translation, with {0}, {1} ... for the verbs in order; a format with a number may have plural forms of its first number.
// The book finds the format that made a sentence. The zero phrasebook knows none. It is safe for concurrent use.
type phrasebook struct {
	whole  map[string]text // formats without verbs
	shapes []shape         // the others, those with the most words of their own first
}

// A shape recognises what one format makes.
type shape struct {
	first, last string // the format begins and ends with these
	words       int    // bytes of its own
	form        *regexp.Regexp
	verbs       []verbKind
	say         text
}

// A verbKind says what stands in a verb's place.
type verbKind int

const (
	spoken   verbKind = iota // words, which may be a phrase again
	somebody                 // the user name of somebody, who is called by their full name
	titled                   // a name between quotation marks, of a definition perhaps
	quoted                   // somebody else's words between quotation marks: they stay as they are
	escaped                  // the same, in the marks of %q
	digits
)

// Bounds of the work for one sentence. Regular expressions take time linear in its length, each at most once on each level.
const (
	maxSentence = 4000 // bytes; longer ones stay as they are
	maxNesting  = 4
)

// readPhrases makes the book of a catalogue. A language may do without one.
func readPhrases(file string) (b phrasebook, err error) {
	raw, err := messageFiles.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return b, err
	}
	if b, err = parsePhrases(raw); err != nil {
		return b, fmt.Errorf("%s: %w", file, err)
	}
	return b, nil
}

func parsePhrases(raw []byte) (b phrasebook, err error) {
	var all map[string]text
	if err := json.Unmarshal(raw, &all); err != nil {
		return b, err
	}
	b.whole = map[string]text{}
	for format, say := range all {
		if verb.MatchString(format) {
			b.shapes = append(b.shapes, shapeOf(format, say))
		} else {
			b.whole[format] = say
		}
	}
	slices.SortFunc(b.shapes, func(a, b shape) int {
		return cmp.Or(cmp.Compare(b.words, a.words), cmp.Compare(a.form.String(), b.form.String()))
	})
	return b, nil
}

// verb matches a verb of fmt, and the sign of per cent, which a format has twice.
var verb = regexp.MustCompile(`%%|%[-+# 0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z]`)

func shapeOf(format string, say text) shape {
	s := shape{say: say}
	var form strings.Builder
	form.WriteByte('^')
	own := "" // what stands since the last verb
	keep := func() {
		if s.words += len(own); len(s.verbs) == 0 {
			s.first = own
		}
		s.last = own
		form.WriteString(strings.ReplaceAll(regexp.QuoteMeta(own), "%", " ?%")) // what was stored once had a space there
		own = ""
	}
	at := 0
	for _, v := range verb.FindAllStringIndex(format, -1) {
		if own += format[at:v[0]]; format[v[0]:v[1]] == "%%" {
			own, at = own+"%", v[1]
			continue
		}
		kind := kindOf(format[v[0]:v[1]], strings.HasSuffix(own, "“"), strings.HasSuffix(format, "."))
		keep()
		form.WriteString(kinds[kind])
		s.verbs, at = append(s.verbs, kind), v[1]
	}
	own += format[at:]
	keep()
	form.WriteByte('$')
	s.form = regexp.MustCompile(form.String())
	return s
}

// kinds are what the places of verbs match.
var kinds = map[verbKind]string{spoken: `(.*?)`, somebody: `(.*?)`, titled: `(.*?)`, quoted: `(.*?)`, escaped: `("(?:[^"\\]|\\.)*")`, digits: `(-?[0-9]+)`}

// kindOf tells the places apart. Sentences quote names, clauses the letter that they speak of.
func kindOf(verb string, inQuotes, sentence bool) verbKind {
	switch last := verb[len(verb)-1]; {
	case last == 'd' || last == 'f':
		return digits
	case last == 'q':
		return escaped
	case verb == say.Person:
		return somebody
	case inQuotes && sentence:
		return titled
	case inQuotes:
		return quoted
	}
	return spoken
}

// values gives what stands in the places of the verbs when the format made the sentence.
func (s shape) values(sentence string) ([]string, bool) {
	if !strings.HasPrefix(sentence, s.first) || !strings.HasSuffix(sentence, s.last) {
		return nil, false
	}
	m := s.form.FindStringSubmatch(sentence)
	if m == nil {
		return nil, false
	}
	return m[1:], true
}

// Phrase says in this language what the program said in English: a sentence of a fault, a reason, how something was found. Values keep
// their places; those that are phrases themselves are translated too, names of definitions are given in this language, and days and
// sums are written as the language writes them. What somebody typed, and whatever no format made, stays as it is.
func (l *Locale) Phrase(sentence string) string {
	if len(sentence) > maxSentence {
		return sentence
	}
	return l.phrase(sentence, 0)
}

// Sentence says in this language what a person may read of err; see [fault.Sentence].
func (l *Locale) Sentence(err error) string { return l.Phrase(fault.Sentence(err)) }

func (l *Locale) phrase(sentence string, depth int) string {
	if say, ok := l.phrases.whole[sentence]; ok {
		return say["other"]
	}
	if depth == maxNesting {
		return sentence
	}
	if lines := strings.Split(sentence, "\n"); len(lines) > 1 {
		return l.each(lines, "\n", depth)
	}
	for _, s := range l.phrases.shapes {
		if values, ok := s.values(sentence); ok {
			return l.inPlace(s, values, depth)
		}
	}
	if clauses := strings.Split(sentence, say.Between); len(clauses) > 1 {
		return l.each(clauses, say.Between, depth)
	}
	if depth == 0 {
		return sentence
	}
	return l.plain(sentence)
}

// each says phrases that stand beside each other.
func (l *Locale) each(phrases []string, between string, depth int) string {
	said := make([]string, len(phrases))
	for i, p := range phrases {
		said[i] = l.phrase(p, depth)
	}
	return strings.Join(said, between)
}

// inPlace is the translation of a shape with its values.
func (l *Locale) inPlace(s shape, found []string, depth int) string {
	values := make([]any, len(found))
	form := "other"
	for i := len(found) - 1; i >= 0; i-- { // so that the first number decides
		switch v := found[i]; s.verbs[i] {
		case digits:
			if n, err := strconv.Atoi(v); err == nil {
				values[i], form = n, category(l.tag, n)
			} else {
				values[i], form = v, "other"
			}
		case escaped:
			raw, err := strconv.Unquote(v)
			if err != nil {
				raw = v
			}
			values[i] = raw
		case quoted:
			values[i] = v
		case titled:
			values[i] = l.name(v)
		case somebody:
			values[i] = l.called(v)
		default:
			values[i] = l.phrase(v, depth+1)
		}
	}
	return l.fill(cmp.Or(s.say[form], s.say["other"]), values)
}

// plain is a value that is no phrase: a list of names, a day, a sum.
func (l *Locale) plain(s string) string {
	if d, err := time.Parse(time.DateOnly, s); err == nil {
		return l.Date(d)
	}
	if t, err := time.Parse("2006-01-02 15:04", s); err == nil {
		return l.Instant(t)
	}
	if sum, ok := l.money(s); ok {
		return sum
	}
	parts := strings.Split(s, ", ")
	for i, p := range parts {
		parts[i] = l.name(p)
	}
	return strings.Join(parts, ", ")
}

// called is how somebody is called: by their full name where people are known, else by their user name.
func (l *Locale) called(user string) string {
	if l.people == nil {
		return user
	}
	return l.people(journal.Actor(user))
}

// name is the name of a class, field, term or role in this language, and anything else as it is.
func (l *Locale) name(s string) string {
	if l.names == nil {
		return s
	}
	return cmp.Or(l.names()[s], s)
}

// telling says whether a format holds enough words of its own that what it makes can be told from other texts.
func telling(format string) bool {
	letters := 0
	for _, r := range verb.ReplaceAllString(format, "") {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= 3
}

// englishOf is a format as a message: with {0}, {1} ... in place of its verbs.
func englishOf(format string) string {
	n := -1
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		if v == "%%" {
			return "%"
		}
		n++
		if strings.HasSuffix(v, "q") {
			return fmt.Sprintf("“{%d}”", n)
		}
		return fmt.Sprintf("{%d}", n)
	})
}

package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"

	"docket/repository/journal"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed messages/*.json phrases/*.json
var messageFiles embed.FS

// A text is one message: its plural forms by CLDR category ("one", "few", "many", "other"). A message without plural has
// the form "other" alone. Places for values are {0}, {1} ...; in a plural message {0} is the number.
type text map[string]string

// UnmarshalJSON reads "text" or {"one": "text", "other": "texts"}.
func (t *text) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		var s string
		err := json.Unmarshal(raw, &s)
		*t = text{"other": s}
		return err
	}
	return json.Unmarshal(raw, (*map[string]string)(t))
}

// A Locale speaks one language of the interface: its messages, numbers and dates.
type Locale struct {
	Code     string // two letters
	tag      language.Tag
	printer  *message.Printer
	texts    map[string]text
	fallback map[string]text // English
	phrases  phrasebook
	names    func() map[string]string   // see namesIn; nil when nothing is defined
	people   func(journal.Actor) string // what people are called; nil outside of a visit
}

// locales gives the languages of the interface: those that have a catalogue. Catalogues are read once; what a server adds to a
// language is its own.
func locales() (map[string]*Locale, error) {
	read, err := catalogues()
	if err != nil {
		return nil, err
	}
	all := make(map[string]*Locale, len(read))
	for code, l := range read {
		own := *l
		all[code] = &own
	}
	return all, nil
}

var catalogues = sync.OnceValues(readCatalogues)

func readCatalogues() (map[string]*Locale, error) {
	files, err := messageFiles.ReadDir("messages")
	if err != nil {
		return nil, err
	}
	all := map[string]*Locale{}
	for _, f := range files {
		raw, err := messageFiles.ReadFile("messages/" + f.Name())
		if err != nil {
			return nil, err
		}
		code := strings.TrimSuffix(f.Name(), path.Ext(f.Name()))
		l := &Locale{Code: code, tag: language.Make(code)}
		if err := json.Unmarshal(raw, &l.texts); err != nil {
			return nil, fmt.Errorf("messages/%s: %w", f.Name(), err)
		}
		l.printer = message.NewPrinter(l.tag)
		if l.phrases, err = readPhrases("phrases/" + f.Name()); err != nil {
			return nil, err
		}
		all[code] = l
	}
	for _, l := range all {
		l.fallback = all["en"].texts
	}
	return all, nil
}

// T gives a message with values in its places. A message that is missing in the language is given in English, and a key
// that is in no catalogue as itself: it looks wrong, and the catalogue test fails, but nothing breaks.
func (l *Locale) T(key string, values ...any) string {
	return l.fill(l.form(key, "other"), values)
}

// N gives a message about n things in the form that the language wants for n. {0} is n; values follow from {1}.
func (l *Locale) N(key string, n int, values ...any) string {
	form := l.form(key, category(l.tag, n))
	return l.fill(form, append([]any{n}, values...))
}

func (l *Locale) form(key, category string) string {
	for _, texts := range []map[string]text{l.texts, l.fallback} {
		if t, ok := texts[key]; ok {
			if s, ok := t[category]; ok {
				return s
			}
			return t["other"]
		}
	}
	return key
}

func (l *Locale) fill(s string, values []any) string {
	if len(values) == 0 || !strings.Contains(s, "{") {
		return s
	}
	pairs := make([]string, 0, 2*len(values))
	for i, v := range values {
		pairs = append(pairs, fmt.Sprintf("{%d}", i), l.value(v))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

func (l *Locale) value(v any) string {
	switch v := v.(type) {
	case int, int64:
		return l.printer.Sprintf("%d", v)
	}
	return isolate(fmt.Sprint(v))
}

// isolate keeps text of another direction, or text that plays with directions, from turning the sentence around it: it puts
// a value that holds any right-to-left or formatting character between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE.
func isolate(s string) string {
	turns := func(r rune) bool {
		return r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfeff || r >= 0x200e && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r >= 0x10800 && r <= 0x1efff
	}
	if !strings.ContainsFunc(s, turns) {
		return s
	}
	return "\u2068" + s + "\u2069"
}

// category is the CLDR plural category of n.
func category(tag language.Tag, n int) string {
	if n < 0 {
		n = -n
	}
	switch plural.Cardinal.MatchPlural(tag, n%10_000_000, 0, 0, 0, 0) {
	case plural.Zero:
		return "zero"
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	}
	return "other"
}

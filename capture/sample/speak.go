package sample

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"docket/taxonomy"
)

// A slot is a value that texts may name, with the field it makes readable.
type slot struct {
	text  string
	rule  string // instead of text: the rule that says it
	field taxonomy.FieldID
	value string // the field's normal form; "" when the slot reveals nothing
}

// A speaker turns rules into text for one writer about one matter, and keeps account of what was said.
type speaker struct {
	*grammar
	dice   *dice
	female bool
	tone   string
	slots  map[string]slot
	said   map[*phrase]bool
	fields map[taxonomy.FieldID]string // what can be read in the texts so far
}

func newSpeaker(g *grammar, d *dice) *speaker {
	return &speaker{grammar: g, dice: d, slots: map[string]slot{}, said: map[*phrase]bool{}, fields: map[taxonomy.FieldID]string{}}
}

// speech is a text under way and the fields it reveals; it is dropped as a whole when something in it cannot be said.
type speech struct {
	text   strings.Builder
	said   []*phrase
	fields []slot
}

// say gives a text for the rule, "" when it cannot be said.
func (s *speaker) say(rule string) string {
	var to speech
	if !s.name(rule, &to) {
		return ""
	}
	for _, f := range to.fields {
		s.fields[f.field] = f.value
	}
	return tidy(to.text.String())
}

// plain is say for labels and such: it reveals nothing by itself.
func (s *speaker) plain(rule string) string {
	var to speech
	s.name(rule, &to)
	return tidy(to.text.String())
}

// name says a slot or a rule; a rule may have a variant for the speaker's tone.
func (s *speaker) name(name string, to *speech) bool {
	if plain, ok := strings.CutSuffix(name, ".cap"); ok {
		var own speech
		if !s.name(plain, &own) {
			return false
		}
		to.add(&own, capital)
		return true
	}
	if sl, ok := s.slots[name]; ok {
		if sl.value != "" {
			to.fields = append(to.fields, sl)
		}
		if sl.rule != "" {
			return s.name(sl.rule, to)
		}
		to.text.WriteString(sl.text)
		return true
	}
	if all := s.rules[name+"."+s.tone]; len(all) > 0 && s.dice.chance(0.75) && s.choose(all, to) {
		return true
	}
	return s.choose(s.rules[name], to)
}

// choose says one of the alternatives, first those that were not said yet, and goes on to the next when one fails.
func (s *speaker) choose(all []*phrase, to *speech) bool {
	order := s.dice.order(len(all))
	for _, again := range []bool{false, true} {
		for _, i := range order {
			if s.said[all[i]] == again && s.phrase(all[i], to) {
				s.said[all[i]] = true
				to.said = append(to.said, all[i])
				return true
			}
		}
	}
	return false
}

// phrase says all parts, or nothing.
func (s *speaker) phrase(p *phrase, to *speech) bool {
	var own speech
	for _, part := range *p {
		if !s.part(part, &own) {
			for _, q := range own.said {
				delete(s.said, q)
			}
			return false
		}
	}
	to.add(&own, func(s string) string { return s })
	return true
}

// add appends a speech; behind the end of a sentence it begins with a capital.
func (to *speech) add(own *speech, change func(string) string) {
	text := change(own.text.String())
	if before := to.text.String(); sentenceEnd.MatchString(before) && !strings.HasSuffix(strings.TrimSpace(before), "руб.") {
		bare := strings.TrimLeft(text, " ")
		text = text[:len(text)-len(bare)] + capital(bare)
	}
	to.text.WriteString(text)
	to.said = append(to.said, own.said...)
	to.fields = append(to.fields, own.fields...)
}

// sentenceEnd is the end of a sentence, and not that of an abbreviation or of an ordinal number.
var sentenceEnd = regexp.MustCompile(`(¶|\pL{2}[.]|[!?])[ ]?$`)

func capital(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

func (s *speaker) part(p part, to *speech) bool {
	switch {
	case p.name != "":
		return s.name(p.name, to)
	case p.bySex && s.female:
		return s.phrase(p.choices[1], to)
	case p.bySex:
		return s.phrase(p.choices[0], to)
	case p.must:
		s.choose(p.choices, to)
		return true
	case p.maybe:
		if s.dice.chance(0.5) {
			s.choose(p.choices, to)
		}
		return true
	case len(p.choices) == 1: // nothing to choose: parentheses that stand in the text
		to.text.WriteString("(")
		defer to.text.WriteString(")")
		return s.phrase(p.choices[0], to)
	case p.choices != nil:
		return s.choose(p.choices, to)
	}
	to.add(&speech{}, func(string) string { return p.text })
	return true
}

// tidy collapses spaces and removes those before punctuation; ¶ becomes a line break.
func tidy(s string) string {
	paragraphs := strings.Split(s, "¶")
	kept := paragraphs[:0]
	for _, p := range paragraphs {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			kept = append(kept, spaces.Replace(p))
		}
	}
	return strings.Join(kept, "\n")
}

var spaces = strings.NewReplacer(" ,", ",", " .", ".", " ;", ";", " :", ":", " !", "!", " ?", "?", "( ", "(", " )", ")", "..", ".")

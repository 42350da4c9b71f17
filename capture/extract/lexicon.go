package extract

import (
	"embed"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"

	"docket/taxonomy"
)

//go:embed words/*.txt
var wordFiles embed.FS

// The kinds of phrases that the word files hold.
const (
	kindMonth       = "month"      // n: 1 to 12
	kindLabel       = "label"      // name: the field it stands before, "addressee", "fax" or "other"
	kindSalutation  = "salutation" // the letter proper begins
	kindClosing     = "closing"    // it ends
	kindTitle       = "title"      // before or after a name, no part of it
	kindSignature   = "signature"
	kindPlace       = "place"  // between a place and a date
	kindWithin      = "within" // a number of days follows
	kindUnit        = "unit"   // n: days
	kindNumber      = "number" // n: its value
	kindUntil       = "until"  // a date set as a limit follows
	kindIncident    = "incident"
	kindAmount      = "amount"       // n: how strongly it says that this is the sum in question
	kindNotIncident = "notincident"  // the date of something else follows
	kindShort       = "abbreviation" // a full stop after it ends no sentence
	kindSetting     = "setting"      // speaks for a deadline that is set
	kindRequest     = "request"
	kindNegation    = "negation"
	kindStreet      = "street"
	kindFlat        = "flat" // stands before the street
	kindCountry     = "country"
	kindOrg         = "org"
	kindStamp       = "stamp" // of the day of receipt
)

// Labels that name no field: of the addressee, of a fax, of numbers and dates that no field is for.
const (
	labelAddressee = "addressee"
	labelFax       = "fax"
	labelPart      = "address_part" // of a part of an address
	labelOther     = "other"
)

// lexicons is the book of all the word files.
var lexicons = sync.OnceValue(func() *book {
	b := newBook()
	files, err := wordFiles.ReadDir("words")
	if err != nil {
		panic(err) // the files are part of the program
	}
	for _, f := range files {
		if err := b.readFile(f.Name()); err != nil {
			panic(err)
		}
	}
	return b
})

// readFile adds the phrases of one word file.
func (b *book) readFile(name string) error {
	text, err := wordFiles.ReadFile(path.Join("words", name))
	if err != nil {
		return fmt.Errorf("words %s: %w", name, err)
	}
	language := strings.TrimSuffix(name, ".txt")
	for i, l := range strings.Split(string(text), "\n") {
		if l = strings.TrimSpace(l); l == "" || l[0] == '#' {
			continue
		}
		head, phrases, ok := strings.Cut(l, ": ")
		if !ok {
			return fmt.Errorf("words %s, line %d: no colon", name, i+1)
		}
		p := phrase{language: language}
		kind, arg, _ := strings.Cut(head, " ")
		p.kind = kind
		if n, err := strconv.Atoi(arg); err == nil {
			p.n = n
		} else {
			p.name = arg
		}
		for one := range strings.SplitSeq(phrases, " | ") {
			b.add(one, p)
		}
	}
	return nil
}

// scan finds all the phrases of the document that count in its language.
func (s *sheet) scan(b *book, language string) {
	var found, all []hit
	for i := range s.tokens {
		found = b.at(s, i, found[:0])
		all = append(all, found...)
	}
	language = settle(language, all)
	s.language = language
	for _, h := range all {
		if h.counts(language) && !s.partOfNumber(h) {
			s.hits = append(s.hits, h)
		}
	}
	s.index()
}

// partOfNumber says whether a label is in truth the letters before a number: "RE-2026-1234", "FV/12/2026".
func (s *sheet) partOfNumber(h hit) bool {
	i := h.last
	return h.kind == kindLabel && i+1 < len(s.tokens) && !s.tokens[i].space && (s.tokens[i].text == "-" || s.tokens[i].text == "/") &&
		s.tokens[i+1].digit && !s.tokens[i+1].space
}

// settle is the given language, unless there is none or the phrases of another cover three times as much of the document.
func settle(given string, hits []hit) string {
	weight := map[string]int{}
	for _, h := range hits {
		if h.kind != kindMonth && !h.fuzzy {
			weight[h.language] += h.runes
		}
	}
	top := ""
	for _, l := range taxonomy.Languages {
		if weight[l] > weight[top] {
			top = l
		}
	}
	if given == "" || weight[top] > 3*weight[given]+20 {
		return top
	}
	return given
}

// counts says whether a phrase means something in a document of a language: short words of other languages do not.
func (h *hit) counts(language string) bool {
	if h.language == language || h.language == "" || language == "" {
		return true
	}
	switch h.kind {
	case kindMonth, kindCountry:
		return true
	case kindLabel:
		return h.language == "en" && h.runes > 4 || h.runes > 9 || h.name == "iban"
	case kindStreet:
		return h.runes > 3
	case kindClosing, kindSalutation:
		return h.runes > 5
	}
	return false
}

// index makes hits findable by the tokens they begin and end with. Of labels that overlap the longest counts.
func (s *sheet) index() {
	s.dropCovered()
	s.begin = make([]int, len(s.tokens)+1)
	s.label = make([]int, len(s.tokens))
	for i := range s.label {
		s.label[i] = -1
	}
	k := 0
	for i := range s.begin {
		for k < len(s.hits) && s.hits[k].first < i {
			k++
		}
		s.begin[i] = k
	}
	for j, h := range s.hits {
		if h.kind == kindLabel {
			s.label[h.last-1] = j
		}
	}
}

// dropCovered removes labels that lie within a longer label.
func (s *sheet) dropCovered() {
	kept := s.hits[:0]
	end := 0 // of the longest label so far
	var last int
	for i := 0; i < len(s.hits); {
		j := i
		longest := -1
		for ; j < len(s.hits) && s.hits[j].first == s.hits[i].first; j++ {
			if h := s.hits[j]; h.kind == kindLabel && h.last > end && (longest < 0 || better(h, s.hits[longest])) {
				longest = j
			}
		}
		last = end
		for k := i; k < j; k++ {
			if h := s.hits[k]; h.kind != kindLabel || k == longest {
				kept = append(kept, h)
				end = max(end, labelEnd(h, last))
			}
		}
		i = j
	}
	s.hits = kept
}

func better(a, b hit) bool {
	if a.last != b.last {
		return a.last > b.last
	}
	return !a.fuzzy && b.fuzzy
}

func labelEnd(h hit, end int) int {
	if h.kind == kindLabel {
		return max(end, h.last)
	}
	return end
}

// at gives the hits of a kind that begin with token i.
func (s *sheet) at(i int, kind string) (found []hit) {
	if i < 0 || i >= len(s.tokens) {
		return nil
	}
	for _, h := range s.hits[s.begin[i]:s.begin[i+1]] {
		if h.kind == kind {
			found = append(found, h)
		}
	}
	return found
}

// is says whether a phrase of a kind begins with token i.
func (s *sheet) is(i int, kind string) bool { return len(s.at(i, kind)) > 0 }

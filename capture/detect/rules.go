package detect

import (
	"maps"
	"math"
	"slices"
	"strings"

	"docket/taxonomy"
)

// Rules are the cues of classes, ready for matching. They are safe for concurrent use and may be nil: no rules.
type Rules struct {
	byLanguage map[string]*cueIndex
}

// A cue is one phrase in the form in which texts are compared with it.
type cue struct {
	class  taxonomy.ClassID
	phrase string   // as the administrator wrote it
	words  []string // folded
	open   []bool   // by word: the word stands for all words that begin so
	weight float64
}

// A cueIndex finds the cues that may begin at a word.
type cueIndex struct {
	exact    map[string][]*cue
	prefix   map[string][]*cue
	prefixes []int // lengths of the keys of prefix
}

// NewRules takes the cues of classes. Cues without a letter or digit are left out.
func NewRules(classes []taxonomy.Class) *Rules {
	r := &Rules{byLanguage: map[string]*cueIndex{}}
	for _, class := range classes {
		for language, cues := range class.Cues {
			index := r.byLanguage[language]
			if index == nil {
				index = &cueIndex{exact: map[string][]*cue{}, prefix: map[string][]*cue{}}
				r.byLanguage[language] = index
			}
			for _, c := range cues {
				index.add(newCue(class.ID, c))
			}
		}
	}
	return r
}

func newCue(class taxonomy.ClassID, c taxonomy.Cue) *cue {
	out := &cue{class: class, phrase: c.Phrase, weight: c.Weight}
	for word := range strings.FieldsSeq(c.Phrase) {
		parts := tokenise(word)
		for i, t := range parts {
			out.words = append(out.words, t.folded)
			out.open = append(out.open, i == len(parts)-1 && strings.HasSuffix(word, "*"))
		}
	}
	return out
}

func (x *cueIndex) add(c *cue) {
	if len(c.words) == 0 || c.weight == 0 {
		return
	}
	first := c.words[0]
	if !c.open[0] {
		x.exact[first] = append(x.exact[first], c)
		return
	}
	x.prefix[first] = append(x.prefix[first], c)
	if !slices.Contains(x.prefixes, len(first)) {
		x.prefixes = append(x.prefixes, len(first))
	}
}

// A Hit is a cue that a text holds.
type Hit struct {
	Class   taxonomy.ClassID `json:"class"`
	Phrase  string           `json:"phrase"` // the cue
	Text    string           `json:"text"`   // the words of the text
	Heading bool             `json:"heading"`
	Weight  float64          `json:"weight"` // what it counts for, after its place was considered
}

// headingFactor is how much more a cue counts in the heading than in the running text.
const headingFactor = 1.6

// Match finds the cues of a language in a text, each counted once where it counts most, in the text's order. An empty
// language means all languages.
func (r *Rules) Match(text, language string) []Hit {
	tokens := tokenise(text)
	return r.match(tokens, len(heading(text, tokens)), language)
}

func (r *Rules) match(tokens []token, head int, language string) []Hit {
	if r == nil {
		return nil
	}
	var hits []Hit
	at := map[*cue]int{}
	addressed := departments(tokens[:head])
	for _, l := range slices.Sorted(maps.Keys(r.byLanguage)) {
		if language != "" && l != language {
			continue
		}
		index := r.byLanguage[l]
		for i := range tokens {
			index.begin(tokens[i].folded, func(c *cue) {
				if !c.matches(tokens[i:]) || i < head && addressed[tokens[i].line] {
					return
				}
				hit := c.hit(tokens[i:], i < head)
				if old, seen := at[c]; !seen {
					at[c] = len(hits)
					hits = append(hits, hit)
				} else if math.Abs(hit.Weight) > math.Abs(hits[old].Weight) {
					hits[old] = hit
				}
			})
		}
	}
	return hits
}

// departmentWords name the part of a house that a letter is addressed to.
var departmentWords = []string{
	"department", "dept", "team", "abteilung", "osztaly", "csoport", "dzial", "biuro", "отдел", "служба", "oddelek", "sluzba",
}

// mostDepartmentWords is how long the line of an address is at most.
const mostDepartmentWords = 6

// departments gives the lines of the heading that address a department. "Claims Department" says who is to read the
// letter, which often is the wrong one, and not what the letter is.
func departments(head []token) map[int]bool {
	words, named := map[int]int{}, map[int]bool{}
	for _, t := range head {
		words[t.line]++
		if slices.ContainsFunc(departmentWords, func(w string) bool { return strings.HasSuffix(t.folded, w) }) {
			named[t.line] = true
		}
	}
	maps.DeleteFunc(named, func(line int, _ bool) bool { return words[line] > mostDepartmentWords })
	return named
}

// begin calls found with each cue whose first word may be this one.
func (x *cueIndex) begin(word string, found func(*cue)) {
	for _, c := range x.exact[word] {
		found(c)
	}
	for _, n := range x.prefixes {
		if n <= len(word) {
			for _, c := range x.prefix[word[:n]] {
				found(c)
			}
		}
	}
}

func (c *cue) matches(tokens []token) bool {
	if len(tokens) < len(c.words) {
		return false
	}
	for i, w := range c.words {
		if tokens[i].folded != w && !(c.open[i] && strings.HasPrefix(tokens[i].folded, w)) {
			return false
		}
	}
	return true
}

func (c *cue) hit(tokens []token, heading bool) Hit {
	written := make([]string, len(c.words))
	for i := range written {
		written[i] = tokens[i].written
	}
	h := Hit{Class: c.class, Phrase: c.phrase, Text: strings.Join(written, " "), Heading: heading, Weight: c.weight}
	if heading {
		h.Weight *= headingFactor
	}
	return h
}

// enoughCues is the sum of weights from which more cues hardly count: ten hints are not ten proofs.
const enoughCues = 6

// scores sums hits by label. Labels without cues get 0.
func scoreHits(hits []Hit, labels []string) []float64 {
	out := make([]float64, len(labels))
	for _, h := range hits {
		if i := slices.Index(labels, string(h.Class)); i >= 0 {
			out[i] += h.Weight
		}
	}
	for i, s := range out {
		out[i] = enoughCues * math.Tanh(s/enoughCues)
	}
	return out
}

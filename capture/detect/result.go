package detect

import (
	"cmp"
	"math"
	"slices"

	"docket/taxonomy"
)

// A Result is what a text was taken for.
type Result struct {
	Class      taxonomy.ClassID `json:"class"`      // the likeliest class; "unknown" when the text is empty
	Confidence float64          `json:"confidence"` // calibrated: the share of texts with this confidence that are of the class
	Sure       bool             `json:"sure"`       // the confidence reaches the class's threshold; otherwise a person decides
	Language   string           `json:"language"`   // two letters, as given or as detected
	Known      float64          `json:"known"`      // share of the text's words that the model has seen before, 0 to 1
	Ranked     []Ranked         `json:"ranked"`     // all classes, the likeliest first
	Reasons    []Reason         `json:"reasons"`    // what spoke for Class, the strongest first
}

// A Ranked is one class with its confidence.
type Ranked struct {
	Class      taxonomy.ClassID `json:"class"`
	Confidence float64          `json:"confidence"`
}

// DefaultThreshold is the least confidence at which no person is asked, for classes that name none.
const DefaultThreshold = 0.8

// Strange texts are trusted less: below this share of known words confidence sinks in proportion.
const enoughKnown = 0.3

// Detect says what a text is. An empty language is detected first; it chooses the cues. The result is the same for the
// same text and model.
func (m *Model) Detect(text, language string) Result {
	if language == "" {
		language = DetectLanguage(text).Language
	}
	tokens := tokenise(text)
	head := heading(text, tokens)
	if len(tokens) == 0 {
		return Result{Class: taxonomy.Unknown, Language: language}
	}
	hits := m.rules.match(tokens, len(head), language)
	scores, known := m.voices.hear(features(text, tokens, head))
	scores[cuesVoice] = scoreHits(hits, m.labels)
	p := m.mix.probabilities(scores)
	trust(p, known, len(hits) > 0)
	out := Result{Language: language, Known: known, Ranked: m.rank(p)}
	out.Class, out.Confidence = out.Ranked[0].Class, out.Ranked[0].Confidence
	out.Sure = m.sure(out.Ranked[0])
	out.Reasons = m.reasons(tokens, hits, out.Ranked)
	return out
}

// trust moves the probabilities of a text with few known words towards "all equally likely".
func trust(p []float64, known float64, cued bool) {
	if cued {
		known = max(known, enoughKnown/2)
	}
	t := min(1, known/enoughKnown)
	for i := range p {
		p[i] = t*p[i] + (1-t)/float64(len(p))
	}
}

func (m *Model) rank(p []float64) []Ranked {
	out := make([]Ranked, len(p))
	for i := range p {
		out[i] = Ranked{taxonomy.ClassID(m.labels[i]), p[i]}
	}
	slices.SortFunc(out, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Class, b.Class))
	})
	return out
}

// sure says whether no person needs to be asked. "Unknown" is always for a person.
func (m *Model) sure(r Ranked) bool {
	return r.Class != taxonomy.Unknown && r.Confidence >= m.threshold(r.Class)
}

func (m *Model) threshold(class taxonomy.ClassID) float64 {
	if t := m.thresholds[string(class)]; t > 0 {
		return t
	}
	return DefaultThreshold
}

// A Reason is one thing that spoke for a class.
type Reason struct {
	Text    string  `json:"text"`    // words as they stand in the text
	Rule    string  `json:"rule"`    // the cue that was met; empty when the model has learned the word from examples
	Heading bool    `json:"heading"` // it stands in the heading
	Share   float64 `json:"share"`   // its part of all that spoke for the class, 0 to 1
}

// maxReasons is how many reasons anybody reads.
const maxReasons = 8

// reasons says what spoke for the first class of the ranking and against the second.
func (m *Model) reasons(tokens []token, hits []Hit, ranked []Ranked) []Reason {
	if len(ranked) < 2 {
		return nil
	}
	first, _ := slices.BinarySearch(m.labels, string(ranked[0].Class))
	second, _ := slices.BinarySearch(m.labels, string(ranked[1].Class))
	all := m.learned(tokens, first, second)
	for _, h := range hits {
		if h.Class == ranked[0].Class && h.Weight > 0 {
			all = append(all, Reason{h.Text, h.Phrase, h.Heading, h.Weight * max(m.mix[cuesVoice], leastCueShare)})
		}
	}
	total := 0.0
	for _, r := range all {
		total += r.Share
	}
	slices.SortFunc(all, func(a, b Reason) int { return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Text, b.Text)) })
	all = all[:min(len(all), maxReasons)]
	for i := range all {
		all[i].Share = math.Round(1000*all[i].Share/total) / 1000
	}
	return all
}

// leastCueShare lets a person see the cues that were met even where the model hardly needed them.
const leastCueShare = 0.05

// learned gives the words that speak for the first label against the second, by what the words and letters voices make
// of them.
func (m *Model) learned(tokens []token, first, second int) []Reason {
	var words bag
	seen := map[string]bool{}
	var out []Reason
	for _, t := range tokens {
		if seen[t.folded] || len(t.folded) < 3 || t.folded[0] == '0' {
			continue
		}
		seen[t.folded] = true
		words.hashes = words.hashes[:0]
		addWord(&words, t.folded)
		x, _ := m.voices.vocabulary.vector(words.occurrences())
		if s := m.speaksFor(x, first, second); s > 0 {
			out = append(out, Reason{Text: t.written, Share: s})
		}
	}
	return out
}

func (m *Model) speaksFor(x []feature, first, second int) float64 {
	sum := 0.0
	for _, f := range x {
		voice := lettersVoice
		if blockOf(m.voices.vocabulary.hashes[f.at]) == wordBlock {
			voice = wordsVoice
		}
		w := m.voices.machines[voice].row(f.at)
		sum += m.mix[voice] * float64(f.value*(w[first]-w[second]))
	}
	return sum
}

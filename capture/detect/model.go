package detect

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"docket/taxonomy"
)

// An Example is one text whose class is known.
type Example struct {
	Text     string
	Label    string  // a class ID, or any other label
	Language string  // two letters; empty when unknown
	Group    string  // texts of one group share wording and are never split over training and testing; empty: alone
	Weight   float64 // how much it counts; 0 means 1. See CorrectionWeight
}

// CorrectionWeight is what an example that a person has decided counts, against 1 for the material shipped.
const CorrectionWeight = 6

// Config says how to train.
type Config struct {
	Classes []taxonomy.Class // for cues and thresholds; may be empty
	Folds   int              // parts for calibration; 0 means 5
	Seed    uint64           // same examples, same configuration, same seed: same model
}

// A Model recognises the class of a text. It never changes and is safe for concurrent use.
type Model struct {
	labels     []string // sorted
	voices     *ensemble
	mix        Mix
	rules      *Rules
	thresholds map[string]float64
	quality    Score // on texts not trained on, by cross-validation while training
}

// Quality is how well the model did in training on texts that it was not trained on.
func (m *Model) Quality() Score { return m.quality }

// WithClasses is the same model with other cues and thresholds, for when an administrator has changed the classes.
func (m *Model) WithClasses(classes []taxonomy.Class) *Model {
	out := *m
	out.rules = NewRules(classes)
	out.thresholds = map[string]float64{}
	for _, c := range classes {
		out.thresholds[string(c.ID)] = c.Threshold
	}
	return &out
}

// ErrTooFew says that there is nothing to learn from.
var ErrTooFew = errors.New("training needs texts of at least two classes")

// A sample is a training text with its features.
type sample struct {
	features []occurrence
	label    int
	weight   float64
}

// Train learns from examples. The voices are trained on all of them; how much each voice counts is fitted on texts that
// the voice has not seen, by cross-validation. It takes seconds and all cores.
func Train(examples []Example, c Config) (*Model, error) {
	m := (&Model{labels: labelsOf(examples)}).WithClasses(c.Classes)
	if len(m.labels) < 2 {
		return nil, fmt.Errorf("%d examples: %w", len(examples), ErrTooFew)
	}
	samples := make([]sample, len(examples))
	cues := make([][]float64, len(examples))
	each(len(examples), func(i int) {
		e := examples[i]
		label, _ := slices.BinarySearch(m.labels, e.Label)
		weight := e.Weight
		if weight <= 0 {
			weight = 1
		}
		tokens := tokenise(e.Text)
		head := heading(e.Text, tokens)
		samples[i] = sample{features(e.Text, tokens, head), label, weight}
		cues[i] = scoreHits(m.rules.match(tokens, len(head), e.Language), m.labels)
	})
	if c.Folds == 0 {
		c.Folds = 5
	}
	held := crossHear(samples, cues, folds(examples, c), c, len(m.labels))
	m.mix = fit(held)
	m.quality = m.score(held)
	m.voices = trainVoices(samples, len(m.labels), c.Seed)
	return m, nil
}

func labelsOf(examples []Example) []string {
	seen := map[string]bool{}
	for _, e := range examples {
		seen[e.Label] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// folds deals the examples into parts: each label evenly, groups whole.
func folds(examples []Example, c Config) []int {
	random := rand.New(rand.NewPCG(c.Seed, 0x5f01d5))
	order := random.Perm(len(examples))
	next := map[string]int{}
	group := map[string]int{}
	out := make([]int, len(examples))
	for _, i := range order {
		e := examples[i]
		if e.Group != "" {
			if _, seen := group[e.Group]; !seen {
				group[e.Group] = len(group) % c.Folds
			}
			out[i] = group[e.Group]
			continue
		}
		if _, seen := next[e.Label]; !seen {
			next[e.Label] = len(next)
		}
		out[i] = next[e.Label] % c.Folds
		next[e.Label]++
	}
	return out
}

// crossHear gives what the voices say of each text when they were trained on the other parts.
func crossHear(samples []sample, cues [][]float64, fold []int, c Config, labels int) []heard {
	out := make([]heard, len(samples))
	for f := range c.Folds {
		var rest []sample
		for i, s := range samples {
			if fold[i] != f {
				rest = append(rest, s)
			}
		}
		if len(rest) == len(samples) || len(rest) == 0 {
			continue
		}
		e := trainVoices(rest, labels, c.Seed)
		each(len(samples), func(i int) {
			if fold[i] != f {
				return
			}
			scores, _ := e.hear(samples[i].features)
			scores[cuesVoice] = cues[i]
			out[i] = heard{scores, samples[i].label, samples[i].weight}
		})
	}
	return slices.DeleteFunc(out, func(h heard) bool { return h.scores[cuesVoice] == nil })
}

package detect

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// An Outcome is what became of one text in a test.
type Outcome struct {
	Label      string // the right one
	Got        string
	Confidence float64
	Sure       bool // the confidence reaches the threshold of the class that was got
}

// A Score is how well a model does on texts that it was not trained on.
type Score struct {
	Texts       int              `json:"texts"`
	Accuracy    float64          `json:"accuracy"`
	MacroF1     float64          `json:"macro_f1"`          // mean over the labels of the test
	Calibration float64          `json:"calibration_error"` // mean distance of confidence from accuracy, over ten equal groups by confidence
	Decided     Point            `json:"decided"`           // by each class's own threshold; its Threshold is 0
	Curve       []Point          `json:"curve"`
	Labels      map[string]Label `json:"labels"`
}

// A Point says what a threshold does: the share of texts decided without a person, and the share of those decided rightly.
type Point struct {
	Threshold float64 `json:"threshold"`
	Coverage  float64 `json:"coverage"`
	Precision float64 `json:"precision"` // 1 when nothing is decided
}

// A Label is the score of one label.
type Label struct {
	Texts     int     `json:"texts"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// Evaluate tests the model on examples that it was not trained on.
func (m *Model) Evaluate(examples []Example) (Score, []Outcome) {
	outcomes := make([]Outcome, len(examples))
	each(len(examples), func(i int) {
		r := m.Detect(examples[i].Text, examples[i].Language)
		outcomes[i] = Outcome{examples[i].Label, string(r.Class), r.Confidence, r.Sure}
	})
	return Measure(outcomes), outcomes
}

// CrossValidate trains as many times as the configuration has folds, each time without one part of the examples, and
// gives how those parts were recognised, in the order of the examples. Each training calibrates itself on its own part
// alone.
func CrossValidate(examples []Example, c Config) (Score, []Outcome, error) {
	if c.Folds == 0 {
		c.Folds = 5
	}
	return CrossValidateOn(examples, len(examples), c.Folds, c)
}

// CrossValidateOn is CrossValidate in so many parts, with at most size texts to train on each time, drawn so that labels
// keep their shares. What it gives for several sizes is the learning curve: what more texts of the same kind would bring.
func CrossValidateOn(examples []Example, size, parts int, c Config) (Score, []Outcome, error) {
	fold := folds(examples, Config{Folds: parts, Seed: c.Seed + 1})
	outcomes := make([]Outcome, len(examples))
	for f := range parts {
		var train, test []Example
		var at []int // where the texts of test stand in examples
		for i, e := range examples {
			if fold[i] == f {
				test, at = append(test, e), append(at, i)
			} else {
				train = append(train, e)
			}
		}
		m, err := Train(draw(train, size, c.Seed+uint64(f)), c)
		if err != nil {
			return Score{}, nil, fmt.Errorf("train without part %d: %w", f+1, err)
		}
		_, got := m.Evaluate(test)
		for i, o := range got {
			outcomes[at[i]] = o
		}
	}
	return Measure(outcomes), outcomes, nil
}

// draw takes about size examples by chance, of each label its share and at least one. They keep their order.
func draw(examples []Example, size int, seed uint64) []Example {
	if size >= len(examples) {
		return examples
	}
	count := map[string]int{}
	for _, e := range examples {
		count[e.Label]++
	}
	left := map[string]int{}
	for label, n := range count {
		left[label] = max(1, int(math.Round(float64(n*size)/float64(len(examples)))))
	}
	var taken []int
	for _, i := range rand.New(rand.NewPCG(seed, 0xd4a3)).Perm(len(examples)) {
		if label := examples[i].Label; left[label] > 0 {
			left[label]--
			taken = append(taken, i)
		}
	}
	slices.Sort(taken)
	out := make([]Example, len(taken))
	for n, i := range taken {
		out[n] = examples[i]
	}
	return out
}

// thresholds of the curve.
var thresholds = []float64{0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99}

// Measure computes a score from outcomes.
func Measure(outcomes []Outcome) Score {
	s := Score{Texts: len(outcomes), Labels: map[string]Label{}}
	if len(outcomes) == 0 {
		return s
	}
	got, right := map[string]int{}, map[string]int{}
	for _, o := range outcomes {
		l := s.Labels[o.Label]
		l.Texts++
		s.Labels[o.Label] = l
		got[o.Got]++
		if o.Got == o.Label {
			right[o.Label]++
			s.Accuracy++
		}
	}
	s.Accuracy /= float64(len(outcomes))
	for name, l := range s.Labels {
		l.Precision = float64(right[name]) / float64(max(1, got[name]))
		l.Recall = float64(right[name]) / float64(l.Texts)
		l.F1 = 2 * float64(right[name]) / float64(l.Texts+got[name])
		s.Labels[name] = l
		s.MacroF1 += l.F1 / float64(len(s.Labels))
	}
	s.Calibration = calibrationError(outcomes)
	s.Decided = point(outcomes, func(o Outcome) bool { return o.Sure })
	for _, t := range thresholds {
		p := point(outcomes, func(o Outcome) bool { return o.Confidence >= t })
		p.Threshold = t
		s.Curve = append(s.Curve, p)
	}
	return s
}

func point(outcomes []Outcome, decides func(Outcome) bool) Point {
	decided, right := 0, 0
	for _, o := range outcomes {
		if decides(o) {
			decided++
			if o.Got == o.Label {
				right++
			}
		}
	}
	p := Point{Precision: 1}
	if decided > 0 {
		p.Precision = float64(right) / float64(decided)
	}
	p.Coverage = float64(decided) / float64(len(outcomes))
	return p
}

// calibrationError is the expected calibration error over ten groups of equal size.
func calibrationError(outcomes []Outcome) float64 {
	sorted := slices.SortedFunc(slices.Values(outcomes), func(a, b Outcome) int { return cmp.Compare(a.Confidence, b.Confidence) })
	const groups = 10
	sum := 0.0
	for g := range groups {
		part := sorted[g*len(sorted)/groups : (g+1)*len(sorted)/groups]
		gap := 0.0
		for _, o := range part {
			gap += o.Confidence
			if o.Got == o.Label {
				gap--
			}
		}
		sum += math.Abs(gap)
	}
	return sum / float64(len(outcomes))
}

// score is Measure over texts heard in cross-validation.
func (m *Model) score(texts []heard) Score {
	outcomes := make([]Outcome, len(texts))
	for i, t := range texts {
		first := m.rank(m.mix.probabilities(t.scores))[0]
		outcomes[i] = Outcome{m.labels[t.label], string(first.Class), first.Confidence, m.sure(first)}
	}
	return Measure(outcomes)
}

package detect

import (
	"cmp"
	"fmt"
	"math"
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
// gives how those parts were recognised. Each training calibrates itself on its own part alone.
func CrossValidate(examples []Example, c Config) (Score, []Outcome, error) {
	if c.Folds == 0 {
		c.Folds = 5
	}
	fold := folds(examples, Config{Folds: c.Folds, Seed: c.Seed + 1})
	var all []Outcome
	for f := range c.Folds {
		var train, test []Example
		for i, e := range examples {
			if fold[i] == f {
				test = append(test, e)
			} else {
				train = append(train, e)
			}
		}
		m, err := Train(train, c)
		if err != nil {
			return Score{}, nil, fmt.Errorf("train without part %d: %w", f+1, err)
		}
		_, outcomes := m.Evaluate(test)
		all = append(all, outcomes...)
	}
	return Measure(all), all, nil
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

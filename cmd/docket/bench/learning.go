package bench

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"text/tabwriter"
	"time"

	"docket/capture/detect"
)

// A LearningReport is the learning curve of a collection: how well its texts are recognised after training on more and more
// of the others.
type LearningReport struct {
	Train   string          `json:"train"`
	Texts   int             `json:"texts"`
	Classes int             `json:"classes"`
	Parts   int             `json:"parts"`
	Repeats int             `json:"repeats"`
	Curve   []LearningPoint `json:"curve"`
	Seconds float64         `json:"seconds"`
}

// A LearningPoint is one number of training texts. Measures are means over the repeats.
type LearningPoint struct {
	Texts       int        `json:"training_texts"`
	MacroF1     float64    `json:"macro_f1"`
	Interval    [2]float64 `json:"interval"` // 95 % of bootstrap samples of the texts tested on
	Accuracy    float64    `json:"accuracy"`
	Calibration float64    `json:"calibration_error"`
}

// Each text is recognised once a repeat, by a model trained on other parts; each repeat deals the parts anew.
const (
	learningParts   = 10
	learningRepeats = 4
	resamples       = 500
)

// Learning trains on as many texts as sizes say, or on 20 to 90 per cent. Training on nine parts of ten is the most that a
// text can be tested after; clock is time.Now.
func Learning(train string, sizes []int, clock func() time.Time) (LearningReport, error) {
	r := LearningReport{Train: train, Parts: learningParts, Repeats: learningRepeats}
	examples, config, err := trainingTexts(train)
	if err != nil {
		return r, err
	}
	r.Texts, r.Classes = len(examples), countLabels(examples)
	if len(sizes) == 0 {
		for _, percent := range []int{20, 40, 60, 80, 90} {
			sizes = append(sizes, len(examples)*percent/100)
		}
	}
	start := clock()
	for _, size := range sizes {
		p, err := learningPoint(examples, min(size, len(examples)*(learningParts-1)/learningParts), config)
		if err != nil {
			return r, fmt.Errorf("learn from %d texts of %s: %w", size, train, err)
		}
		r.Curve = append(r.Curve, p)
	}
	r.Seconds = clock().Sub(start).Seconds()
	return r, nil
}

func learningPoint(examples []detect.Example, size int, c detect.Config) (LearningPoint, error) {
	p := LearningPoint{Texts: size}
	var repeats [learningRepeats][]detect.Outcome
	for i := range repeats {
		c.Seed = uint64(i)
		score, outcomes, err := detect.CrossValidateOn(examples, size, learningParts, c)
		if err != nil {
			return p, err
		}
		repeats[i] = outcomes
		p.MacroF1 += score.MacroF1 / learningRepeats
		p.Accuracy += score.Accuracy / learningRepeats
		p.Calibration += score.Calibration / learningRepeats
	}
	p.Interval = interval(repeats[:])
	return p, nil
}

// interval is the 95 % percentile bootstrap interval of macro-F1 (Efron, Tibshirani: An Introduction to the Bootstrap,
// 1993, chapter 13). Texts are drawn, each with its outcomes in all repeats: repeats tell nothing about other texts.
func interval(repeats [][]detect.Outcome) [2]float64 {
	random := rand.New(rand.NewPCG(1, 2))
	n := len(repeats[0])
	drawn := make([]detect.Outcome, n)
	means := make([]float64, resamples)
	for s := range means {
		at := make([]int, n)
		for i := range at {
			at[i] = random.IntN(n)
		}
		for _, outcomes := range repeats {
			for i, from := range at {
				drawn[i] = outcomes[from]
			}
			means[s] += detect.Measure(drawn).MacroF1 / float64(len(repeats))
		}
	}
	slices.Sort(means)
	return [2]float64{means[resamples*25/1000], means[resamples*975/1000]}
}

// Table implements Report.
func (r LearningReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "texts\t%d of %d classes\n", r.Texts, r.Classes)
	fmt.Fprintf(t, "method\tcross-validation in %d parts, %d times\n", r.Parts, r.Repeats)
	fmt.Fprintf(t, "\ntrained on\tmacro-F1\t95 %%\taccuracy\tcalibration error\n")
	for _, p := range r.Curve {
		fmt.Fprintf(t, "%d\t%.3f\t%.3f to %.3f\t%.3f\t%.3f\n", p.Texts, p.MacroF1, p.Interval[0], p.Interval[1], p.Accuracy, p.Calibration)
	}
	fmt.Fprintf(t, "\ntime\t%.1f s\n", r.Seconds)
	return t.Flush()
}

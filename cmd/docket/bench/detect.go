package bench

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"docket/capture/detect"
	"docket/taxonomy"
)

// ShippedMaterial is the word that stands for the training material of the program, with the cues of the starter pack.
const ShippedMaterial = "shipped"

// A DetectReport says how well texts were recognised by a model that was not trained on them. See detect.Score for the
// measures.
type DetectReport struct {
	Train    string `json:"train"`
	Test     string `json:"test"` // empty: cross-validation
	Folds    int    `json:"folds,omitempty"`
	Examples int    `json:"training_texts"`
	Classes  int    `json:"classes"`
	detect.Score
	ByLanguage map[string]float64 `json:"macro_f1_by_language,omitempty"` // where the test names languages
	Confusions []Confusion        `json:"confusions"`                     // the most frequent mistakes
	Seconds    float64            `json:"training_seconds"`               // in cross-validation of all trainings together
	Millis     float64            `json:"ms_per_text,omitempty"`          // one text after another
	ModelBytes int                `json:"model_bytes,omitempty"`          // as it is stored
}

// A Confusion is how often texts of one class were taken for another.
type Confusion struct {
	Class string `json:"class"`
	Taken string `json:"taken_for"`
	Texts int    `json:"texts"`
	Sure  int    `json:"sure"` // of these: without asking a person
}

// folds of a cross-validation.
const detectFolds = 5

// Detect trains on one collection and tests on another; without another it cross-validates. A collection is a file or a
// folder (see readLabelled), or ShippedMaterial. clock is time.Now.
func Detect(train, test string, clock func() time.Time) (DetectReport, error) {
	r := DetectReport{Train: train, Test: test}
	examples, config, err := trainingTexts(train)
	if err != nil {
		return r, err
	}
	r.Examples, r.Classes = len(examples), countLabels(examples)
	if test == "" {
		return r.crossValidate(examples, config, clock)
	}
	start := clock()
	model, err := detect.Train(examples, config)
	if err != nil {
		return r, fmt.Errorf("train on %s: %w", train, err)
	}
	r.Seconds = clock().Sub(start).Seconds()
	return r.judge(model, clock)
}

// judge tests a model on the report's other collection.
func (r DetectReport) judge(model *detect.Model, clock func() time.Time) (DetectReport, error) {
	against, err := readLabelled(r.Test)
	if err != nil {
		return r, err
	}
	var outcomes []detect.Outcome
	r.Score, outcomes = model.Evaluate(against)
	r.Confusions, r.ByLanguage = confusions(outcomes), byLanguage(against, outcomes)
	r.Millis = millisPerText(model, against, clock)
	var stored bytes.Buffer
	if err := model.Encode(&stored); err != nil {
		return r, err
	}
	r.ModelBytes = stored.Len()
	return r, nil
}

func (r DetectReport) crossValidate(examples []detect.Example, c detect.Config, clock func() time.Time) (DetectReport, error) {
	r.Folds = detectFolds
	start := clock()
	score, outcomes, err := detect.CrossValidate(examples, c)
	if err != nil {
		return r, fmt.Errorf("cross-validate %s: %w", r.Train, err)
	}
	r.Seconds = clock().Sub(start).Seconds()
	r.Score, r.Confusions = score, confusions(outcomes)
	return r, nil
}

func trainingTexts(name string) ([]detect.Example, detect.Config, error) {
	config := detect.Config{Folds: detectFolds}
	if name != ShippedMaterial {
		examples, err := readLabelled(name)
		return examples, config, err
	}
	pack, err := taxonomy.LoadPack()
	if err != nil {
		return nil, config, err
	}
	config.Classes = pack.Classes
	examples, err := detect.Shipped()
	return examples, config, err
}

func countLabels(examples []detect.Example) int {
	seen := map[string]bool{}
	for _, e := range examples {
		seen[e.Label] = true
	}
	return len(seen)
}

// mostConfusions is how many kinds of mistakes a report lists.
const mostConfusions = 20

func confusions(outcomes []detect.Outcome) []Confusion {
	counted := map[[2]string]Confusion{}
	for _, o := range outcomes {
		if o.Got == o.Label {
			continue
		}
		c := counted[[2]string{o.Label, o.Got}]
		c.Class, c.Taken = o.Label, o.Got
		c.Texts++
		if o.Sure {
			c.Sure++
		}
		counted[[2]string{o.Label, o.Got}] = c
	}
	all := slices.SortedFunc(maps.Values(counted), func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(b.Texts, a.Texts), cmp.Compare(a.Class, b.Class), cmp.Compare(a.Taken, b.Taken))
	})
	return all[:min(len(all), mostConfusions)]
}

func byLanguage(examples []detect.Example, outcomes []detect.Outcome) map[string]float64 {
	parts := map[string][]detect.Outcome{}
	for i, e := range examples {
		if e.Language != "" {
			parts[e.Language] = append(parts[e.Language], outcomes[i])
		}
	}
	scores := map[string]float64{}
	for language, part := range parts {
		scores[language] = detect.Measure(part).MacroF1
	}
	return scores
}

// millisPerText is the mean time of recognising one text, over at most 200 of them.
func millisPerText(m *detect.Model, examples []detect.Example, clock func() time.Time) float64 {
	examples = examples[:min(len(examples), 200)]
	start := clock()
	for _, e := range examples {
		m.Detect(e.Text, "")
	}
	return 1000 * clock().Sub(start).Seconds() / float64(max(1, len(examples)))
}

// Table implements Report.
func (r DetectReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "training texts\t%d of %d classes\n", r.Examples, r.Classes)
	if r.Folds > 0 {
		fmt.Fprintf(t, "tested on\t%d texts, cross-validation in %d parts\n", r.Texts, r.Folds)
	} else {
		fmt.Fprintf(t, "tested on\t%d texts\n", r.Texts)
	}
	fmt.Fprintf(t, "macro-F1\t%.4f\n", r.MacroF1)
	fmt.Fprintf(t, "accuracy\t%.4f\n", r.Accuracy)
	fmt.Fprintf(t, "calibration error\t%.4f\n", r.Calibration)
	for _, l := range slices.Sorted(maps.Keys(r.ByLanguage)) {
		fmt.Fprintf(t, "macro-F1, %s\t%.4f\n", l, r.ByLanguage[l])
	}
	fmt.Fprintf(t, "without a person\t%.3f of all texts, %.4f of them rightly (by the classes' thresholds)\n", r.Decided.Coverage, r.Decided.Precision)
	fmt.Fprintf(t, "\nthreshold\tcoverage\tprecision\n")
	for _, p := range r.Curve {
		fmt.Fprintf(t, "%.2f\t%.3f\t%.4f\n", p.Threshold, p.Coverage, p.Precision)
	}
	if len(r.Labels) <= 20 {
		writeLabels(t, r.Labels)
	}
	writeConfusions(t, r.Confusions)
	fmt.Fprintf(t, "\ntraining\t%.1f s\n", r.Seconds)
	if r.ModelBytes > 0 {
		fmt.Fprintf(t, "recognition\t%.2f ms a text\n", r.Millis)
		fmt.Fprintf(t, "stored model\t%.1f MB\n", float64(r.ModelBytes)/1e6)
	}
	return t.Flush()
}

func writeLabels(w io.Writer, labels map[string]detect.Label) {
	fmt.Fprintf(w, "\nclass\ttexts\tprecision\trecall\tF1\n")
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		l := labels[name]
		fmt.Fprintf(w, "%s\t%d\t%.3f\t%.3f\t%.3f\n", name, l.Texts, l.Precision, l.Recall, l.F1)
	}
}

func writeConfusions(w io.Writer, all []Confusion) {
	if len(all) > 0 {
		fmt.Fprintf(w, "\nclass\ttaken for\ttexts\tunasked\n")
	}
	for _, c := range all {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\n", c.Class, c.Taken, c.Texts, c.Sure)
	}
}

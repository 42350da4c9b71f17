package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/capture/detect"
)

// Each text has one of twenty telling words: the more texts are trained on, the more of those words are known.
func TestLearningCurveRises(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 120 {
		word := strings.Repeat(string(rune('a'+i%20)), 6)
		fmt.Fprintf(&b, "%s\tsomething about %s today\n", []string{"one", "other"}[i%20/10], word)
	}
	path := filepath.Join(t.TempDir(), "texts.tsv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Learning(path, []int{12, 500}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	few, many := r.Curve[0], r.Curve[1]
	if few.Texts != 12 || many.Texts != 108 {
		t.Errorf("trained on %d and %d texts, want 12 and 108", few.Texts, many.Texts)
	}
	if few.MacroF1 > 0.9 || many.MacroF1 < 0.95 {
		t.Errorf("macro-F1 %.3f after few texts, %.3f after many", few.MacroF1, many.MacroF1)
	}
	for _, p := range r.Curve {
		if p.MacroF1 < p.Interval[0] || p.MacroF1 > p.Interval[1] {
			t.Errorf("macro-F1 %.3f is not within %.3f", p.MacroF1, p.Interval)
		}
	}
}

// 400 texts of two balanced labels, 80 % of them right: the standard error of the share is 0.02, the interval about 0.08.
// Repeats that say the same must not make it narrower.
func TestIntervalIsOfTheTexts(t *testing.T) {
	t.Parallel()
	var outcomes []detect.Outcome
	for i := range 400 {
		o := detect.Outcome{Label: "ab"[i%2 : i%2+1]}
		o.Got = o.Label
		if i%10 < 2 {
			o.Got = "ba"[i%2 : i%2+1]
		}
		outcomes = append(outcomes, o)
	}
	for _, repeats := range [][][]detect.Outcome{{outcomes}, {outcomes, outcomes, outcomes, outcomes}} {
		got := interval(repeats)
		if width := got[1] - got[0]; width < 0.06 || width > 0.1 || got[0] > 0.8 || got[1] < 0.8 {
			t.Errorf("%d repeats: %.3f", len(repeats), got)
		}
	}
}

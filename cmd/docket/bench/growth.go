package bench

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"docket/capture/extract"
	"docket/taxonomy"
)

// A GrowthReport says how the time to find fields grows with the length of texts made to take long.
type GrowthReport struct {
	Parts []int        `json:"parts"` // how often the text's part is repeated
	Texts []GrowthText `json:"texts"`
}

// A GrowthText is one hostile text. Times are the best of three, in milliseconds.
type GrowthText struct {
	Text  string    `json:"text"`
	Times []float64 `json:"ms"` // in the order of Parts
	// Power is p where the time grows as length to the p, from the shortest to the longest: 1 is what is wanted, and a quadratic step
	// shows as a value on its way to 2.
	Power float64 `json:"power"`
}

// growthParts double, so that a step that is not linear shows.
var growthParts = []int{500, 1000, 2000, 4000, 8000}

// hostile are parts of texts that make a careless rule look again and again at what it has seen.
var hostile = [][2]string{
	{"one line of mail signs", "a.b@"},
	{"one line of postcodes", "1010 Wien 5 "},
	{"one line of commas", "1010 Wien, , "},
	{"one line of labels", "name: customer number invoice "},
	{"dates", "within 14 days on 14 March 2026 until 1.2.2026\n"},
	{"terms", "refund\nreplacement\nlate delivery\ncredit card\n"},
	{"amounts", "refund of 1.234,50 € total 12 500 руб. 50 коп. "},
	{"numbers", "1234-5678/"},
	{"names", "From: Anna Bell\n"},
	{"paragraphs of signatures", "Yours sincerely\n\nAnna Bell\n\n"},
}

// Table implements Report.
func (r GrowthReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, n := range r.Parts {
		fmt.Fprintf(t, "%d parts, ms\t", n)
	}
	fmt.Fprintln(t, "power\t  text")
	for _, text := range r.Texts {
		for _, ms := range text.Times {
			fmt.Fprintf(t, "%.1f\t", ms)
		}
		fmt.Fprintf(t, "%.2f\t  %s\n", text.Power, text.Text)
	}
	return t.Flush()
}

// Growth measures how finding fields grows with length. clock is time.Now.
func Growth(ctx context.Context, clock func() time.Time) (GrowthReport, error) {
	pack, err := taxonomy.LoadPack()
	if err != nil {
		return GrowthReport{}, err
	}
	e := extract.New(pack.Vocabularies, extract.House{})
	r := GrowthReport{Parts: growthParts}
	for _, h := range hostile {
		text := GrowthText{Text: h[0]}
		for _, n := range growthParts {
			if err := ctx.Err(); err != nil {
				return r, err
			}
			text.Times = append(text.Times, bestOf(3, e, strings.Repeat(h[1], n), clock))
		}
		text.Power = power(growthParts, text.Times)
		r.Texts = append(r.Texts, text)
	}
	return r, nil
}

// bestOf gives the shortest of some times, for what disturbs a measurement only makes it longer.
func bestOf(runs int, e *extract.Extractor, text string, clock func() time.Time) float64 {
	best := math.Inf(1)
	layouts := textLayouts(text)
	for range runs {
		start := clock()
		e.Extract(layouts, "en", start)
		best = min(best, float64(clock().Sub(start).Microseconds())/1000)
	}
	return best
}

// power is the exponent of growth between the first and the last measurement.
func power(lengths []int, times []float64) float64 {
	last := len(times) - 1
	return math.Log(max(times[last], 0.001)/max(times[0], 0.001)) / math.Log(float64(lengths[last])/float64(lengths[0]))
}

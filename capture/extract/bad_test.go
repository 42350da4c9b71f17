package extract

import (
	"strings"
	"testing"
	"time"

	"docket/taxonomy"
)

// FuzzExtract: whatever the text, nothing panics, values have their form, and places lie on the page.
func FuzzExtract(f *testing.F) {
	for _, c := range letters {
		f.Add(c.text, c.language)
	}
	f.Add("@.@ 12.34.56 €€ 1,,2 -- +++ DE DE00 31.02.2026 №", "ru")
	f.Add("CLM-2026-000123-\f-7 Kundennummer:\n\n\n:", "de")
	e := New(vocabularies, own)
	f.Fuzz(func(t *testing.T, text, language string) {
		for id, v := range e.Extract(typed(text), language, received) {
			if v.Value == "" || v.How == "" || v.Confidence < 0 || v.Confidence > 1 || v.Page < 1 {
				t.Errorf("%s: %+v", id, v)
			}
			switch id {
			case taxonomy.LetterDate, taxonomy.IncidentDate, taxonomy.Deadline:
				if _, err := time.Parse(isoDay, v.Value); err != nil {
					t.Error(err)
				}
			case taxonomy.TicketNumber:
				if !taxonomy.ValidNumber(v.Value) {
					t.Errorf("ticket number %q is not valid", v.Value)
				}
			case taxonomy.IBAN:
				if mod97([]byte(v.Value)) != 1 {
					t.Errorf("IBAN %q is not valid", v.Value)
				}
			}
		}
	})
}

// TestTimeGrowsWithLength gives ever longer hostile texts: eight times the text may take at most about eight times as long.
// A quadratic step would take sixty-four times as long.
func TestTimeGrowsWithLength(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	e := New(vocabularies, House{})
	for name, part := range map[string]string{
		"one line of mail signs":   "a.b@",
		"one line of postcodes":    "1010 Wien 5 ",
		"one line of commas":       "1010 Wien, , ",
		"one line of labels":       "name: customer number invoice ",
		"dates":                    "within 14 days on 14 March 2026 until 1.2.2026\n",
		"terms":                    "refund\nreplacement\nlate delivery\ncredit card\n",
		"amounts":                  "refund of 1.234,50 € total 12 500 руб. 50 коп. ",
		"numbers":                  "1234-5678/",
		"names":                    "From: Anna Bell\n",
		"paragraphs of signatures": "Yours sincerely\n\nAnna Bell\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			const short = 500
			took := func(n int) time.Duration {
				layouts := typed(strings.Repeat(part, n))
				start := time.Now()
				e.Extract(layouts, "en", received)
				return time.Since(start)
			}
			var base, long time.Duration
			for range 4 { // a busy machine may disturb one measurement, hardly four
				base, long = max(took(short), time.Millisecond), took(8*short)
				if long <= 32*base {
					return
				}
			}
			t.Errorf("%d parts took %v, %d parts %v", short, base, 8*short, long)
		})
	}
}

package extract

import (
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

package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"docket/capture/detect"
	"docket/capture/extract"
	"docket/repository"
	"docket/repository/fault"
	"docket/taxonomy"
)

// ExtractOptions say how fields are measured.
type ExtractOptions struct {
	Text    bool          // from the text in the truth, not from the files
	Layouts string        // folder in which layouts are kept, so that a second run needs no recognition; empty for none
	House   extract.House // the house the post is for; the zero House is unknown
}

// A FieldScore says how well one field was found. A wrong value counts against precision and against recall.
type FieldScore struct {
	Field     taxonomy.FieldID `json:"field"`
	Truth     int              `json:"truth"` // documents that have it
	Found     int              `json:"found"` // documents in which something was found
	Right     int              `json:"right"`
	Precision float64          `json:"precision"` // right of found
	Recall    float64          `json:"recall"`    // right of truth
	F1        float64          `json:"f1"`        // harmonic mean of the two
}

// A FieldMistake is one value that is wrong, missing (Got is empty) or not on the document (Want is empty).
type FieldMistake struct {
	File       string           `json:"file"`
	Field      taxonomy.FieldID `json:"field"`
	Want       string           `json:"want"`
	Got        string           `json:"got"`
	Confidence float64          `json:"confidence"`
	How        string           `json:"how"`
}

// An ExtractReport is how well the fields of a folder's documents were found. All sums over all fields (micro average).
type ExtractReport struct {
	Documents      int            `json:"documents"`
	Failed         int            `json:"failed"` // could not be read
	Pages          int            `json:"pages"`
	All            FieldScore     `json:"all"`
	Fields         []FieldScore   `json:"fields"`
	MillisPerPage  float64        `json:"ms_per_page"` // extraction alone
	SlowestMillis  float64        `json:"slowest_ms"`  // of one document
	Mistakes       []FieldMistake `json:"mistakes"`
	SecondsReading float64        `json:"seconds_reading"`
}

// Extract finds the fields of every document below dir that has its truth beside it: x.json for x.pdf. now is the clock.
func Extract(ctx context.Context, dir string, o ExtractOptions, now func() time.Time) (*ExtractReport, error) {
	truths, err := readTruths(dir)
	if err != nil {
		return nil, err
	}
	if len(truths) == 0 {
		return nil, fault.New(fault.Invalid, "There is no file with a truth (.json) beside it in %s.", dir)
	}
	pack, err := taxonomy.LoadPack()
	if err != nil {
		return nil, err
	}
	start := now()
	r := &ExtractReport{}
	pieces, err := layoutsOf(ctx, truths, o)
	if err != nil {
		return nil, err
	}
	r.SecondsReading = now().Sub(start).Seconds()
	e := extract.New(pack.Vocabularies, o.House)
	scores := map[taxonomy.FieldID]*FieldScore{}
	has := fieldsOf(pack.Classes)
	for _, p := range pieces {
		if p.err != nil || len(p.layouts) == 0 {
			r.Failed++
		}
		began := now()
		got := e.Extract(p.layouts, languageOf(p.layouts), began)
		took := now().Sub(began).Seconds() * 1000
		r.SlowestMillis = max(r.SlowestMillis, took)
		r.MillisPerPage += took
		r.Pages += len(p.layouts)
		r.Documents++
		r.count(p.truth, got, has, scores)
	}
	r.MillisPerPage /= float64(max(1, r.Pages))
	r.finish(scores)
	return r, nil
}

// languageOf is the language the layouts name most often, else the one their text is in.
func languageOf(layouts []repository.Layout) string {
	words, text := map[string]int{}, strings.Builder{}
	for _, l := range layouts {
		words[l.Language] += len(l.Words)
		text.WriteString(l.Text() + "\n")
	}
	delete(words, "")
	best := ""
	for l, n := range words {
		if best == "" || n > words[best] {
			best = l
		}
	}
	if best == "" {
		best = detect.DetectLanguage(text.String()).Language
	}
	return best
}

// fieldsOf says which fields documents of each class have.
func fieldsOf(classes []taxonomy.Class) map[taxonomy.ClassID]map[taxonomy.FieldID]bool {
	has := map[taxonomy.ClassID]map[taxonomy.FieldID]bool{}
	for _, c := range classes {
		has[c.ID] = map[taxonomy.FieldID]bool{}
		for _, f := range c.Fields {
			has[c.ID][f.Field] = true
		}
	}
	return has
}

// count compares the values of one document with the truth, field by field. As in reading post, a find of a field that
// the document's class does not have is not kept; but what the truth names must be found all the same.
func (r *ExtractReport) count(t pieceTruth, got taxonomy.Values, has map[taxonomy.ClassID]map[taxonomy.FieldID]bool, scores map[taxonomy.FieldID]*FieldScore) {
	for _, id := range extractedFields {
		s := scores[id]
		if s == nil {
			s = &FieldScore{Field: id}
			scores[id] = s
		}
		want, value := t.Fields[id], got.Get(id)
		if !t.knows(id) || want == "" && has[t.Class] != nil && !has[t.Class][id] {
			continue
		}
		if want != "" {
			s.Truth++
		}
		if value != "" {
			s.Found++
		}
		switch {
		case want == "" && value == "":
		case want != "" && sameValue(id, want, value):
			s.Right++
		default:
			r.Mistakes = append(r.Mistakes, FieldMistake{t.File, id, want, value, got[id].Confidence, got[id].How})
		}
	}
}

// extractedFields in the order in which they are listed.
var extractedFields = []taxonomy.FieldID{
	taxonomy.LetterDate, taxonomy.SenderName, taxonomy.SenderAddress, taxonomy.SenderEmail, taxonomy.SenderPhone,
	taxonomy.CustomerNumber, taxonomy.ContractNumber, taxonomy.PolicyNumber, taxonomy.InvoiceNumber, taxonomy.TicketNumber,
	taxonomy.Amount, taxonomy.IBAN, taxonomy.IncidentDate, taxonomy.Deadline, taxonomy.Product, taxonomy.Subject, taxonomy.Remedy,
}

// sameValue compares normalised values; names and addresses without case, accents and punctuation.
func sameValue(id taxonomy.FieldID, a, b string) bool {
	if id != taxonomy.SenderName && id != taxonomy.SenderAddress {
		return a == b
	}
	return comparable1(a) == comparable1(b)
}

func comparable1(s string) string {
	var words []string
	for _, t := range taxonomy.Tokens(s) {
		words = append(words, t.Folded)
	}
	return strings.Join(words, " ")
}

func (r *ExtractReport) finish(scores map[taxonomy.FieldID]*FieldScore) {
	r.All.Field = "all"
	for _, id := range extractedFields {
		s := scores[id]
		if s.Truth+s.Found == 0 {
			continue
		}
		s.rate()
		r.Fields = append(r.Fields, *s)
		r.All.Truth, r.All.Found, r.All.Right = r.All.Truth+s.Truth, r.All.Found+s.Found, r.All.Right+s.Right
	}
	r.All.rate()
}

func (s *FieldScore) rate() {
	s.Precision, s.Recall = share(s.Right, s.Found), share(s.Right, s.Truth)
	if s.Precision+s.Recall > 0 {
		s.F1 = 2 * s.Precision * s.Recall / (s.Precision + s.Recall)
	}
}

// Table prints one line for each field and the sum.
func (r *ExtractReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "field\ttruth\tfound\tright\tprecision\trecall\tF1\t")
	for _, s := range append(slices.Clone(r.Fields), r.All) {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%.3f\t%.3f\t%.3f\t\n", s.Field, s.Truth, s.Found, s.Right, s.Precision, s.Recall, s.F1)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d documents (%d not read), %d pages, %.1f ms a page, slowest document %.0f ms, reading %.0f s\n",
		r.Documents, r.Failed, r.Pages, r.MillisPerPage, r.SlowestMillis, r.SecondsReading)
	return err
}

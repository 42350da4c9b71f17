package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"docket/capture/detect"
	"docket/capture/sample"
	"docket/taxonomy"
)

// A Taken is what the whole pipeline made of one document of a mailbag.
type Taken struct {
	File       string // name of the piece; of an attachment "00012.eml/letter.pdf"
	Truth      sample.Truth
	Class      taxonomy.ClassID // the best guess; empty when it could not be read
	Confidence float64
	Filed      bool // without a person
	Cover      bool // a message that says little itself and takes its class from what it brings
	Doubts     []string
	Fields     taxonomy.Values
	Text       string // as recognised
}

// A MailbagReport says how well a mailbag was taken in. A cover counts under the class of what it brings, which is what its
// truth says and what the pipeline aims at. Copies of earlier pieces are left out: they are told by their bytes.
type MailbagReport struct {
	Pieces     int                     `json:"pieces"`
	Seed       uint64                  `json:"seed"`
	Documents  int                     `json:"documents"` // pieces without copies, and attachments
	Unread     int                     `json:"unread"`
	MacroF1    float64                 `json:"macro_f1"` // of the best guess, mean over the classes
	Accuracy   float64                 `json:"accuracy"`
	Certain    Decided                 `json:"certain"` // the class is certain enough by its threshold, whatever else a person is asked
	Filed      Decided                 `json:"filed"`   // no person was asked anything
	Labels     map[string]detect.Label `json:"labels"`
	ByLanguage map[string]float64      `json:"macro_f1_by_language"`
	ByKind     map[string]float64      `json:"accuracy_by_kind"`
	Confusions []Confusion             `json:"confusions"`
	Fields     ExtractReport           `json:"fields"`
	Questions  []Question              `json:"questions"` // every document whose class is wrong or was asked about
	Seconds    float64                 `json:"seconds"`   // from the door to the index
	taken      []Taken
}

// Decided is what became of documents without a person's help.
type Decided struct {
	Coverage float64 `json:"coverage"` // share of all documents
	Wrong    float64 `json:"wrong"`    // share of those decided whose class is wrong
}

// A Question is a document whose class is wrong, or was not certain.
type Question struct {
	File       string           `json:"file"`
	Class      taxonomy.ClassID `json:"class"`
	Got        taxonomy.ClassID `json:"got"`
	Confidence float64          `json:"confidence"`
	Certain    bool             `json:"certain"`
	Language   string           `json:"language"`
	Kind       sample.Kind      `json:"kind"`
	Cover      bool             `json:"cover,omitempty"`
	Doubts     []string         `json:"doubts,omitempty"`
}

// Mailbag compares what was taken in with the truth.
func Mailbag(taken []Taken, classes []taxonomy.Class) *MailbagReport {
	r := &MailbagReport{Documents: len(taken), taken: taken}
	thresholds := map[taxonomy.ClassID]float64{}
	for _, c := range classes {
		thresholds[c.ID] = c.Threshold
	}
	var outcomes, filed []detect.Outcome
	kinds := map[string][]detect.Outcome{}
	var examples []detect.Example
	for _, t := range taken {
		certain := t.Filed || !t.Cover && t.Class != "" && t.Class != taxonomy.Unknown && t.Confidence >= thresholds[t.Class]
		o := detect.Outcome{Label: string(t.Truth.Class), Got: string(t.Class), Confidence: t.Confidence, Sure: certain}
		outcomes = append(outcomes, o)
		filed = append(filed, detect.Outcome{Label: o.Label, Got: o.Got, Sure: t.Filed})
		kinds[string(t.Truth.Kind)] = append(kinds[string(t.Truth.Kind)], o)
		examples = append(examples, detect.Example{Language: t.Truth.Language})
		if t.Class == "" {
			r.Unread++
		}
		if o.Got != o.Label || !certain {
			r.Questions = append(r.Questions, Question{t.File, t.Truth.Class, t.Class, t.Confidence, certain, t.Truth.Language, t.Truth.Kind, t.Cover, t.Doubts})
		}
	}
	score := detect.Measure(outcomes)
	r.MacroF1, r.Accuracy, r.Labels = score.MacroF1, score.Accuracy, score.Labels
	r.Certain, r.Filed = decidedOf(score.Decided), decidedOf(detect.Measure(filed).Decided)
	r.Confusions, r.ByLanguage = confusions(outcomes), byLanguage(examples, outcomes)
	r.ByKind = map[string]float64{}
	for kind, part := range kinds {
		r.ByKind[kind] = detect.Measure(part).Accuracy
	}
	r.scoreFields(fieldsOf(classes))
	return r
}

func decidedOf(p detect.Point) Decided { return Decided{p.Coverage, 1 - p.Precision} }

func (r *MailbagReport) scoreFields(has map[taxonomy.ClassID]map[taxonomy.FieldID]bool) {
	scores := map[taxonomy.FieldID]*FieldScore{}
	for _, t := range r.taken {
		truth := pieceTruth{File: t.File, Class: t.Truth.Class, Fields: t.Truth.Fields}
		r.Fields.count(truth, ownFields(t), has, scores)
		r.Fields.Documents++
		r.Fields.Pages += t.Truth.Pages
	}
	r.Fields.finish(scores)
}

// ownFields leaves out what a cover was rightly given from what it brings: its truth tells only what it says itself.
func ownFields(t Taken) taxonomy.Values {
	own := maps.Clone(t.Fields)
	maps.DeleteFunc(own, func(id taxonomy.FieldID, v taxonomy.Value) bool {
		return t.Cover && t.Truth.Fields[id] == "" && slices.ContainsFunc(t.Truth.Attachments, func(a sample.Truth) bool {
			return a.Fields[id] != "" && sameValue(id, a.Fields[id], v.Value)
		})
	})
	return own
}

// WriteTexts writes the texts as they were recognised, with their right classes, as a collection for Detect. Covers are left
// out, for their own words do not tell what they are.
func (r *MailbagReport) WriteTexts(w io.Writer) error {
	type labelled struct {
		Text  string           `json:"text"`
		Label taxonomy.ClassID `json:"label"`
		File  string           `json:"file"`
	}
	var all []labelled
	for _, t := range r.taken {
		if !t.Cover && t.Class != "" {
			all = append(all, labelled{t.Text, t.Truth.Class, t.File})
		}
	}
	return json.NewEncoder(w).Encode(all)
}

// Table implements Report.
func (r *MailbagReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "mailbag\t%d pieces, seed %d: %d documents, %d not read\n", r.Pieces, r.Seed, r.Documents, r.Unread)
	fmt.Fprintf(t, "class, macro-F1\t%.4f\n", r.MacroF1)
	fmt.Fprintf(t, "class, accuracy\t%.4f\n", r.Accuracy)
	fmt.Fprintf(t, "class certain\t%.3f of all, %.2f %% of them wrong\n", r.Certain.Coverage, 100*r.Certain.Wrong)
	fmt.Fprintf(t, "filed without a person\t%.3f of all, %.2f %% of them in a wrong class\n", r.Filed.Coverage, 100*r.Filed.Wrong)
	fmt.Fprintf(t, "fields, F1\t%.4f (precision %.3f, recall %.3f)\n", r.Fields.All.F1, r.Fields.All.Precision, r.Fields.All.Recall)
	for _, l := range slices.Sorted(maps.Keys(r.ByLanguage)) {
		fmt.Fprintf(t, "macro-F1, %s\t%.4f\n", l, r.ByLanguage[l])
	}
	for _, k := range slices.Sorted(maps.Keys(r.ByKind)) {
		fmt.Fprintf(t, "accuracy, %s\t%.4f\n", k, r.ByKind[k])
	}
	writeLabels(t, r.Labels)
	writeConfusions(t, r.Confusions)
	fmt.Fprintf(t, "\nfield\ttruth\tfound\tright\tprecision\trecall\tF1\n")
	for _, s := range r.Fields.Fields {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%.3f\t%.3f\t%.3f\n", s.Field, s.Truth, s.Found, s.Right, s.Precision, s.Recall, s.F1)
	}
	fmt.Fprintf(t, "\nfrom the door to the index\t%.0f s\n", r.Seconds)
	return t.Flush()
}

// TableOfQuestions lists the documents whose class is wrong or was asked about, and every wrong value.
func (r *MailbagReport) TableOfQuestions(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, q := range r.Questions {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%.2f\t%s\n", q.File, q.Language, q.Kind, q.Class, q.Got, q.Confidence, remark(q))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, m := range r.Fields.Mistakes {
		fmt.Fprintf(w, "%s %s: want %q, got %q (%.2f, %s)\n", m.File, m.Field, m.Want, m.Got, m.Confidence, m.How)
	}
	return nil
}

func remark(q Question) string {
	var marks []string
	if q.Got != q.Class && q.Certain {
		marks = append(marks, "WRONG AND CERTAIN")
	}
	if q.Cover {
		marks = append(marks, "cover")
	}
	return strings.Join(append(marks, q.Doubts...), "; ")
}

package bench

import (
	"bytes"
	"strings"
	"testing"

	"docket/capture/sample"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
)

func TestMailbagCountsWhatIsDecidedAlone(t *testing.T) {
	t.Parallel()
	complaint, claim := taxonomy.Complaint, taxonomy.Claim
	classes := []taxonomy.Class{{ID: complaint, Threshold: 0.8}, {ID: claim, Threshold: 0.8}}
	taken := []Taken{
		{File: "right", Truth: sample.Truth{Class: complaint}, Class: complaint, Confidence: 0.9, Filed: true},
		{File: "field missing", Truth: sample.Truth{Class: complaint}, Class: complaint, Confidence: 0.9},
		{File: "unsure", Truth: sample.Truth{Class: claim}, Class: claim, Confidence: 0.6},
		{File: "wrong", Truth: sample.Truth{Class: claim}, Class: complaint, Confidence: 0.95, Filed: true},
		{File: "cover that waits", Truth: sample.Truth{Class: claim}, Class: claim, Confidence: 0.9, Cover: true},
		{File: "unread", Truth: sample.Truth{Class: claim}},
	}
	r := Mailbag(taken, classes)
	if want := (Decided{Coverage: 3. / 6, Wrong: 1. / 3}); !near(r.Certain, want) {
		t.Errorf("class certain: %+v, want %+v", r.Certain, want)
	}
	if want := (Decided{Coverage: 2. / 6, Wrong: 1. / 2}); !near(r.Filed, want) {
		t.Errorf("filed: %+v, want %+v", r.Filed, want)
	}
	if r.Unread != 1 {
		t.Errorf("%d not read, want 1", r.Unread)
	}
	var asked []string
	for _, q := range r.Questions {
		asked = append(asked, q.File)
	}
	if d := cmp.Diff([]string{"unsure", "wrong", "cover that waits", "unread"}, asked); d != "" {
		t.Errorf("questions (-want +got):\n%s", d)
	}
	var table bytes.Buffer
	if err := r.TableOfQuestions(&table); err != nil || strings.Count(table.String(), "WRONG AND CERTAIN") != 1 {
		t.Errorf("%v\n%s", err, table.String())
	}
}

// near compares shares, which are quotients.
func near(a, b Decided) bool {
	return max(a.Coverage-b.Coverage, b.Coverage-a.Coverage, a.Wrong-b.Wrong, b.Wrong-a.Wrong) < 1e-9
}

// What a cover was rightly given from what it brings is not on it, and no mistake; what it was wrongly given is one.
func TestMailbagJudgesCoversByTheirOwnFields(t *testing.T) {
	t.Parallel()
	letter := sample.Truth{File: "letter.pdf", Class: taxonomy.Claim, Fields: map[taxonomy.FieldID]string{taxonomy.PolicyNumber: "POL-1", taxonomy.IBAN: "GB1"}}
	cover := sample.Truth{Class: taxonomy.Claim, Fields: map[taxonomy.FieldID]string{taxonomy.SenderEmail: "a@b.example"}, Attachments: []sample.Truth{letter}}
	r := Mailbag([]Taken{{File: "m.eml", Truth: cover, Class: taxonomy.Claim, Cover: true, Filed: true, Fields: taxonomy.Values{
		taxonomy.SenderEmail: {Value: "a@b.example"}, taxonomy.PolicyNumber: {Value: "POL-1"}, taxonomy.IBAN: {Value: "GB2"},
	}}}, nil)
	if r.Fields.All.Found != 2 || r.Fields.All.Right != 1 {
		t.Errorf("found %d, right %d; want 2 and 1: %+v", r.Fields.All.Found, r.Fields.All.Right, r.Fields.Mistakes)
	}
}

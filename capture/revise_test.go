package capture_test

import (
	"context"
	"strings"
	"testing"

	"docket/capture"
	"docket/repository"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

const complaint = `Margaret Whitcombe
14 Harbour Lane
Bristol BS1 4QA

14 March 2026

Customer number: K-20418833

Complaint about a late delivery

Dear Sir or Madam,

I wish to complain formally. My washing machine was delivered three weeks late, although I had paid for express delivery.
I took two days off work and nobody came. I am very unhappy with your service and ask for a refund of the delivery fee.

Yours faithfully,
Margaret Whitcombe
`

// A new version of a filed document is read like the first: its text, its pages and its values follow.
func TestANewVersionIsReadAgain(t *testing.T) {
	m := openMachine(t)
	p := m.hand("letter.txt", complaint)
	before := m.record(p.Document)
	if p.State != capture.Filed || before.Values.Get(taxonomy.CustomerNumber) != "K-20418833" {
		t.Fatalf("the letter is %s (%s), customer number %q", p.State, p.Reason, before.Values.Get(taxonomy.CustomerNumber))
	}
	m.revise(p.Document, strings.Replace(complaint, "K-20418833", "K-30527744", 1))
	if r := m.reading(p.Document); r.Version != 2 {
		t.Errorf("the reading is of version %d", r.Version)
	}
	after := m.record(p.Document)
	if got := after.Values.Get(taxonomy.CustomerNumber); got != "K-30527744" {
		t.Errorf("customer number %q", got)
	}
	if after.Class != before.Class || after.Party != before.Party {
		t.Errorf("class %s, party %s; before %s, %s", after.Class, after.PartyName, before.Class, before.PartyName)
	}
	texts, err := m.in.Store.Texts(t.Context(), m.Pool, []repository.DocumentID{p.Document})
	if err != nil || !strings.Contains(texts[p.Document][0].Text, "K-30527744") {
		t.Errorf("texts %v, %v", texts, err)
	}
	sheets := &capture.Sheets{Pool: m.Pool, Store: m.in.Store}
	second := must(m.in.Store.Version(t.Context(), m.Pool, p.Document, 2))
	for _, kind := range []repository.RenditionKind{repository.PageImage, repository.Thumbnail, repository.PageLayout} {
		if _, err := sheets.Rendition(t.Context(), second, kind, 1); err != nil {
			t.Errorf("%s of version 2: %v", kind, err)
		}
	}
	version := after.Version
	m.jobs = append(m.jobs, capture.ReadArgs{Receipt: p.Receipt}, capture.FileArgs{Receipt: p.Receipt})
	m.work()
	if r := m.record(p.Document); m.reading(p.Document).Version != 2 || r.Values.Get(taxonomy.CustomerNumber) != "K-30527744" {
		t.Errorf("done twice it is another: version %d, then %d", version, r.Version)
	}
}

// What a person entered or confirmed is not read again.
func TestANewVersionLeavesWhatAPersonDecided(t *testing.T) {
	m := openMachine(t)
	p := m.hand("letter.txt", complaint)
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := m.plan.Correct(ctx, tx, "mia", p.Document, taxonomy.Correction{Class: taxonomy.Question,
			Values: taxonomy.Values{taxonomy.CustomerNumber: {Value: "K-11111111", Confidence: 1, How: "typed by mia"}}})
		return err
	})
	m.revise(p.Document, strings.Replace(strings.Replace(complaint, "K-20418833", "K-30527744", 1), "14 March", "15 March", 1))
	r := m.record(p.Document)
	if r.Class != taxonomy.Question || r.Values.Get(taxonomy.CustomerNumber) != "K-11111111" || r.DecidedBy != "mia" {
		t.Errorf("%s decided by %s, customer number %q", r.Class, r.DecidedBy, r.Values.Get(taxonomy.CustomerNumber))
	}
	if got := r.Values.Get(taxonomy.LetterDate); got != "2026-03-15" {
		t.Errorf("date %q: nobody had decided it", got)
	}
}

// A validated document keeps its class and values; what was left empty is filled.
func TestANewVersionOfAValidatedDocument(t *testing.T) {
	m := openMachine(t)
	p := m.hand("note.txt", "Whitcombe 4711")
	if p.State != capture.Waiting {
		t.Fatalf("%s: %s", p.State, p.Reason)
	}
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		return m.in.Decide(ctx, tx, "mia", m.plan, capture.Decision{Document: p.Document, Rev: m.reading(p.Document).Rev, Class: taxonomy.Claim,
			Values: taxonomy.Values{taxonomy.SenderName: {Value: "Anna Novak", Confidence: 1, How: "typed by mia"}}})
	})
	m.revise(p.Document, complaint)
	r, reading := m.record(p.Document), m.reading(p.Document)
	if r.Class != taxonomy.Claim || r.Values.Get(taxonomy.SenderName) != "Anna Novak" || r.Values.Get(taxonomy.CustomerNumber) != "K-20418833" {
		t.Errorf("%s from %q, customer number %q", r.Class, r.Values.Get(taxonomy.SenderName), r.Values.Get(taxonomy.CustomerNumber))
	}
	if reading.Version != 2 || reading.DecidedBy != "mia" || reading.Class != taxonomy.Claim {
		t.Errorf("the reading is %+v", reading)
	}
}

// A document that waits for a person waits no longer when its new version leaves no doubt.
func TestANewVersionAnswersAQuestion(t *testing.T) {
	m := openMachine(t)
	p := m.hand("note.txt", "Whitcombe 4711")
	m.revise(p.Document, complaint)
	if p = m.piece(p); p.State != capture.Filed {
		t.Errorf("%s: %s", p.State, p.Reason)
	}
}

// A new version that cannot be read leaves a filed document as it is, and one that could be read mends an exception.
func TestANewVersionThatCannotBeRead(t *testing.T) {
	m := openMachine(t)
	p := m.hand("letter.txt", complaint)
	m.revise(p.Document, "")
	if p = m.piece(p); p.State != capture.Filed || m.events[len(m.events)-1] != capture.DocumentUnread {
		t.Errorf("%s: %s, the last event is %s", p.State, p.Reason, m.events[len(m.events)-1])
	}
	broken := m.hand("parts.zip", "PK\x03\x04 cut off")
	if broken.State != capture.Exception {
		t.Fatalf("%s: %s", broken.State, broken.Reason)
	}
	m.revise(broken.Document, complaint)
	if broken = m.piece(broken); broken.State != capture.Filed {
		t.Errorf("%s: %s", broken.State, broken.Reason)
	}
}

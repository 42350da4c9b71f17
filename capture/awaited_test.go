package capture_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"docket/capture"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// threadOrder remembers in which order messages were threaded.
type threadOrder []string

func (o *threadOrder) Thread(_ context.Context, _ pgx.Tx, a capture.Arrival) (bool, taxonomy.ClassID, error) {
	*o = append(*o, a.Mail.ID)
	return false, "", nil
}

// An answer that is read sooner than what it answers waits for it. One that answers what came later, or never came, does not.
func TestAnAnswerWaitsForWhatItAnswers(t *testing.T) {
	m := openMachine(t)
	order := &threadOrder{}
	m.filer.Threads = order
	const body = "\r\nI complain about the door that came late and broken.\r\n"
	receive := func(id, answers string) capture.Piece {
		text := "From: eva@customer.example\r\nTo: service@house.example\r\nSubject: The door\r\nMessage-ID: <" + id + "@test.example>\r\n" + answers + body
		p, err := m.in.Receive(t.Context(), capture.Item{Source: "mail", Name: id + ".eml", By: "smtp", Content: strings.NewReader(text),
			Mail: &capture.Delivery{Protocol: "lmtp", Recipients: []string{"service@house.example"}}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	early := receive("early", "In-Reply-To: <question@test.example>\r\n")
	question := receive("question", "References: <early@test.example> <never@test.example>\r\n")
	answer := receive("answer", "References: <never@test.example> <question@test.example>\r\n")
	m.jobs = []river.JobArgs{capture.ReadArgs{Receipt: early.Receipt}}
	m.work()
	m.jobs = nil
	read := &river.Job[capture.ReadArgs]{JobRow: &rivertype.JobRow{Attempt: 1, MaxAttempts: 1}, Args: capture.ReadArgs{Receipt: answer.Receipt}}
	if err := m.reader.Work(t.Context(), read); err != nil {
		t.Fatal(err)
	}
	m.jobs = nil
	file := &river.Job[capture.FileArgs]{JobRow: &rivertype.JobRow{Attempt: 1, MaxAttempts: 1}, Args: capture.FileArgs{Receipt: answer.Receipt}}
	if _, waits := errors.AsType[*river.JobSnoozeError](m.filer.Work(t.Context(), file)); !waits {
		t.Error("the answer did not wait")
	}
	m.jobs = []river.JobArgs{capture.ReadArgs{Receipt: question.Receipt}}
	m.work()
	if err := m.filer.Work(t.Context(), file); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff([]string{"early@test.example", "question@test.example", "answer@test.example"}, []string(*order)); d != "" {
		t.Errorf("threaded (-want +got):\n%s", d)
	}
}

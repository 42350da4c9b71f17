package capture_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"docket/capture"
	"docket/capture/clamdtest"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// openWatched is a machine with a virus scanner.
func openWatched(t *testing.T) (*machine, *clamdtest.Server) {
	t.Helper()
	m := openMachine(t)
	s := clamdtest.Start(t)
	m.in.Scanner = s.Scanner
	return m, s
}

// screening is what the scanner said of a document's version.
func (m *machine) screening(p capture.Piece, version int) capture.Screening {
	m.Helper()
	s, err := capture.FindScreening(m.Context(), m.Pool, p.Document, version)
	if err != nil {
		m.Fatal(err)
	}
	return s
}

// harmful is a letter that the scanner finds something in.
const harmful = complaint + " " + clamdtest.Harmful

// Rule 42: what is clean is read and filed as ever, and it is kept who found it clean.
func TestWhatIsCleanIsReadAndHandedOut(t *testing.T) {
	m, _ := openWatched(t)
	p := m.hand("letter.txt", complaint)
	s := m.screening(p, 1)
	if p.State != capture.Filed || s.Verdict != capture.ScreenClean || !strings.HasPrefix(s.Engine, "ClamAV ") || s.Hand() != nil {
		t.Errorf("%s %s, %+v", p.State, p.Reason, s)
	}
	if !slices.Contains(m.events, capture.DocumentClean) {
		t.Errorf("the journal has %v", m.events)
	}
}

// Rule 42: before the scanner has spoken nothing is handed out.
func TestWhatIsNotCheckedYetIsNotHandedOut(t *testing.T) {
	m, _ := openWatched(t)
	p, err := m.in.Receive(t.Context(), capture.Item{Source: "test", Name: "letter.txt", By: "anna", Content: strings.NewReader(complaint)})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.screening(p, 1).Hand(); !fault.Is(err, fault.Unavailable) {
		t.Errorf("handed out: %v", err)
	}
	if err := capture.MayHandOut(t.Context(), m.Pool, []repository.DocumentID{p.Document}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("may be handed out: %v", err)
	}
}

// Rule 42: what is infected is stored and held, whether it lies open or in an archive.
func TestWhatIsInfectedIsHeld(t *testing.T) {
	m, _ := openWatched(t)
	for name, content := range map[string]string{"letter.txt": harmful, "parts.zip": archive(t, "letter.txt", harmful)} {
		p := m.hand(name, content)
		want := "It contains " + clamdtest.Signature + ". It is kept and not opened; ask your administrator."
		if p.State != capture.Exception || p.Reason != want {
			t.Errorf("%s: %s %q", name, p.State, p.Reason)
		}
		if err := m.screening(p, 1).Show(); !fault.Is(err, fault.Denied) {
			t.Errorf("%s is shown: %v", name, err)
		}
		if r, err := capture.FindReading(t.Context(), m.Pool, p.Document); err == nil {
			t.Errorf("%s was read: %+v", name, r)
		}
	}
	if diff := cmp.Diff([]string{"exception", "exception"}, []string{string(m.named("letter.txt").State), string(m.named("parts.zip").State)}); diff != "" {
		t.Error(diff)
	}
}

// Rule 42: a message whose attachment is infected is filed; the attachment is held, and so is the message as it came.
func TestAMessageIsFiledWithoutItsInfectedAttachment(t *testing.T) {
	o := openPostOffice(t)
	o.in.Scanner = clamdtest.Start(t).Scanner
	o.mustSend("service@house.example", message(complaint, "letter.txt", harmful, "note.txt", invoice))
	o.work()
	want := []string{"My letter.eml filed complaint", "letter.txt exception", "note.txt filed invoice"}
	if diff := cmp.Diff(want, o.ledger()); diff != "" {
		t.Errorf("pieces (-want +got)\n%s", diff)
	}
	s := o.screening(o.named("My letter.eml"), 1)
	if s.Verdict != capture.ScreenInfected || !s.Inside || s.Show() != nil || !fault.Is(s.Hand(), fault.Denied) {
		t.Errorf("%+v", s)
	}
	if s := o.screening(o.named("note.txt"), 1); !s.Open() {
		t.Errorf("the other attachment: %+v", s)
	}
}

// Rule 42: a message whose own words are infected is held as it is, with all that it brings.
func TestAMessageThatIsInfectedItselfIsHeld(t *testing.T) {
	m, _ := openWatched(t)
	m.hand("m.eml", message(harmful, "note.txt", invoice))
	if diff := cmp.Diff([]string{"m.eml exception"}, m.ledger()); diff != "" {
		t.Errorf("pieces (-want +got)\n%s", diff)
	}
}

// Rule 42: while the scanner is away pieces wait, which is said; nothing is lost, and nothing passes.
func TestPiecesWaitForTheScanner(t *testing.T) {
	m, s := openWatched(t)
	s.Stop()
	p := m.hand("letter.txt", complaint)
	q := m.hand("harmful.txt", harmful)
	if p.State != capture.Stored || p.Reason != "It waits for the virus scanner, which does not answer." {
		t.Errorf("%s %q", p.State, p.Reason)
	}
	if err := m.screening(p, 1).Hand(); !fault.Is(err, fault.Unavailable) {
		t.Errorf("handed out: %v", err)
	}
	u, err := capture.FindUnanswered(t.Context(), m.Pool)
	if u.Versions != 2 || u.Trouble != "The virus scanner does not answer." || err != nil {
		t.Errorf("%+v %v", u, err)
	}
	s.Run(t)
	m.jobs, m.put = m.put, nil
	m.work()
	if p, q = m.piece(p), m.piece(q); p.State != capture.Filed || p.Reason != "" || q.State != capture.Exception {
		t.Errorf("%s %q, %s", p.State, p.Reason, q.State)
	}
	if u, err := capture.FindUnanswered(t.Context(), m.Pool); u.Versions != 0 || err != nil {
		t.Errorf("%+v %v", u, err)
	}
}

// A process that knows no scanner leaves what waits for one to those that do; a house that has none any more lets it in.
func TestAHouseDoesAwayWithItsScanner(t *testing.T) {
	m, s := openWatched(t)
	held := m.hand("harmful.txt", harmful)
	s.Stop()
	p := m.hand("letter.txt", complaint)
	m.in.Scanner = nil
	m.jobs, m.put = m.put, nil
	m.work()
	if p = m.piece(p); p.State != capture.Stored {
		t.Fatalf("%s %q", p.State, p.Reason)
	}
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		n, err := m.in.StopScreening(ctx, tx)
		if n != 1 {
			t.Errorf("let %d in", n)
		}
		return err
	})
	m.jobs, m.put = m.put, nil
	m.work()
	if p = m.piece(p); p.State != capture.Filed || m.screening(p, 1).Verdict != capture.ScreenUnchecked {
		t.Errorf("%s %q", p.State, p.Reason)
	}
	if err := m.screening(held, 1).Hand(); !fault.Is(err, fault.Denied) {
		t.Errorf("what was found is handed out: %v", err)
	}
}

// What is too large for the scanner is held, until a person takes it upon them and says why; or let in, where the house says so.
func TestWhatIsTooLargeForTheScanner(t *testing.T) {
	m, _ := openWatched(t)
	large := complaint + strings.Repeat("\n", clamdtest.MaxStream)
	p := m.hand("large.txt", large)
	if p.State != capture.Exception || m.screening(p, 1).Verdict != capture.ScreenOversize {
		t.Fatalf("%s %q", p.State, p.Reason)
	}
	release := func(reason string) error {
		return m.Try(func(ctx context.Context, tx pgx.Tx) error {
			return m.in.Release(ctx, tx, "mia", false, p.Receipt, reason)
		})
	}
	if err := release(" "); !fault.Is(err, fault.Invalid) {
		t.Errorf("released without a reason: %v", err)
	}
	if err := release("Mrs Whitcombe told me that she sends it."); err != nil {
		t.Fatal(err)
	}
	m.work()
	if p, s := m.piece(p), m.screening(p, 1); p.State != capture.Filed || s.Verdict != capture.ScreenReleased || s.By != "mia" || s.Hand() != nil {
		t.Errorf("%s %q %+v", p.State, p.Reason, s)
	}
	if err := release("Again."); !fault.Is(err, fault.Conflict) {
		t.Errorf("released twice: %v", err)
	}
	if !slices.Contains(m.events, journal.Verb(capture.DocumentReleased)) {
		t.Errorf("the journal has %v", m.events)
	}
	m.in.PassOversize = true
	if p := m.hand("other.txt", large+"."); p.State != capture.Filed || m.screening(p, 1).Verdict != capture.ScreenReleased {
		t.Errorf("%s %q", p.State, p.Reason)
	}
}

// A false alarm ends when an administrator says so, or when the scanner, asked again, knows better.
func TestAFalseAlarm(t *testing.T) {
	m, _ := openWatched(t)
	p, q := m.hand("letter.txt", harmful), m.hand("other.txt", harmful+".")
	release := func(administrator bool) error {
		return m.Try(func(ctx context.Context, tx pgx.Tx) error {
			return m.in.Release(ctx, tx, "ada", administrator, p.Receipt, "A false alarm.")
		})
	}
	if err := release(false); !fault.Is(err, fault.Denied) {
		t.Errorf("a clerk released it: %v", err)
	}
	if err := release(true); err != nil {
		t.Fatal(err)
	}
	other := clamdtest.Start(t)
	other.Forget(t)
	m.in.Scanner = other.Scanner
	m.Tx(func(ctx context.Context, tx pgx.Tx) error { return m.in.Retry(ctx, tx, "mia", q.Receipt) })
	m.work()
	if p, q = m.piece(p), m.piece(q); p.State != capture.Filed || q.State != capture.Filed || m.screening(q, 1).Verdict != capture.ScreenClean {
		t.Errorf("%s %q, %s %q", p.State, p.Reason, q.State, q.Reason)
	}
}

// Later versions are checked as the first one was, and leave what was decided before as it is.
func TestLaterVersionsAreChecked(t *testing.T) {
	m, _ := openWatched(t)
	p := m.hand("letter.txt", complaint)
	m.revise(p.Document, harmful)
	if p := m.piece(p); p.State != capture.Filed {
		t.Errorf("%s %q", p.State, p.Reason)
	}
	if first, second := m.screening(p, 1), m.screening(p, 2); !first.Open() || second.Verdict != capture.ScreenInfected {
		t.Errorf("%+v\n%+v", first, second)
	}
	if r := m.reading(p.Document); r.Version != 1 {
		t.Errorf("version %d was read", r.Version)
	}
}

// Without a scanner nothing is kept, and nothing waits.
func TestWithoutAScanner(t *testing.T) {
	m := openMachine(t)
	p := m.hand("letter.txt", harmful)
	if s := m.screening(p, 1); p.State != capture.Filed || s != (capture.Screening{}) || !s.Open() {
		t.Errorf("%s, %+v", p.State, s)
	}
}

// What was stored before there was a scanner is handed out until it is asked for; what is found in it then is held, and said.
func TestWhatWasStoredBeforeThereWasAScanner(t *testing.T) {
	m := openMachine(t)
	p, q := m.hand("letter.txt", harmful), m.hand("other.txt", complaint)
	m.in.Scanner = clamdtest.Start(t).Scanner
	if s := m.screening(p, 1); !s.Open() {
		t.Errorf("%+v", s)
	}
	ids, err := capture.Unscreened(t.Context(), m.Pool, repository.DocumentID{}, 10)
	if diff := cmp.Diff([]repository.DocumentID{p.Document, q.Document}, ids); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	for _, id := range ids {
		m.jobs = append(m.jobs, capture.ScreenArgs{Document: id})
	}
	m.work()
	held, err := capture.HeldLater(t.Context(), m.Pool, 10)
	if len(held) != 1 || held[0].Receipt != p.Receipt || err != nil || m.screening(q, 1).Verdict != capture.ScreenClean {
		t.Errorf("held: %+v %v", held, err)
	}
	if ids, err := capture.Unscreened(t.Context(), m.Pool, repository.DocumentID{}, 10); len(ids) != 0 || err != nil {
		t.Errorf("still to check: %v %v", ids, err)
	}
}

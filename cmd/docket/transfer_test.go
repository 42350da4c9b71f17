package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/capture/sample"
	"docket/cmd/docket/transfer"
	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
)

// typed runs a subcommand in this process and gives what it printed and its status.
func typed(t *testing.T, args ...string) (out, problem string, status int) {
	t.Helper()
	var o, p bytes.Buffer
	status = run(t.Context(), stdio{strings.NewReader(""), &o, &p}, args)
	return o.String(), p.String(), status
}

// wantReport runs an export or import and reads its report.
func wantReport(t *testing.T, args ...string) (r transfer.Report) {
	t.Helper()
	out, problem, status := typed(t, append(args, "--json", "--log", "error")...)
	if err := json.Unmarshal([]byte(out), &r); err != nil || status != 0 {
		t.Fatalf("docket %v: status %d, printed %q and %q", args, status, out, problem)
	}
	return r
}

// revise gives a document a second version.
func (a *app) revise(t *testing.T, id repository.DocumentID, text string) {
	t.Helper()
	c, err := a.store.PutContent(t.Context(), id, 2, "again.txt", strings.NewReader(text), 0)
	if err != nil {
		t.Fatal(err)
	}
	err = postgres.InTx(t.Context(), a.pool, func(tx pgx.Tx) error {
		_, err := a.store.Revise(t.Context(), tx, "anna", id, c, "typed again")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readLines(t *testing.T, bag string) (lines []transfer.Line) {
	t.Helper()
	f, err := os.Open(filepath.Join(bag, "data/documents.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for d := json.NewDecoder(bufio.NewReader(f)); d.More(); {
		var l transfer.Line
		if err := d.Decode(&l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	return lines
}

// A mailbag that was captured in one house is taken out of it while its server runs, brought into an empty house, and is the
// same there: documents, versions, bytes, texts, fields, names and places. It is found, and everything is sound.
func TestDocumentsMoveHouse(t *testing.T) {
	whole(t)
	old := startApp(t, t.TempDir())
	old.receiveBag(t, sample.Options{Pieces: 6, Seed: 21, Kinds: []sample.Kind{sample.Text, sample.Mail}})
	old.settle(t)
	if _, problem, status := typed(t, "serve", "--data", old.config.Data, "--listen", "127.0.0.1:0"); status != 1 || !strings.Contains(problem, "Another docket server runs") {
		t.Errorf("a second server on the same folder: status %d, said %q", status, problem)
	}
	var first repository.DocumentID
	if err := old.pool.QueryRow(t.Context(), "select document from taxonomy.record order by document limit 1").Scan(&first); err != nil {
		t.Fatal(err)
	}
	old.revise(t, first, "The same, typed again, about a kangaroo.")
	within(t, time.Minute, "the second version is read", func() bool {
		r, err := capture.FindReading(t.Context(), old.pool, first)
		return err == nil && r.Version == 2
	})
	old.settle(t)
	bag, renditions := filepath.Join(t.TempDir(), "bag"), 0
	exported := wantReport(t, "export", bag, "--data", old.config.Data)
	before := readLines(t, bag)
	for _, l := range before {
		renditions += l.Versions[0].Rendered
	}
	if exported.Documents != len(before) || len(before) < 6 {
		t.Errorf("exported %+v, %d lines", exported, len(before))
	}

	data := t.TempDir()
	got := wantReport(t, "import", bag, "--data", data) // no server runs there
	if got.Documents != exported.Documents || got.Already != 0 || got.Bag != exported.Bag {
		t.Errorf("imported %+v of %+v", got, exported)
	}
	house := startApp(t, data)
	house.settle(t)
	within(t, time.Minute, "page images are made anew", func() bool {
		var n int
		err := house.pool.QueryRow(t.Context(), "select count(*) from repository.rendition where kind <> 'archive' and version = 1").Scan(&n)
		return err == nil && n >= renditions
	})
	house.wantSameLines(t, before)
	house.wantFoundAgain(t, before)
	if v, err := verify(t.Context(), house.stack, true); err != nil || !v.Sound {
		t.Errorf("verify: %+v, %v", v, err)
	}
	house.wantNothingStarted(t, before)
	house.wantImportedOnce(t, bag, first)
}

// wantSameLines exports the new house and compares. Who did something there is marked as somebody of another house.
func (a *app) wantSameLines(t *testing.T, before []transfer.Line) {
	t.Helper()
	bag := filepath.Join(t.TempDir(), "again")
	wantReport(t, "export", bag, "--data", a.config.Data)
	after := readLines(t, bag)
	opts := cmp.Options{cmpopts.IgnoreFields(transfer.Line{}, "Events", "Intake", "Ticket"), cmpopts.EquateEmpty(), cmpopts.EquateApproxTime(0),
		cmpopts.IgnoreFields(transfer.Version{}, "Rendered"),
		cmp.Comparer(func(a, b journal.Actor) bool {
			return strings.TrimPrefix(string(a), "imported:") == strings.TrimPrefix(string(b), "imported:")
		})}
	if diff := cmp.Diff(before, after, opts); diff != "" {
		t.Errorf("the documents are not the same (-before +after):\n%s", diff)
	}
	for i, l := range after {
		if e := l.Events[0]; e.Verb != repository.DocumentImported || !bytes.Contains(e.Detail, []byte(`"piece.received"`)) {
			t.Errorf("document %s: the journal begins with %s %s", l.Document, e.Verb, e.Detail)
		}
		if l.CreatedBy == "anna" {
			t.Errorf("document %s is Anna's of this house", l.Document)
		}
		if i < len(before) && before[i].Intake[0].Receipt != l.Intake[0].Receipt {
			t.Errorf("document %s: receipt %s, was %s", l.Document, l.Intake[0].Receipt, before[i].Intake[0].Receipt)
		}
	}
}

// wantFoundAgain searches for words of each document, by the command line's way to the index.
func (a *app) wantFoundAgain(t *testing.T, before []transfer.Line) {
	t.Helper()
	for _, l := range before {
		if l.Record == nil {
			continue
		}
		ids, err := a.find(t.Context(), `class:`+string(l.Record.Class))
		if err != nil || !slices.Contains(ids, l.Document) {
			t.Errorf("document %s is not among the %d of its class (%v)", l.Document, len(ids), err)
		}
	}
}

// wantNothingStarted: an import opens no ticket and asks nobody, but for what waited for a person before.
func (a *app) wantNothingStarted(t *testing.T, before []transfer.Line) {
	t.Helper()
	waiting := 0
	for _, l := range before {
		if l.Intake[0].State == capture.Waiting {
			waiting++
		}
	}
	var tickets, tasks int
	err := a.pool.QueryRow(t.Context(), "select (select count(*) from workflow.ticket), (select count(*) from workflow.task where done_at is null)").Scan(&tickets, &tasks)
	if err != nil || tickets != 0 || tasks != waiting {
		t.Errorf("%d tickets, %d tasks, want 0 and %d (%v)", tickets, tasks, waiting, err)
	}
}

// wantImportedOnce: a second import changes nothing, and what has gone on since is told, not overwritten.
func (a *app) wantImportedOnce(t *testing.T, bag string, id repository.DocumentID) {
	t.Helper()
	first := wantReport(t, "import", bag, "--data", a.config.Data)
	if first.Documents != 0 || first.Already == 0 {
		t.Errorf("the second import: %+v", first)
	}
	c, err := a.store.PutContent(t.Context(), id, 3, "third.txt", strings.NewReader("third"), 0)
	if err == nil {
		err = postgres.InTx(context.WithoutCancel(t.Context()), a.pool, func(tx pgx.Tx) error {
			_, err := a.store.Revise(t.Context(), tx, "bela", id, c, "")
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	out, _, status := typed(t, "import", bag, "--data", a.config.Data, "--log", "error")
	if status != 1 || !strings.Contains(out, id.String()+" is here already, with other versions (3 here, 2 in the bag)") {
		t.Errorf("the conflict: status %d, said %q", status, out)
	}
	v, err := a.store.Version(t.Context(), a.pool, id, 0)
	if err != nil || v.Number != 3 {
		t.Errorf("after the conflict the newest version is %d (%v)", v.Number, err)
	}
}

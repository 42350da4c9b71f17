package web

import (
	"regexp"
	"strings"
	"testing"

	"docket/capture"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// The panel says what a document is to the house in words: its category with code, whether its folder is open, who declared and who
// decided it, and who may see it. Of one that is no record it says what the machine would make of it, and nothing that is not so.
func TestTheRecordPanel(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	filed := h.receive(t, "filed.pdf", "scanner", "filed")
	h.read(t, filed, letters[0], 0.97)
	h.file(t, filed, letters[0])
	waits := h.waitingPiece(t, "waits.pdf", letters[0])
	bare := h.receive(t, "bare.pdf", "scanner", "bare")
	b := h.as(t, "ada")
	panel := func(p capture.Piece) string {
		t.Helper()
		body := b.get("/documents/" + p.Document.String()).body
		start := strings.Index(body, `id="record"`)
		if start < 0 {
			t.Fatal("there is no panel")
		}
		body = body[start : start+strings.Index(body[start:], "</section>")]
		body = strings.NewReplacer("<bdi>", "", "</bdi>", "").Replace(body[strings.Index(body, ">")+1:])
		return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " ")), " ")
	}
	says := func(p capture.Piece, words ...string) {
		t.Helper()
		text := panel(p)
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%s: the panel lacks %q: %s", p.Name, w, text)
			}
		}
	}
	says(filed, "10 Complaints", "open", "recognised by the machine, 97%", "the system (reading and filing)", "agents, records managers, the mailroom", "{date} {class}")

	err := postgres.InTx(t.Context(), h.config.Pool, func(tx pgx.Tx) error {
		r, err := h.config.Plan.Correct(t.Context(), tx, "mia", filed.Document, taxonomy.Correction{Class: taxonomy.Question})
		if err != nil {
			return err
		}
		return h.config.Plan.CloseFolder(t.Context(), tx, "rosa", r.Folder)
	})
	if err != nil {
		t.Fatal(err)
	}
	h.exec(t, "update taxonomy.record set readers = '{team:claims,user:ben,everyone}' where document = $1", filed.Document)
	says(filed, "30 Customer correspondence › 30.10 Questions", "Closed", "decided by Mia", "team claims, Ben, Everyone who is signed in")

	says(waits, "Not a record yet", "the machine, 55% sure", "Will lie in", "Will be called", "the mailroom, records managers")
	says(bare, "Not a record yet")
	if text := panel(bare); strings.Contains(text, "sure") || strings.Contains(text, "Will") {
		t.Errorf("the panel of what was not read says %s", text)
	}
}

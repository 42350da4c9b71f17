package web

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A category is narrowed by folder, class, year and party, all of them in the address, and says what it is narrowed by.
func TestCategoryIsNarrowed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var records []taxonomy.Record
	for i, date := range []string{"2025-11-03", "2026-03-14", "2026-03-15"} {
		l := letters[0]
		p := h.receive(t, l.file, "scanner", "narrow "+date)
		values := l.values()
		values[taxonomy.LetterDate] = taxonomy.Value{Value: date, Confidence: 1}
		err := postgres.InTx(t.Context(), h.config.Pool, func(tx pgx.Tx) error {
			match, err := h.config.Plan.Recognise(t.Context(), tx, journal.System("capture"), taxonomy.Hints{Name: []string{"Maud Whitcombe", "Ivo Pavlin"}[i%2]}, p.Document)
			if err != nil {
				return err
			}
			r, err := h.config.Plan.File(t.Context(), tx, journal.System("capture"), taxonomy.Filing{Document: p.Document, Class: taxonomy.Complaint, Confidence: 0.9,
				Values: values, Party: match.Party.ID, Language: "en", Original: p.Name, Received: p.ReceivedAt})
			records = append(records, r)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	b := h.as(t, "ada")
	ask := func(query string, titles ...int) string {
		t.Helper()
		r := b.get("/records/10" + query)
		if r.status != 200 {
			t.Fatalf("%s: %d", query, r.status)
		}
		for i, record := range records {
			listed := strings.Contains(r.body, `href="/documents/`+record.Document.String())
			want := false
			for _, k := range titles {
				want = want || k == i
			}
			if listed != want {
				t.Errorf("%q lists record %d: %v", query, i, listed)
			}
		}
		return r.body
	}
	ask("", 0, 1, 2)
	ask("?year=2026&class=complaint", 1, 2)
	ask("?class=claim")
	ask("?folder="+records[0].Folder.String(), 0)
	if body := ask("?party="+records[1].Party.String(), 1); !strings.Contains(body, "Ivo Pavlin") {
		t.Error("the list does not say whose it is")
	}
	for _, after := range []string{"x", "~", base64.RawURLEncoding.EncodeToString([]byte(uuid.NewString() + "no day"))} {
		if r := b.get("/records/10?sort=date&after=" + url.QueryEscape(after)); r.status != 400 && r.status != 422 {
			t.Errorf("a place that is none is answered with %d", r.status)
		}
	}

	h.exec(t, "update taxonomy.record set readers = '{user:ada}' where document = $1", records[1].Document)
	if r := h.as(t, "ben").get("/records/10?party=" + records[1].Party.String()); r.status != 200 || strings.Contains(r.body, "Pavlin") {
		t.Errorf("%d: who may see none of a party's records is told its name", r.status)
	}
}

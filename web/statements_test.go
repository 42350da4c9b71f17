package web

import (
	"fmt"
	"testing"

	"docket/capture"
	"docket/repository/postgres/postgrestest"
)

// TestListsAskAFixedNumberOfQuestions counts the statements of every list page with few rows and with many: a list that asks
// once a row gets slow long before it gets full.
func TestListsAskAFixedNumberOfQuestions(t *testing.T) {
	t.Parallel()
	var statements *postgrestest.Statements
	h := newHouseWith(t, func(c *Config) { c.Pool, statements = postgrestest.Counted(t, c.Pool) })
	b := h.as(t, "ada")
	add := func(from, to int) {
		for i := from; i < to; i++ {
			p := h.receive(t, fmt.Sprintf("%d.pdf", i), "scanner", fmt.Sprint("few or many ", i))
			if i%3 == 0 {
				h.read(t, p, letters[0], 0.5)
				h.set(t, p, capture.Waiting, "unsure")
			} else {
				h.read(t, p, letters[i%len(letters)], 0.97)
				h.file(t, p, letters[i%len(letters)])
			}
			h.filed = p
		}
	}
	ask := func(path string) int64 {
		return statements.Of(func() {
			if r := b.get(path); r.status != 200 {
				t.Fatalf("%s: %d", path, r.status)
			}
		})
	}
	add(0, 6)
	few := map[string]int64{}
	paths := []string{"/", "/mailroom", "/mailroom/validation", "/upload?batch=mia-20261122-074012", "/search?q=delivery", "/search?q=refund&class=complaint", "/records", "/records/10", "/records/10?sort=title&year=2026", "/admin/sources", "/admin/channels", "/quarantine", "/outbox", "/settings", "/outbox/suppressed", "/admin/templates", "/admin/classes", "/admin/vocabulary/subject", "/tickets?view=all", "/tickets?sort=wait&q=whitcombe"}
	for _, path := range paths {
		ask(path) // warms what is prepared or cached once
		few[path] = ask(path)
	}
	add(6, 30)
	for _, path := range paths {
		if n := ask(path); n > few[path] || n > 17 {
			t.Errorf("%s asks the database %d times with 30 pieces, %d times with 6", path, n, few[path])
		}
	}
	if n := ask("/tickets/" + h.ticket); n > 28 {
		t.Errorf("a ticket's page asks the database %d times", n)
	}
	if n := ask("/admin/classes/complaint"); n > 18 {
		t.Errorf("a class's page asks the database %d times", n)
	}
	if n := ask("/documents/" + h.filed.Document.String()); n > 20 {
		t.Errorf("a document's page asks the database %d times", n)
	}
}

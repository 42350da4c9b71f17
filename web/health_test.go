package web

import (
	"context"
	"strings"
	"testing"

	"docket/repository/fault"
	"docket/repository/postgres"
)

// TestHealthSaysWhatIsWrongAndWhatToDo looks at the page of a house in which almost nothing works.
func TestHealthSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	t.Parallel()
	h := newHouseWith(t, func(c *Config) {
		c.Checks = []Check{{Name: "database", Ask: func(context.Context) error { return nil }}, {Name: "ocr", Ask: func(context.Context) error { return nil }},
			{Name: "search", Ask: func(context.Context) error { return nil }},
			{Name: "store", Ask: func(context.Context) error { return fault.New(fault.Unavailable, "The object store does not answer.") }}}
		c.Recognised = func(context.Context) ([]string, error) { return []string{"de", "en", "pl", "ru", "sl"}, nil }
		c.Disk = func() (int64, int64, error) { return 1 << 30, 100 << 30, nil }
	})
	h.exec(t, "create schema if not exists "+postgres.RiverSchema)
	h.exec(t, "insert into search.pending (subject_kind, subject) values ('document', gen_random_uuid())")
	r := h.as(t, "ada").get("/admin/health")
	for _, want := range []string{"The object store does not answer.", "See whether the object store runs", "Cannot read Magyar.", "1 change is not searchable yet.",
		"of 107\u00a0GB are free", "Make room", "3 things need somebody"} {
		if !strings.Contains(r.body, want) {
			t.Errorf("the page does not say %q (%d)", want, r.status)
		}
	}
	if strings.Contains(r.body, "See whether the database") {
		t.Error("it says what to do about a part that works")
	}
}

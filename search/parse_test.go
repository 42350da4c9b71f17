package search

import (
	"strings"
	"testing"
	"time"

	"docket/repository/fault"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                             "(everything)",
		"  ":                           "(everything)",
		"late delivery":                "(words late delivery)",
		`late "not received" delivery`: `(and (words late delivery) "not received")`,
		"a OR b c":                     "(and (words c) (or (words a) (words b)))",
		"c a OR b":                     "(and (words c) (or (words a) (words b)))",
		"a AND b":                      "(words a b)",
		"a or b":                       "(words a or b)",
		"-refund":                      "(not (words refund))",
		"NOT refund":                   "(not (words refund))",
		"late -refund -\"two words\"":  `(and (words late) (not (words refund)) (not "two words"))`,
		"-(a b)":                       "(not (and (words a b)))",
		"(a OR b) (c OR d)":            "(and (or (words a) (words b)) (or (words c) (words d)))",
		"invoi*":                       "invoi*",
		"CLM-2026-0001*":               "CLM-2026-0001*",
		"kovac~":                       "kovac~1",
		"televizion~":                  "televizion~2",
		"kovac~2":                      "kovac~2",
		"e-mail well-known":            "(words e-mail well-known)",
		"class:complaint":              "class:complaint",
		"CLASS:Complaint":              "class:complaint",
		"type:beschwerde":              "class:complaint",
		"class:(complaint OR invoice)": "(or class:complaint class:invoice)",
		"class:comp*":                  "class:comp*",
		"remedy:Ruckerstattung":        "remedy:refund",
		`party:"Anna Kovač"`:           "party:Anna Kovač",
		"ticket:CLM-2026-*":            "ticket:CLM-2026-*",
		"customer:K-123":               "customer_number:K-123",
		"date:2026":                    "date:2026-01-01..2026-12-31",
		"date:2026-02":                 "date:2026-02-01..2026-02-28",
		"date:2024-02-29":              "date:2024-02-29..2024-02-29",
		"date:14.3.2026":               "date:2026-03-14..2026-03-14",
		"date:2026-03-01..2026-03-14":  "date:2026-03-01..2026-03-14",
		"date:2026-01..2026-02":        "date:2026-01-01..2026-02-28",
		"date:..2026-02":               "date:..2026-02-28",
		"date:2026-02..":               "date:2026-02-01..",
		"date:>2026-02":                "date:2026-03-01..",
		"date:>=2026-02":               "date:2026-02-01..",
		"date:<2026-02":                "date:..2026-01-31",
		"date:<=2026-02":               "date:..2026-02-28",
		"received:today":               "received:2026-03-14..2026-03-14",
		"received:yesterday":           "received:2026-03-13..2026-03-13",
		"received:week":                "received:2026-03-09..2026-03-15",
		"received:month":               "received:2026-03-01..2026-03-31",
		"received:7d":                  "received:2026-03-08..2026-03-14",
		"amount:>1000":                 "amount:|1000..",
		"amount:100..200":              "amount:100..200",
		"amount:1.234,50":              "amount:1234.5..1234.5",
		"amount:1,234.50":              "amount:1234.5..1234.5",
		"amount:1.000":                 "amount:1000..1000",
		"amount:12,5":                  "amount:12.5..12.5",
		`amount:"< 50 EUR"`:            "amount:..|50 EUR",
		"amount:€50":                   "amount:50..50 EUR",
		"amount:50zł":                  "amount:50..50 PLN",
		"amount:1 000":                 "(and (words 000) amount:1..1)",
		"has:ticket":                   "has:ticket",
		"like:01950000-0000-7000-8000-000000000001": "like:01950000-0000-7000-8000-000000000001",
		"Re: invoice":                "(words Re invoice)",
		"http://example.org/x 12:30": "(words http://example.org/x 12:30)",
		"„Guten Tag“ «до встречи» ”hej”": `(and "Guten Tag" "до встречи" "hej")`,
		"a — b & c":                         "(words a b c)",
		"((a))":                             "(words a)",
		strings.Repeat("word ", 50) + "end": "(words " + strings.Repeat("word ", 50) + "end)",
	} {
		n, problem := parse(query, testSchema(), storyToday)
		if problem != nil {
			t.Errorf("%s: %v", query, problem)
			continue
		}
		if diff := cmp.Diff(want, n.String()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", query, diff)
		}
	}
}

func TestAProblemIsAFault(t *testing.T) {
	t.Parallel()
	_, err := openMemory(t).Search(t.Context(), Request{Query: "ünder clas:x"})
	if !fault.Is(err, fault.Invalid) {
		t.Fatalf("got %v, want a fault of kind invalid", err)
	}
	p, ok := asProblem(err)
	if !ok || p.Query[p.Start:p.End] != "clas:" || p.Suggestion != "class:" {
		t.Errorf("got %+v", p)
	}
	if diff := cmp.Diff("ünder clas:x\n      ^^^^^", p.Hint()); diff != "" {
		t.Error(diff)
	}
	if s := fault.Sentence(err); !strings.Contains(s, "Did you mean class:?") || !strings.Contains(s, "character 7") {
		t.Errorf("the sentence is %q", s)
	}
}

// FuzzParse holds that every query either parses or has a problem at a place within it, and that what parses can be searched.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`a "b c" -d (e OR f) class:x date:2026..`, "((((", `"`, "-", "date:>", "amount:..", "a OR", "x:(", "~", "*", "\xff:\xff", "class:(", "ticket:*"} {
		f.Add(s)
	}
	schema, x := testSchema(), openMemory(f)
	if err := x.Index(f.Context(), []Entry{{Document: testID(1), Title: "one", Pages: []string{"a b c d e"}}}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, query string) {
		n, p := parse(query, schema, storyToday)
		switch {
		case p == nil && n == nil:
			t.Fatal("neither a query nor a problem")
		case p != nil && (p.Start < 0 || p.End > len(p.Query) || p.Start > p.End || p.Message == ""):
			t.Fatalf("a problem at %d to %d of %d: %q", p.Start, p.End, len(p.Query), p.Message)
		case p != nil:
			_ = p.Error()
			return
		}
		_ = n.String()
		if _, err := x.Search(t.Context(), Request{Query: query, Today: storyToday}); err != nil {
			t.Fatalf("%q: %v", query, err)
		}
	})
}

func TestDaysCovering(t *testing.T) {
	t.Parallel()
	date := func(s string) time.Time {
		d, _ := time.Parse(time.DateOnly, s)
		return d
	}
	for _, c := range []struct{ from, to, want string }{
		{"2026-03-14", "2026-03-14", "2026-03-14"},
		{"2026-03-01", "2026-03-31", "2026-03"},
		{"2026-01-01", "2026-12-31", "2026"},
		{"2025-11-30", "2027-01-02", "2025-11-30 2025-12 2026 2027-01-01 2027-01-02"},
		{"2024-02-28", "2024-03-01", "2024-02-28 2024-02-29 2024-03-01"},
		{"2026-03-14", "2026-03-13", ""},
		{"", "1900-12-31", "1900"},
		{"2198-12-31", "", "2198-12-31 2199"},
	} {
		if got := strings.Join(daysCovering(date(c.from), date(c.to)), " "); got != c.want {
			t.Errorf("%s to %s: got %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

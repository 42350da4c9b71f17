package search

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/repository"
	"docket/taxonomy"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// A world is a heap of documents with few words and properties, so that every question has many answers, and a naive search of it.
type world struct {
	entries []Entry
	random  *rand.Rand
}

var (
	worldWords   = strings.Fields("alpha beta gamma delta epsilon zeta eta theta iota kappa")
	worldClasses = []taxonomy.ClassID{"complaint", "claim", "invoice", "question"}
	worldStates  = []string{"filed", "validate"}
	worldTokens  = []string{"everyone", "role:agent", "team:claims", "user:anna", "user:boris"}
)

func newWorld(seed uint64, documents int) *world {
	w := &world{random: rand.New(rand.NewPCG(seed, 1))}
	parties := []uuid.UUID{{}, testID(900_001), testID(900_002), testID(900_003)}
	for i := range documents {
		e := Entry{
			Document: testID(i + 1), Version: 1, Class: pick(w, worldClasses), State: pick(w, worldStates), Source: pick(w, []string{"scan", "email"}),
			Language: pick(w, []string{"", "en", "de", "sl"}), Party: pick(w, parties), Title: pick(w, worldWords),
			Date: storyToday.AddDate(0, 0, -w.random.IntN(900)), Received: storyToday.AddDate(0, 0, -w.random.IntN(60)),
		}
		for range w.random.IntN(3) {
			e.Readers = append(e.Readers, pick(w, worldTokens))
		}
		for range 1 + w.random.IntN(2) {
			e.Pages = append(e.Pages, w.text())
		}
		w.entries = append(w.entries, e)
	}
	return w
}

func pick[T any](w *world, of []T) T { return of[w.random.IntN(len(of))] }

func (w *world) text() string {
	words := make([]string, 1+w.random.IntN(6))
	for i := range words {
		words[i] = pick(w, worldWords)
	}
	return strings.Join(words, " ")
}

// A claim is a query with what it says about an entry.
type claim struct {
	query string
	holds func(Entry) bool
}

// claim makes a random query.
func (w *world) claim(depth int) claim {
	kind := w.random.IntN(9)
	if depth == 0 {
		kind = w.random.IntN(6)
	}
	switch kind {
	case 0:
		word := pick(w, worldWords)
		return claim{word, func(e Entry) bool { return slices.Contains(e.words(), word) }}
	case 1:
		one, two := pick(w, worldWords), pick(w, worldWords)
		return claim{"(" + one + " " + two + ")", func(e Entry) bool { return slices.Contains(e.words(), one) && slices.Contains(e.words(), two) }}
	case 2:
		one, two := pick(w, worldWords), pick(w, worldWords)
		return claim{`"` + one + " " + two + `"`, func(e Entry) bool {
			return slices.ContainsFunc(e.Pages, func(p string) bool { return strings.Contains(" "+p+" ", " "+one+" "+two+" ") })
		}}
	case 3:
		class := pick(w, worldClasses)
		return claim{"class:" + string(class), func(e Entry) bool { return e.Class == class }}
	case 4:
		from := storyToday.AddDate(0, 0, -w.random.IntN(900))
		to := from.AddDate(0, 0, w.random.IntN(400))
		return claim{"date:" + day(from) + ".." + day(to), func(e Entry) bool { return day(e.Date) >= day(from) && day(e.Date) <= day(to) }}
	case 5:
		start := pick(w, worldWords)[:2]
		return claim{start + "*", func(e Entry) bool {
			return slices.ContainsFunc(e.words(), func(x string) bool { return strings.HasPrefix(x, start) })
		}}
	case 6:
		c := w.claim(depth - 1)
		return claim{"-(" + c.query + ")", func(e Entry) bool { return !c.holds(e) }}
	case 7:
		a, b := w.claim(depth-1), w.claim(depth-1)
		return claim{"(" + a.query + ") OR (" + b.query + ")", func(e Entry) bool { return a.holds(e) || b.holds(e) }}
	}
	a, b := w.claim(depth-1), w.claim(depth-1)
	return claim{"(" + a.query + ") (" + b.query + ")", func(e Entry) bool { return a.holds(e) && b.holds(e) }}
}

// words are all words of an entry, the title's included.
func (e Entry) words() []string {
	return strings.Fields(strings.Join(e.Pages, " ") + " " + e.Title)
}

// naive is the answer to a claim by looking at every entry.
func (w *world) naive(c claim, r taxonomy.Reader) []Entry {
	var all []Entry
	for _, e := range w.entries {
		if r.May(e.Readers) && c.holds(e) {
			all = append(all, e)
		}
	}
	return all
}

func (w *world) reader() taxonomy.Reader {
	r := taxonomy.Reader{All: w.random.IntN(6) == 0}
	for range w.random.IntN(3) {
		r.Tokens = append(r.Tokens, pick(w, worldTokens))
	}
	return r
}

// TestSearchAgainstNaive compares documents found, facets and paging with a search that looks at every entry, for readers of many
// kinds, on an index that has seen updates and deletions.
func TestSearchAgainstNaive(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		w := newWorld(seed, 120)
		x := openMemory(t)
		w.disturb(t, x)
		for range 150 {
			c, r := w.claim(2), w.reader()
			order := pick(w, []Sort{Relevance, ByDate, ByReceived})
			want := w.naive(c, r)
			first, found := w.pages(t, x, Request{Query: c.query, Reader: r, Today: storyToday, Sort: order, Limit: 1 + w.random.IntN(40), Facets: true})
			if diff := gocmp.Diff(idsOf(want), slices.SortedFunc(slices.Values(found), compareIDs)); diff != "" {
				t.Fatalf("seed %d: %s as %v sorted by %q (-want +got)\n%s", seed, c.query, r, order, diff)
			}
			if first.Total != len(want) {
				t.Fatalf("seed %d: %s: total %d, want %d", seed, c.query, first.Total, len(want))
			}
			if diff := gocmp.Diff(naiveFacets(want), first.Facets); diff != "" {
				t.Fatalf("seed %d: facets of %s (-want +got)\n%s", seed, c.query, diff)
			}
			w.checkOrder(t, order, c.query, found)
		}
	}
}

// disturb indexes the entries in batches, some of them first in another form, with strays that are deleted again.
func (w *world) disturb(t *testing.T, x *Index) {
	t.Helper()
	ctx := context.Background()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for chunk := range slices.Chunk(w.entries, 25) {
		old := slices.Clone(chunk[:10])
		for i := range old {
			old[i].Pages, old[i].Readers, old[i].Class = []string{w.text()}, worldTokens, "invoice"
		}
		stray := Entry{Document: testID(800_000 + w.random.IntN(1000)), Pages: []string{w.text()}, Readers: worldTokens}
		check(x.Index(ctx, append(old, stray)))
		check(x.Index(ctx, chunk))
		check(x.Delete(ctx, []repository.DocumentID{stray.Document}))
	}
	if n, err := x.Count(); err != nil || n != len(w.entries) {
		t.Fatalf("the index holds %d documents (%v), want %d", n, err, len(w.entries))
	}
}

// pages walks all pages of an answer.
func (w *world) pages(t *testing.T, x *Index, r Request) (first Results, found []repository.DocumentID) {
	t.Helper()
	for n := 0; ; n++ {
		results, err := x.Search(t.Context(), r)
		if err != nil {
			t.Fatalf("%s: %v", r.Query, err)
		}
		if n == 0 {
			first = results
		}
		for _, h := range results.Hits {
			found = append(found, h.Document)
		}
		if results.Next == "" || n > len(w.entries) {
			return first, found
		}
		r.Cursor = results.Next
	}
}

// checkOrder wants falling days, and falling IDs within a day.
func (w *world) checkOrder(t *testing.T, order Sort, query string, found []repository.DocumentID) {
	t.Helper()
	if order == Relevance {
		return
	}
	of := map[repository.DocumentID]Entry{}
	for _, e := range w.entries {
		of[e.Document] = e
	}
	at := func(id repository.DocumentID) time.Time {
		if order == ByDate {
			return dayOf(of[id].Date)
		}
		return dayOf(of[id].Received)
	}
	if !slices.IsSortedFunc(found, func(a, b repository.DocumentID) int {
		return cmp.Or(at(b).Compare(at(a)), compareIDs(b, a))
	}) {
		t.Fatalf("%s is not in the order of %s", query, order)
	}
}

func idsOf(entries []Entry) []repository.DocumentID {
	var ids []repository.DocumentID
	for _, e := range entries {
		ids = append(ids, e.Document)
	}
	return ids
}

func naiveFacets(entries []Entry) map[string]Facet {
	facets := map[string]Facet{}
	for name, value := range map[string]func(Entry) string{
		"class": func(e Entry) string { return string(e.Class) }, "state": func(e Entry) string { return e.State },
		"source": func(e Entry) string { return e.Source }, "year": func(e Entry) string { return e.Date.Format("2006") },
		"party":    func(e Entry) string { return strings.Replace(e.Party.String(), uuid.Nil.String(), "", 1) },
		"language": func(e Entry) string { return e.Language },
	} {
		counts := map[string]int{}
		for _, e := range entries {
			if v := value(e); v != "" {
				counts[v]++
			}
		}
		f := Facet{Values: []FacetValue{}}
		for v, n := range counts {
			f.Values = append(f.Values, FacetValue{v, n})
		}
		slices.SortFunc(f.Values, func(a, b FacetValue) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		facets[name] = f
	}
	return facets
}

// TestNobodySeesWhatIsNotTheirs asks in every way the language has for one document that the reader may not see.
func TestNobodySeesWhatIsNotTheirs(t *testing.T) {
	t.Parallel()
	x := openMemory(t)
	secret := Entry{Document: testID(1), Version: 1, Title: "secret title", Class: "complaint", Language: "en", Pages: []string{"secret word of a complaint"},
		Readers: []string{"role:agent"}, Tickets: []string{"CLM-1"}, Received: storyToday, Date: storyToday}
	if err := x.Index(t.Context(), []Entry{secret}); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"", "secret", `"secret word"`, "sec*", "secert~", "-nothing", "class:complaint", "ticket:CLM-1", "document:" + testID(1).String(),
		"date:2026", "received:today", "has:ticket", "title:secret", "secrets OR nothing"} {
		for _, r := range []struct {
			reader taxonomy.Reader
			want   int
		}{{taxonomy.Reader{}, 0}, {taxonomy.Reader{Tokens: []string{"everyone", "user:anna"}}, 0}, {taxonomy.Reader{Tokens: []string{"role:agent"}}, 1}, {taxonomy.Root, 1}} {
			got, err := x.Search(t.Context(), Request{Query: query, Reader: r.reader, Today: storyToday, Facets: true})
			if err != nil {
				t.Fatal(err)
			}
			if got.Total != r.want || len(got.Hits) != r.want || len(got.Facets["class"].Values) != r.want || (r.want == 0 && got.Suggestion != "") {
				t.Errorf("%q as %v: %s", query, r.reader, fmt.Sprint(got))
			}
		}
	}
}

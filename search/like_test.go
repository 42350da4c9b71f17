package search

import (
	"testing"

	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
)

func TestLikeFindsWhatSpeaksOfTheSame(t *testing.T) {
	t.Parallel()
	x := openMemory(t)
	german := letter(6, "Die Waschmaschine wurde drei Wochen zu spät geliefert, die Trommel war verbeult.")
	german.Language = "de"
	hidden := letter(7, "The washing machine was delivered late and its drum was dented, said the manager in confidence.")
	hidden.Readers = []string{"managers"}
	mustIndex(t, x,
		letter(1, "My washing machine was delivered three weeks late. Its drum was dented and it leaks."),
		letter(2, "The washing machines came late: one drum dented, one leaking, three weeks after the date."),
		letter(3, "A washing machine with a dented door was delivered."),
		letter(4, "When are you open on Saturdays? The bus leaves at nine."),
		letter(5, "Please change my address. I have moved to Graz and the bus is slow."),
		german, hidden)
	everyone := taxonomy.Reader{Tokens: []string{"everyone"}}
	for _, c := range []struct {
		name, query string
		reader      taxonomy.Reader
		want        []int
	}{
		{"the likest first, never itself", "like:" + testID(1).String(), everyone, []int{2, 3}},
		{"with other conditions", "like:" + testID(1).String() + " weeks", everyone, []int{2}},
		{"negated", "dented -like:" + testID(1).String(), everyone, []int{1}},
		{"whoever may see more finds more", "like:" + testID(2).String(), taxonomy.Root, []int{1, 7, 3}},
		{"what may not be seen is like nothing", "like:" + testID(7).String(), everyone, nil},
		{"what is not there is like nothing", "like:" + testID(99).String(), everyone, nil},
		{"other languages are not like it", "like:" + testID(6).String(), everyone, nil},
	} {
		results, err := x.Search(t.Context(), Request{Query: c.query, Reader: c.reader, Today: storyToday})
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, h := range results.Hits {
			for n := range 10 {
				if h.Document == testID(n) {
					got = append(got, n)
				}
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

func TestLikeNeedsAnID(t *testing.T) {
	t.Parallel()
	_, err := openMemory(t).Search(t.Context(), Request{Query: "like:this", Reader: taxonomy.Root})
	if p, ok := asProblem(err); !ok || p.Query[p.Start:p.End] != "this" {
		t.Errorf("got %v", err)
	}
}

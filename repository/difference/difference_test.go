package difference

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"docket/repository"

	"github.com/google/go-cmp/cmp"
)

// pages reads "first page | second page": words one under the other, ten pixels wide, four a line.
func pages(s string) (all []Page) {
	if s == "" {
		return nil
	}
	for i, body := range strings.Split(s, "|") {
		p := Page{Number: i + 1}
		for j, w := range strings.Fields(body) {
			p.Words = append(p.Words, repository.Word{Text: w, Box: repository.Box{X: 10 * (j % 4), Y: 20 * (j / 4), W: 10, H: 10}, Line: j / 4})
		}
		all = append(all, p)
	}
	return all
}

// told writes a result as "1:1 kept [-went-] {+came+} | 2:0 ...": the pages of each pair, then its runs.
func told(r Result) string {
	var pairs []string
	for _, p := range r.Pairs {
		parts := []string{fmt.Sprintf("%d:%d", p.Old.Page, p.New.Page)}
		for _, run := range p.Runs {
			parts = append(parts, map[Fate]string{Stayed: run.Text(), Went: "[-" + run.Text() + "-]", Came: "{+" + run.Text() + "+}"}[run.Fate])
		}
		pairs = append(pairs, strings.Join(parts, " "))
	}
	return strings.Join(pairs, " | ")
}

func TestWordsThatWentAndCame(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"the same":                   {"pay 5 EUR", "pay 5 EUR", "1:1 pay 5 EUR"},
		"one for another":            {"pay 5 EUR now", "pay 6 EUR now", "1:1 pay [-5-] {+6+} EUR now"},
		"more for less":              {"pay the sum of 5 EUR now", "pay nothing now", "1:1 pay [-the sum of 5 EUR-] {+nothing+} now"},
		"at the begin and the end":   {"a b c", "x b y", "1:1 [-a-] {+x+} b [-c-] {+y+}"},
		"a comma counts":             {"pay, now", "pay now", "1:1 [-pay,-] {+pay+} now"},
		"composed or not":            {"u\u0308ber 5", "\u00fcber 5", "1:1 \u00fcber 5"},
		"other scripts":              {"жалоба на доставку", "жалоба на ремонт", "1:1 жалоба на [-доставку-] {+ремонт+}"},
		"nothing in common":          {"a b", "c d", "1:1 [-a b-] {+c d+}"},
		"no text":                    {"", "", ""},
		"a first text":               {"", "a b", "0:1 {+a b+}"},
		"a page that came":           {"a b c | d e f", "a b c | x y z | d e f", "1:1 a b c | 0:2 {+x y z+} | 2:3 d e f"},
		"a page that went":           {"a b c | x y z | d e f", "a b c | d e f", "1:1 a b c | 2:0 [-x y z-] | 3:2 d e f"},
		"a page for another":         {"a b c | x y z | d e f", "a b c | u v w | d e f", "1:1 a b c | 2:2 [-x y z-] {+u v w+} | 3:3 d e f"},
		"words that run on":          {"a b c d | e f g h", "a b c | d e f g h", "1:1 a b c | 2:2 d e f g h"},
		"a change over two pages":    {"a b c | d e f", "a b x | y e f", "1:1 a b [-c-] {+x+} | 2:2 [-d-] {+y+} e f"},
		"a page like the next went":  {"a | Part 1 b | Part 2 c", "a | Part 2 c", "1:1 a | 2:0 [-Part 1 b-] | 3:2 Part 2 c"},
		"a page like the next came":  {"a | Part 2 c", "a | Part 1 b | Part 2 c", "1:1 a | 0:2 {+Part 1 b+} | 2:3 Part 2 c"},
		"pages without a word":       {"a | | b", "a | b", "1:1 a | 2:0 | 3:2 b"},
		"text that is one long word": {"aaaa", "aaaab", "1:1 [-aaaa-] {+aaaab+}"},
	} {
		if diff := cmp.Diff(c.want, told(Compare(pages(c.old), pages(c.new)))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAChangeSaysWhereItIs(t *testing.T) {
	t.Parallel()
	before, after := pages("we ask you to pay 5 EUR | at once"), pages("we ask you to pay the sum of 6 EUR | now")
	got := Compare(before, after)
	box := func(x, line, words int) repository.Box {
		return repository.Box{X: 10 * x, Y: 20 * line, W: 10 * words, H: 10}
	}
	want := []Change{
		{Number: 1, OldPage: 1, NewPage: 1, Before: "you to pay", Old: []string{"5"}, New: []string{"the", "sum", "of", "6"}},
		{Number: 2, OldPage: 2, NewPage: 2, Before: "of 6 EUR", Old: []string{"at", "once"}, New: []string{"now"}},
	}
	if diff := cmp.Diff(want, got.Changes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Mark{{1, []repository.Box{box(1, 1, 1)}}}, got.Pairs[0].Old.Marks(before[0].Words)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Mark{{1, []repository.Box{box(1, 1, 3), box(0, 2, 1)}}}, got.Pairs[0].New.Marks(after[0].Words)); diff != "" {
		t.Error("new words on two lines have two boxes:", diff)
	}
	if got.Common != 6 || got.OldN != 9 || got.NewN != 11 || got.Coarse {
		t.Errorf("%d words in common of %d and %d", got.Common, got.OldN, got.NewN)
	}
}

// A text has the words of the layout that it was made of, as long as both are the same.
func TestWordsOfATextAreThoseOfItsLayout(t *testing.T) {
	t.Parallel()
	word := func(text string, x, par, line int) repository.Word {
		return repository.Word{Text: text, Box: repository.Box{X: x, W: 5, H: 5}, Par: par, Line: line}
	}
	l := repository.Layout{Words: []repository.Word{word("Dear", 1, 0, 0), word("Sirs,", 8, 0, 0), word("we", 1, 1, 0), word("ask\u00a0you", 4, 1, 0), word("to", 1, 1, 1)}}
	p := PageOf(3, l.Text())
	want := append(l.Words[:3:3], l.Words[3], l.Words[3], l.Words[4])
	if diff := cmp.Diff(want, p.Placed(l)); diff != "" || p.Number != 3 {
		t.Error(diff)
	}
	for i, w := range p.Words[1:] {
		if x := want[i+1]; w.SameLine(p.Words[i]) != x.SameLine(want[i]) || (w.Par == p.Words[i].Par) != (x.Par == want[i].Par) {
			t.Errorf("%q stands otherwise than in the layout", w.Text)
		}
	}
	for name, other := range map[string]string{"more words": l.Text() + " pay", "fewer": "Dear Sirs,", "others": "Dear Sirs, we ask them to", "none": ""} {
		if got := PageOf(3, other).Placed(l); got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A long text with a few changes is compared to the word within a small budget; what a budget does not cover is said.
func TestComparingIsBounded(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var old, new []string
	for i := range 60_000 {
		w := fmt.Sprint(r.IntN(3000))
		if i%40 == 0 {
			w = fmt.Sprint("once", i) // as names and numbers stand once in a text
		}
		old = append(old, w)
		if i%5000 != 17 {
			new = append(new, w)
		}
	}
	if got := within(pages(strings.Join(old, " ")), pages(strings.Join(new, " ")), 300_000); len(got.Changes) != 12 || got.Common != len(new) || got.Coarse {
		t.Errorf("%d changes, %d words in common, coarse: %v", len(got.Changes), got.Common, got.Coarse)
	}
	alike := func() string { // the same few words in no order
		words := make([]string, 5000)
		for i := range words {
			words[i] = string(rune('a' + r.IntN(3)))
		}
		return strings.Join(words, " ")
	}
	got := within(pages("x "+alike()+" x"), pages("y "+alike()+" y"), 1000)
	if !got.Coarse || len(got.Changes) == 0 {
		t.Errorf("coarse: %v, %d changes", got.Coarse, len(got.Changes))
	}
	checkWhole(t, got)
}

// checkWhole sees that every word of both texts has one fate.
func checkWhole(t *testing.T, r Result) {
	t.Helper()
	n := map[Fate]int{}
	for _, p := range r.Pairs {
		for _, run := range p.Runs {
			n[run.Fate] += len(run.Words)
		}
	}
	if n[Stayed] != r.Common || n[Stayed]+n[Went] != r.OldN || n[Stayed]+n[Came] != r.NewN {
		t.Errorf("%v of %d and %d words", n, r.OldN, r.NewN)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("a b | c", "a | b c", 10)
	f.Fuzz(func(t *testing.T, old, new string, budget int) {
		checkWhole(t, within(pages(old), pages(new), float64(budget)))
	})
}

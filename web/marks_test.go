package web

import (
	"testing"

	"docket/repository"

	"github.com/google/go-cmp/cmp"
)

func TestBoxes(t *testing.T) {
	t.Parallel()
	word := func(text string, x, line int) repository.Word {
		return repository.Word{Text: text, Box: repository.Box{X: x, Y: 20 * line, W: 10, H: 10}, Line: line}
	}
	l := repository.Layout{Words: []repository.Word{word("A", 0, 0), word("late,", 20, 0), word("(Delivery)", 40, 0), word("délivery", 0, 1), word("e-mail", 20, 1)}}
	at := func(x, line, w int) repository.Box { return repository.Box{X: x, Y: 20 * line, W: w, H: 10} }
	for _, c := range []struct {
		terms []string
		want  []repository.Box
	}{
		{[]string{"delivery"}, []repository.Box{at(40, 0, 10), at(0, 1, 10)}},
		{[]string{"late delivery"}, []repository.Box{at(20, 0, 30)}},
		{[]string{"late delivery delivery"}, []repository.Box{at(20, 0, 30), at(0, 1, 10)}},
		{[]string{"mail", "nowhere", "", "-"}, []repository.Box{at(20, 1, 10)}},
		{[]string{"e mail"}, []repository.Box{at(20, 1, 10)}},
		{[]string{"mail again"}, nil},
	} {
		if diff := cmp.Diff(c.want, boxes(l, c.terms)); diff != "" {
			t.Errorf("%q: %s", c.terms, diff)
		}
	}
}

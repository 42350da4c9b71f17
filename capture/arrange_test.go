package capture_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"docket/capture"
	"docket/repository/fault"

	"github.com/google/uuid"
)

// lay reads "1 2 | 3x 4@90": pages by number, pieces parted by bars; x is left out, @ turned, w whole.
func lay(s string) []capture.DraftPage {
	var pages []capture.DraftPage
	begins := true
	for word := range strings.FieldsSeq(s) {
		if word == "|" {
			begins = true
			continue
		}
		name, turn, _ := strings.Cut(word, "@")
		p := capture.DraftPage{Begins: begins, Scan: uuid.UUID{1}, Removed: strings.HasSuffix(name, "x"), Whole: strings.HasSuffix(name, "w")}
		p.ID, _ = strconv.ParseInt(strings.TrimRight(name, "xw"), 10, 64)
		p.Turn, _ = strconv.Atoi(turn)
		p.Number, p.Blank = int(p.ID), p.ID == 9
		pages, begins = append(pages, p), false
	}
	return pages
}

func shown(pages []capture.DraftPage) string {
	var words []string
	for i, p := range pages {
		if p.Begins && i > 0 {
			words = append(words, "|")
		}
		w := strconv.FormatInt(p.ID, 10)
		if p.Removed {
			w += "x"
		}
		if p.Whole {
			w += "w"
		}
		if p.Turn != 0 {
			w += "@" + strconv.Itoa(p.Turn)
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

func TestArrange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before string
		what   capture.Arrangement
		chosen []int64
		at     int64
		want   string
	}{
		{"1 2 | 3 4", capture.TurnRight, []int64{2, 3}, 0, "1 2@90 | 3@90 4"},
		{"1@270 2", capture.TurnRight, []int64{1}, 0, "1 2"},
		{"1 2w", capture.TurnLeft, []int64{1, 2}, 0, "1@270 | 2w"},
		{"1 2", capture.Remove, []int64{1}, 0, "1x 2"},
		{"1x 2", capture.Restored, []int64{1, 2}, 0, "1 2"},
		{"1 2 3", capture.Split, []int64{2}, 0, "1 | 2 3"},
		{"1 | 2 3 | 4", capture.Join, []int64{3}, 0, "1 2 3 | 4"},
		{"1 | 2", capture.Join, []int64{1}, 0, "1 | 2"},
		{"1 2 | 3 4", capture.MoveBefore, []int64{4}, 1, "4 1 2 | 3"},
		{"1 2 | 3 4", capture.MoveAfter, []int64{3}, 2, "1 2 3 | 4"},
		{"1 | 2 3", capture.MoveAfter, []int64{1}, 3, "2 3 1"},
		{"1 2 | 3 4", capture.MoveBefore, []int64{1, 4}, 3, "2 | 1 4 3"},
		{"1 2", capture.MoveBefore, []int64{1}, 1, "1 2"},
		{"1 2", capture.MoveBefore, []int64{1}, 77, "1 2"},
		{"1 9 | 9", capture.RemoveBlanks, nil, 0, "1 9x | 9x"},
		{"1 2 3", capture.SplitPages, nil, 0, "1 | 2 | 3"},
		{"1 | 2w | 3 4", capture.JoinAll, nil, 0, "1 | 2w | 3 4"},
		{"2 1 3", capture.SplitFiles, nil, 0, "2 | 1 3"},
		{"1 2", "somersault", []int64{1}, 0, "1 2"},
	} {
		got, err := capture.Arrange(lay(c.before), c.what, c.chosen, c.at)
		if err != nil || shown(got) != c.want {
			t.Errorf("%s of %v in %q gives %q, want %q (%v)", c.what, c.chosen, c.before, shown(got), c.want, err)
		}
	}
	if _, err := capture.Arrange(lay("1 2"), capture.Remove, []int64{3}, 0); !fault.Is(err, fault.Conflict) {
		t.Errorf("a page that is not there: %v", err)
	}
}

// TestNoPageIsEverLost does a thousand things at random: every page stays, once, and the first begins a piece.
func TestNoPageIsEverLost(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	all := []capture.Arrangement{capture.TurnRight, capture.TurnLeft, capture.Remove, capture.Restored, capture.Split, capture.Join, capture.MoveBefore,
		capture.MoveAfter, capture.RemoveBlanks, capture.SplitFiles, capture.SplitPages, capture.JoinAll}
	pages := lay("1 2 3 | 4w | 5 6 | 7 8x 9")
	for range 1000 {
		what := all[r.IntN(len(all))]
		chosen := []int64{1 + r.Int64N(9), 1 + r.Int64N(9)}
		was := shown(pages)
		var err error
		if pages, err = capture.Arrange(pages, what, chosen, 1+r.Int64N(9)); err != nil {
			t.Fatal(err)
		}
		var ids []int64
		for _, p := range pages {
			ids = append(ids, p.ID)
		}
		slices.Sort(ids)
		if !slices.Equal(ids, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9}) || !pages[0].Begins {
			t.Fatalf("%s of %v in %q gives %q", what, chosen, was, shown(pages))
		}
		for _, p := range capture.PiecesOf(pages) {
			if len(p.Pages) > 1 && slices.ContainsFunc(p.Pages, func(p capture.DraftPage) bool { return p.Whole }) {
				t.Fatalf("a whole file is part of a piece: %q", shown(pages))
			}
		}
	}
}

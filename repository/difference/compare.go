package difference

import (
	"math"

	"znkr.io/diff"
)

// budget bounds what comparing costs, in words to the power of 1.5: the growth of the worst case. It is about two seconds of
// one core then, and a few thousandths for what people really change.
const budget = 4_000_000

// An edit is a word that stayed, went or came, with its place in the two texts; -1 where it has none.
type edit struct{ a, b int }

// compare gives one edit for each word, in the order of both texts. Coarse says that a part was too much for the budget.
func compare(a, b []string, budget float64) (all []edit, coarse bool) {
	if cost(len(a), len(b)) <= budget {
		return edits(diff.Edits(a, b), 0, 0), false
	}
	var rough []edit
	for _, gap := range append(edits(diff.Edits(a, b, diff.Fast()), 0, 0), edit{len(a), len(b)}) {
		if gap.a < 0 || gap.b < 0 {
			rough = append(rough, gap)
			continue
		}
		fine, spent, skipped := refine(a, b, rough, budget)
		all, budget, coarse, rough = append(all, fine...), budget-spent, coarse || skipped, nil
		if gap.a < len(a) {
			all = append(all, gap)
		}
	}
	return all, coarse
}

// refine compares what lies between two words that stayed once more, with care, as far as the budget goes.
func refine(a, b []string, rough []edit, budget float64) (fine []edit, spent float64, skipped bool) {
	fromA, fromB, n, m := 0, 0, 0, 0
	for _, e := range rough {
		if e.a >= 0 {
			if n == 0 {
				fromA = e.a
			}
			n++
		} else {
			if m == 0 {
				fromB = e.b
			}
			m++
		}
	}
	if n == 0 || m == 0 {
		return rough, 0, false
	}
	if spent = cost(n, m); spent > budget {
		return rough, 0, true
	}
	return edits(diff.Edits(a[fromA:fromA+n], b[fromB:fromB+m]), fromA, fromB), spent, false
}

func cost(n, m int) float64 { return math.Pow(float64(n+m), 1.5) }

// edits are those of parts of the texts that begin at some words.
func edits(found []diff.Edit[string], fromA, fromB int) []edit {
	all := make([]edit, len(found))
	for i, e := range found {
		all[i] = edit{e.PosX, e.PosY}
		if e.PosX >= 0 {
			all[i].a += fromA
		}
		if e.PosY >= 0 {
			all[i].b += fromB
		}
	}
	return all
}

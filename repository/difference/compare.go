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
	// The words that each text has once say where to look; what lies between two of them is then compared with care.
	fromA, fromB := 0, 0
	for _, e := range append(edits(diff.Edits(a, b, diff.Fast()), 0, 0), edit{len(a), len(b)}) {
		if e.a < 0 || e.b < 0 {
			continue
		}
		n, m := e.a-fromA, e.b-fromB
		switch spent := cost(n, m); {
		case n == 0 || m == 0:
			all = append(all, replaced(fromA, n, fromB, m)...)
		case spent > budget:
			all, coarse = append(all, replaced(fromA, n, fromB, m)...), true
		default:
			all, budget = append(all, edits(diff.Edits(a[fromA:e.a], b[fromB:e.b]), fromA, fromB)...), budget-spent
		}
		if e.a < len(a) && e.b < len(b) {
			all = append(all, e)
		}
		fromA, fromB = e.a+1, e.b+1
	}
	return all, coarse
}

// replaced has n words go and m come.
func replaced(fromA, n, fromB, m int) []edit {
	all := make([]edit, 0, n+m)
	for i := range n {
		all = append(all, edit{fromA + i, -1})
	}
	for i := range m {
		all = append(all, edit{-1, fromB + i})
	}
	return all
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

package detect

import (
	"fmt"
	"slices"

	"docket/taxonomy"
)

// A Comparison says whether a new model may take the place of the old, and why.
type Comparison struct {
	Take bool   `json:"take"`
	Old  Score  `json:"old"`
	New  Score  `json:"new"`
	Why  string `json:"why"` // a sentence
}

// sureMistakes tolerates this many more wrong texts above the threshold before a new model is refused: none.
const sureMistakes = 0

// Better compares two models on texts that neither was trained on, corrections above all. The old model is kept until the
// new one is at least as good: it recognises at least as many texts, it knows every class that the old one knew, and it is
// not wrong more often where it would not ask anybody. Without such texts the new model is taken, for nothing speaks against it.
func Better(old, candidate *Model, held []Example) Comparison {
	if old == nil {
		return Comparison{Take: true, Why: "There is no older model."}
	}
	for _, l := range old.labels {
		if !slices.Contains(candidate.labels, l) {
			return Comparison{Why: fmt.Sprintf("The new model was not taken: it does not know the class %q.", l)}
		}
	}
	var c Comparison
	c.Old, _ = old.Evaluate(held)
	c.New, _ = candidate.Evaluate(held)
	before, after := old.sureAndWrong(held), candidate.sureAndWrong(held)
	switch {
	case len(held) == 0:
		c.Take, c.Why = true, "The new model was taken: there are no corrections yet to compare the two on."
	case c.New.Accuracy < c.Old.Accuracy:
		c.Why = fmt.Sprintf("The old model was kept: of %d texts it recognises %.1f%%, the new one %.1f%%.",
			len(held), 100*c.Old.Accuracy, 100*c.New.Accuracy)
	case after > before+sureMistakes:
		c.Why = fmt.Sprintf("The old model was kept: the new one is sure and wrong on %d of %d texts, the old one on %d.",
			after, len(held), before)
	default:
		c.Take = true
		c.Why = fmt.Sprintf("The new model was taken: of %d texts it recognises %.1f%%, the old one %.1f%%.",
			len(held), 100*c.New.Accuracy, 100*c.Old.Accuracy)
	}
	return c
}

// sureAndWrong counts the texts that the model would decide alone, and wrongly.
func (m *Model) sureAndWrong(examples []Example) int {
	wrong := make([]bool, len(examples))
	each(len(examples), func(i int) {
		r := m.Detect(examples[i].Text, examples[i].Language)
		wrong[i] = r.Sure && string(r.Class) != examples[i].Label
	})
	n := 0
	for _, w := range wrong {
		if w {
			n++
		}
	}
	return n
}

// heldShare is how many parts out of ten Split holds back.
const heldShare = 2

// Split holds back a fifth of the examples for Better, always the same ones: it looks at the text alone, so that a text
// once held back is never trained on, however many are added later.
func Split(examples []Example) (train, held []Example) {
	for _, e := range examples {
		if hash(seedWord, taxonomy.Fold(e.Text))%10 < heldShare {
			held = append(held, e)
		} else {
			train = append(train, e)
		}
	}
	return train, held
}

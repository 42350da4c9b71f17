package detect

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
)

// A machine is a linear classifier: for each label one weight per feature. The label whose weighted sum is greatest wins.
// It is what a support vector machine, one label against the rest, has learned.
type machine struct {
	labels  int
	weights []float32 // features × labels: the weights of one feature stand together
	bias    []float32 // by label
}

func newMachine(labels, features int) *machine {
	return &machine{labels: labels, weights: make([]float32, labels*features), bias: make([]float32, labels)}
}

// row are the weights of one feature, by label.
func (m *machine) row(feature uint32) []float32 {
	return m.weights[int(feature)*m.labels:][:m.labels]
}

// set stores the weights of one label, by feature.
func (m *machine) set(label int, weights []float32, bias float32) {
	for i, w := range weights {
		m.weights[i*m.labels+label] = w
	}
	m.bias[label] = bias
}

// scores are the weighted sums of a text, by label.
func (m *machine) scores(x []feature) []float64 {
	sums := make([]float32, m.labels)
	copy(sums, m.bias)
	for _, f := range x {
		for c, w := range m.row(f.at) {
			sums[c] += w * f.value
		}
	}
	out := make([]float64, m.labels)
	for c, s := range sums {
		out[c] = float64(s)
	}
	return out
}

// A row is one training text.
type row struct {
	x      []feature
	label  int
	weight float64
}

// learn trains one separator per label, several labels at a time. The result depends on the rows and the seed alone.
func learn(rows []row, labels, features int, penalty float64, seed uint64) *machine {
	m := newMachine(labels, features)
	balance := balances(rows, labels)
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for c := range labels {
		slots <- struct{}{}
		wait.Go(func() {
			stretched, scales := stretch(rows, c, features)
			weights, bias := separate(stretched, c, features, penalty, balance, rand.New(rand.NewPCG(seed, uint64(c))))
			for i := range weights {
				weights[i] *= scales[i]
			}
			m.set(c, weights, bias)
			<-slots
		})
	}
	wait.Wait()
	return m
}

// balances gives rare labels more weight, by the square root of how rare they are.
func balances(rows []row, labels int) []float64 {
	count := make([]float64, labels)
	total := 0.0
	for _, r := range rows {
		count[r.label] += r.weight
		total += r.weight
	}
	out := make([]float64, labels)
	for c := range out {
		if count[c] > 0 {
			out[c] = math.Sqrt(total / (float64(labels) * count[c]))
		}
	}
	return out
}

const (
	biasInput  = 1.0
	maxPasses  = 30
	goodEnough = 0.05
)

// separate finds the weights that tell label from the rest: a support vector machine with squared hinge loss, by dual
// coordinate descent (Hsieh, Chang, Lin, Keerthi, Sundararajan: A Dual Coordinate Descent Method for Large-scale Linear
// SVM, ICML 2008, algorithm 1).
func separate(rows []row, label, features int, penalty float64, balance []float64, random *rand.Rand) ([]float32, float32) {
	w := make([]float32, features)
	bias := float32(0)
	alpha := make([]float64, len(rows))
	square := make([]float64, len(rows))
	for i, r := range rows {
		square[i] = biasInput*biasInput + 1/(2*penalty*r.weight*balance[r.label])
		for _, f := range r.x {
			square[i] += float64(f.value) * float64(f.value)
		}
	}
	order := random.Perm(len(rows))
	for range maxPasses {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		worst := 0.0
		for _, i := range order {
			r := &rows[i]
			sign := -1.0
			if r.label == label {
				sign = 1
			}
			sum := bias * biasInput
			for _, f := range r.x {
				sum += w[f.at] * f.value
			}
			gradient := sign*float64(sum) - 1 + alpha[i]/(2*penalty*r.weight*balance[r.label])
			if alpha[i] == 0 && gradient >= 0 {
				continue
			}
			worst = max(worst, math.Abs(gradient))
			next := max(0, alpha[i]-gradient/square[i])
			step := float32((next - alpha[i]) * sign)
			alpha[i] = next
			for _, f := range r.x {
				w[f.at] += step * f.value
			}
			bias += step * biasInput
		}
		if worst < goodEnough {
			break
		}
	}
	return w, bias
}

// count is the naive Bayes classifier in its complement form: a feature speaks for a label when the other labels' texts
// rarely have it (Rennie, Shih, Teevan, Karger: Tackling the Poor Assumptions of Naive Bayes Text Classifiers, ICML
// 2003). From few texts it learns more than separators do.
func count(rows []row, labels, features int) *machine {
	const smooth = 0.1
	own := make([]float64, labels*features)
	of, all, total := make([]float64, labels), make([]float64, features), 0.0
	for _, r := range rows {
		for _, f := range r.x {
			v := float64(f.value) * r.weight
			own[int(f.at)*labels+r.label] += v
			of[r.label] += v
			all[f.at] += v
			total += v
		}
	}
	m := newMachine(labels, features)
	for i := range features {
		whole := math.Log((all[i] + smooth) / (total + smooth*float64(features)))
		for c := range labels {
			others := (all[i] - own[i*labels+c] + smooth) / (total - of[c] + smooth*float64(features))
			m.weights[i*labels+c] = float32(whole - math.Log(max(others, 1e-12)))
		}
	}
	return m
}

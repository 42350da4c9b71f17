package detect

import "math"

// A Mix says how much each voice counts. The probability of a label is the softmax of the weighted sum of its scores.
type Mix [voices]float64

// A heard is one text with the voices' scores and its right label.
type heard struct {
	scores [voices][]float64
	label  int
	weight float64
}

// probabilities of the labels.
func (m Mix) probabilities(scores [voices][]float64) []float64 {
	var out []float64
	for v, s := range scores {
		if out == nil {
			out = make([]float64, len(s))
		}
		for c := range s {
			out[c] += m[v] * s[c]
		}
	}
	softmax(out)
	return out
}

func softmax(x []float64) {
	top := math.Inf(-1)
	for _, v := range x {
		top = max(top, v)
	}
	sum := 0.0
	for i, v := range x {
		x[i] = math.Exp(v - top)
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}

// fit finds the mix under which the right labels of texts not trained on are most likely. This both weighs the voices
// against each other and calibrates: a confidence of 0.9 is right nine times in ten on such texts. The problem is convex;
// Newton's method solves it. A voice whose weight would be negative is left out.
func fit(texts []heard) Mix {
	var mix Mix
	active := [voices]bool{}
	for v := range active {
		active[v] = speaks(texts, v)
		if active[v] {
			mix[v] = 1
		}
	}
	loss := likelihoodLoss(texts, mix)
	for range 50 {
		gradient, hessian := slopes(texts, mix, active)
		step := solve(hessian, gradient)
		size := 1.0
		var next Mix
		var nextLoss float64
		for ; size > 1e-4; size /= 2 {
			for v := range next {
				next[v] = max(0, mix[v]-size*step[v])
			}
			if nextLoss = likelihoodLoss(texts, next); nextLoss <= loss {
				break
			}
		}
		if loss-nextLoss < 1e-7 {
			break
		}
		mix, loss = next, nextLoss
		for v := range active {
			active[v] = active[v] && mix[v] > 0
		}
	}
	return mix
}

// speaks says whether a voice says anything at all.
func speaks(texts []heard, voice int) bool {
	for _, t := range texts {
		for _, s := range t.scores[voice] {
			if s != 0 {
				return true
			}
		}
	}
	return false
}

// ridge keeps weights finite when held-out texts are all recognised.
const ridge = 1e-4

func likelihoodLoss(texts []heard, mix Mix) float64 {
	loss, total := 0.0, 0.0
	for _, t := range texts {
		loss -= t.weight * math.Log(max(1e-300, mix.probabilities(t.scores)[t.label]))
		total += t.weight
	}
	loss /= max(total, 1e-9)
	for _, w := range mix {
		loss += ridge / 2 * w * w
	}
	return loss
}

// slopes are the gradient and the Hessian matrix of the loss over the active voices.
func slopes(texts []heard, mix Mix, active [voices]bool) (g [voices]float64, h [voices][voices]float64) {
	total := 0.0
	for _, t := range texts {
		p := mix.probabilities(t.scores)
		var mean [voices]float64
		for v := range mean {
			for c := range p {
				mean[v] += p[c] * t.scores[v][c]
			}
			g[v] += t.weight * (mean[v] - t.scores[v][t.label])
		}
		for c := range p {
			for a := range voices {
				for b := range voices {
					h[a][b] += t.weight * p[c] * (t.scores[a][c] - mean[a]) * (t.scores[b][c] - mean[b])
				}
			}
		}
		total += t.weight
	}
	for a := range voices {
		g[a] = g[a]/total + ridge*mix[a]
		for b := range voices {
			h[a][b] /= total
		}
		h[a][a] += ridge
	}
	for v := range voices {
		if !active[v] {
			g[v], h[v] = 0, [voices]float64{}
			for a := range voices {
				h[a][v] = 0
			}
			h[v][v] = 1
		}
	}
	return g, h
}

// solve gives x with h x = g, by Gaussian elimination with pivoting.
func solve(h [voices][voices]float64, g [voices]float64) [voices]float64 {
	for i := range voices {
		best := i
		for r := i + 1; r < voices; r++ {
			if math.Abs(h[r][i]) > math.Abs(h[best][i]) {
				best = r
			}
		}
		h[i], h[best] = h[best], h[i]
		g[i], g[best] = g[best], g[i]
		if h[i][i] == 0 {
			continue
		}
		for r := range voices {
			if r == i {
				continue
			}
			f := h[r][i] / h[i][i]
			for c := range voices {
				h[r][c] -= f * h[i][c]
			}
			g[r] -= f * g[i]
		}
	}
	for i := range voices {
		if h[i][i] != 0 {
			g[i] /= h[i][i]
		}
	}
	return g
}

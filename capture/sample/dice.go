package sample

import "math/rand/v2"

// dice are the only source of chance. They are not safe for concurrent use; each piece has its own.
type dice struct{ *rand.Rand }

// newDice gives the dice of a stream: the same seed and stream throw the same numbers.
func newDice(seed, stream uint64) *dice {
	return &dice{rand.New(rand.NewPCG(seed, stream*0x9e3779b97f4a7c15+1))}
}

// chance is true with probability p.
func (d *dice) chance(p float64) bool { return d.Float64() < p }

// between gives a whole number from low to high, both included.
func (d *dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// within gives a number from low to high.
func (d *dice) within(low, high float64) float64 { return low + d.Float64()*(high-low) }

// order gives 0 to n-1 in random order.
func (d *dice) order(n int) []int { return d.Perm(n) }

// digits gives n digits, the first not 0.
func (d *dice) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + d.IntN(10))
	}
	b[0] = byte('1' + d.IntN(9))
	return string(b)
}

// shape replaces each # by a digit and keeps the rest.
func (d *dice) shape(pattern string) string {
	b := []byte(pattern)
	for i := range b {
		if b[i] == '#' {
			b[i] = byte('0' + d.IntN(10))
		}
	}
	return string(b)
}

// one picks an element.
func one[T any](d *dice, all []T) T { return all[d.IntN(len(all))] }

// A share is something with a weight.
type share[T any] struct {
	of     T
	weight int
}

// pick picks by weight.
func pick[T any](d *dice, all []share[T]) T {
	total := 0
	for _, s := range all {
		total += s.weight
	}
	n := d.IntN(total)
	for _, s := range all {
		if n -= s.weight; n < 0 {
			return s.of
		}
	}
	panic("sample: shares without weight")
}

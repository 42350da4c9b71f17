package bench

import (
	"math"
	"testing"
)

func TestPower(t *testing.T) {
	t.Parallel()
	for want, times := range map[float64][]float64{0: {3, 3, 3}, 1: {1, 2, 4}, 2: {1, 4, 16}} {
		if got := power([]int{10, 20, 40}, times); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v: power %v, want %v", times, got, want)
		}
	}
}

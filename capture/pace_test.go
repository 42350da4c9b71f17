package capture_test

import (
	"math"
	"testing"
	"time"

	"docket/capture"
)

func TestPaceLeavesPausesOut(t *testing.T) {
	t.Parallel()
	at := func(minutes ...float64) (all []capture.DecidedPiece) {
		for _, m := range minutes {
			all = append(all, capture.DecidedPiece{At: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC).Add(time.Duration(m * float64(time.Minute)))})
		}
		return all
	}
	for _, c := range []struct {
		minutes []float64
		want    float64
	}{
		{nil, 0}, {[]float64{5}, 0}, {[]float64{90, 5}, 0}, {[]float64{2, 1, 0}, 60}, {[]float64{61, 60.5, 60, 1, 0}, 90}, {[]float64{1, 1}, 0},
	} {
		if got := capture.Pace(at(c.minutes...)); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("decided at %v: %g an hour, want %g", c.minutes, got, c.want)
		}
	}
}

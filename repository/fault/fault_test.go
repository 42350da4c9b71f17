package fault

import (
	"errors"
	"fmt"
	"testing"
)

// What was said on purpose is no failure, and what something broken caused is one.
func TestExpected(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want bool
	}{
		{New(Unavailable, "It is still being checked."), true},
		{fmt.Errorf("page: %w", New(Unavailable, "Paused.")), true},
		{Wrap(errors.New("refused"), Unavailable, "The database is away."), false},
		{errors.New("odd"), false},
		{New(Internal, "Odd."), false},
		{nil, false},
	} {
		if got := Expected(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

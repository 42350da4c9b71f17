package search

import "sync/atomic"

// memoLimit is how many words a language remembers the stems of before it starts anew: about 10 MB.
const memoLimit = 100_000

// A memoSize counts what a memo holds.
type memoSize struct{ n atomic.Int64 }

// grow counts one more and says whether the memo is full and starts anew.
func (m *memoSize) grow() bool {
	if m.n.Add(1) < memoLimit {
		return false
	}
	m.n.Store(0)
	return true
}

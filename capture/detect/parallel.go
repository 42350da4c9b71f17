package detect

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// each calls do for 0 to n-1 on all cores and returns when all are done.
func each(n int, do func(i int)) {
	var wait sync.WaitGroup
	var next atomic.Int64
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
}

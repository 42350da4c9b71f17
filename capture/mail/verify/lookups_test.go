package verify

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// silence is a name server that answers nothing.
type silence struct {
	records
	asked int
}

func (s *silence) LookupTXT(ctx context.Context, name string) ([]string, error) {
	s.asked++
	<-ctx.Done()
	return nil, &net.DNSError{Err: "i/o timeout", Name: name, IsTimeout: true}
}

// A sender whose name server is silent costs one wait, however much there would be to ask.
func TestASilentNameServerIsAskedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &silence{}
		l := newLookups(s)
		began := time.Now()
		for _, name := range []string{"a.example", "_dmarc.a.example", "b.example"} {
			if _, err := l.LookupTXT(t.Context(), name); !isTemporary(err) {
				t.Errorf("%s: %v, want an error that may pass", name, err)
			}
		}
		if waited := time.Since(began); s.asked != 1 || waited != maxSilence {
			t.Errorf("asked %d times and waited %v, want once and %v", s.asked, waited, maxSilence)
		}
	})
}

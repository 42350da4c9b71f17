package web

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestTheSecondPersonIsTold(t *testing.T) {
	t.Parallel()
	var s sittings
	a, b := uuid.New(), uuid.New()
	start := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	sit := func(id uuid.UUID, who string, after time.Duration) bool {
		s.sit(id, who, who, start.Add(after))
		return s.taken(id, who, start.Add(after))
	}
	if sit(a, "mia", 0) || sit(a, "mia", time.Second) {
		t.Error("mia is told of herself")
	}
	if !sit(a, "ben", 2*time.Second) || !s.taken(a, "ben", start.Add(3*time.Second)) || s.taken(a, "mia", start.Add(3*time.Second)) {
		t.Error("ben is not told of mia")
	}
	if sit(b, "mia", 4*time.Second) || sit(a, "ben", 5*time.Second) {
		t.Error("mia has gone on, and still sits there")
	}
	if !sit(a, "mia", 6*time.Second) || sit(a, "mia", time.Minute) {
		t.Error("ben has gone away, and still sits there")
	}
}

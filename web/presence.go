package web

import (
	"sync"
	"time"

	"docket/repository"
)

// awayAfter is how long somebody counts as sitting at a document since their page was opened or last connected: its stream says so
// at every beat.
const awayAfter = 40 * time.Second

// A sitting is a person who has a document open on the validation desk.
type sitting struct {
	Name, Title string
	Since, seen time.Time
}

// sittings remembers who has which document open on the validation desk, so that the second person is told before they type. It
// is a courtesy and no lock: what is saved is guarded by the reading's revision. It lives in memory, for it is worth nothing a
// minute later. Safe for concurrent use; the zero value is ready.
type sittings struct {
	mu  sync.Mutex
	all map[repository.DocumentID]sitting
}

// sit notes that a person looks at a document, which stays that of whoever came first and is still there. Changed says that somebody
// came or has gone since the last time.
func (s *sittings) sit(id repository.DocumentID, name, title string, now time.Time) (changed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[repository.DocumentID]sitting{}
	}
	for other, at := range s.all {
		if now.Sub(at.seen) > awayAfter || other != id && at.Name == name {
			delete(s.all, other) // gone, or gone on to another one
			changed = true
		}
	}
	at, taken := s.all[id]
	if taken && at.Name != name {
		return changed
	}
	if !taken {
		at, changed = sitting{Name: name, Title: title, Since: now}, true
	}
	at.seen = now
	s.all[id] = at
	return changed
}

// other is who else looks at a document.
func (s *sittings) other(id repository.DocumentID, name string, now time.Time) (sitting, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.all[id]
	if !ok || at.Name == name || now.Sub(at.seen) > awayAfter {
		return sitting{}, false
	}
	return at, true
}

// by is the title of somebody else who looks at a document, empty when nobody does.
func (s *sittings) by(id repository.DocumentID, name string, now time.Time) string {
	at, _ := s.other(id, name, now)
	return at.Title
}

// taken says whether somebody else looks at a document.
func (s *sittings) taken(id repository.DocumentID, name string, now time.Time) bool {
	_, taken := s.other(id, name, now)
	return taken
}

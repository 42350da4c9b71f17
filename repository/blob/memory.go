package blob

import (
	"bytes"
	"context"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"docket/repository/fault"

	"github.com/google/uuid"
)

// Memory is the fake: a Store in memory, with locks, for tests. It behaves as S3 does as far as the suite in blobtest tells
// them apart.
type Memory struct {
	mu   sync.Mutex
	keys map[string][]*memoryVersion // oldest first
	away bool
	now  func() time.Time
}

type memoryVersion struct {
	object Object
	bytes  []byte
	hold   bool
	until  time.Time
}

// NewMemory makes an empty store.
func NewMemory() *Memory {
	return &Memory{keys: map[string][]*memoryVersion{}, now: time.Now}
}

// SetAway makes the store unreachable, or reachable again.
func (m *Memory) SetAway(away bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = away
}

// SetClock replaces the clock by which versions are dated and locks end.
func (m *Memory) SetClock(now func() time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = now
}

// Damage replaces the bytes of a version, as a failing disk or a hand in the files would, and leaves its recorded digest and
// size. It panics when there is no such version.
func (m *Memory) Damage(key, version string, content []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v := m.find(key, version)
	if v == nil {
		panic("blob: damage to " + key + ", which is not there")
	}
	v.bytes = slices.Clone(content)
}

// ready locks the store for one operation, which the caller ends with mu.Unlock when there is no error.
func (m *Memory) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	if m.away {
		m.mu.Unlock()
		return fault.New(fault.Unavailable, sayAway)
	}
	return nil
}

// Put implements Store.
func (m *Memory) Put(ctx context.Context, key string, r io.Reader, o PutOptions) (Object, error) {
	s, err := fill(ctx, r, o.MaxSize, "")
	if err != nil {
		return Object{}, err
	}
	defer s.close()
	content := make([]byte, s.size)
	if _, err := s.ReadAt(content, 0); err != nil && err != io.EOF {
		return Object{}, err
	}
	if err := m.ready(ctx); err != nil {
		return Object{}, err
	}
	defer m.mu.Unlock()
	object := Object{Key: key, Version: uuid.NewString(), Size: s.size, SHA256: s.sha256, MediaType: mediaType(o), At: m.now().UTC(),
		Metadata: lowerKeys(o.Metadata)}
	m.keys[key] = append(m.keys[key], &memoryVersion{object: object, bytes: content})
	object.At = time.Time{}
	return clone(object), nil
}

func mediaType(o PutOptions) string {
	if o.MediaType == "" {
		return "application/octet-stream"
	}
	return o.MediaType
}

func lowerKeys(m map[string]string) map[string]string {
	lower := make(map[string]string, len(m))
	for k, v := range m {
		lower[strings.ToLower(k)] = v
	}
	return lower
}

func clone(o Object) Object {
	o.Metadata = maps.Clone(o.Metadata)
	return o
}

// find gives a version, the newest for "", or nil: also for delete markers.
func (m *Memory) find(key, version string) *memoryVersion {
	all := m.keys[key]
	for i, v := range slices.Backward(all) {
		if v.object.Version == version || version == "" && i == len(all)-1 {
			if v.object.Deleted {
				return nil
			}
			return v
		}
	}
	return nil
}

// Open implements Store.
func (m *Memory) Open(ctx context.Context, key, version string) (Reader, error) {
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	v := m.find(key, version)
	if v == nil {
		return nil, ErrNotFound
	}
	return memoryReader{bytes.NewReader(v.bytes), clone(v.object)}, nil
}

type memoryReader struct {
	*bytes.Reader
	object Object
}

func (memoryReader) Close() error     { return nil }
func (r memoryReader) Object() Object { return r.object }

// Stat implements Store.
func (m *Memory) Stat(ctx context.Context, key, version string) (Object, error) {
	if err := m.ready(ctx); err != nil {
		return Object{}, err
	}
	defer m.mu.Unlock()
	v := m.find(key, version)
	if v == nil {
		return Object{}, ErrNotFound
	}
	return clone(v.object), nil
}

// Versions implements Store. It lists what was there at the first step.
func (m *Memory) Versions(ctx context.Context, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		all, err := m.list(ctx, prefix)
		if err != nil {
			yield(Object{}, err)
			return
		}
		for _, o := range all {
			if !yield(o, ctx.Err()) {
				return
			}
		}
	}
}

func (m *Memory) list(ctx context.Context, prefix string) ([]Object, error) {
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var all []Object
	for _, key := range slices.Sorted(maps.Keys(m.keys)) {
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		for _, v := range slices.Backward(m.keys[key]) {
			o := v.object
			o.SHA256, o.MediaType, o.Metadata = SHA256{}, "", nil
			all = append(all, o)
		}
	}
	return all, nil
}

// Delete implements Store.
func (m *Memory) Delete(ctx context.Context, key, version string) error {
	if err := m.ready(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if version == "" {
		marker := Object{Key: key, Version: uuid.NewString(), At: m.now().UTC(), Deleted: true}
		m.keys[key] = append(m.keys[key], &memoryVersion{object: marker})
		return nil
	}
	i := slices.IndexFunc(m.keys[key], func(v *memoryVersion) bool { return v.object.Version == version })
	if i < 0 {
		return nil
	}
	if v := m.keys[key][i]; v.hold || v.until.After(m.now()) {
		return ErrLocked
	}
	m.keys[key] = slices.Delete(m.keys[key], i, i+1)
	return nil
}

// Hold implements Store.
func (m *Memory) Hold(ctx context.Context, key, version string, on bool) error {
	return m.change(ctx, key, version, func(v *memoryVersion) error {
		v.hold = on
		return nil
	})
}

// Retain implements Store.
func (m *Memory) Retain(ctx context.Context, key, version string, until time.Time) error {
	return m.change(ctx, key, version, func(v *memoryVersion) error {
		if err := needFuture(until, m.now()); err != nil {
			return err
		}
		if until.Before(v.until) && v.until.After(m.now()) {
			return ErrLocked
		}
		v.until = until
		return nil
	})
}

func (m *Memory) change(ctx context.Context, key, version string, f func(*memoryVersion) error) error {
	if err := m.ready(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	v := m.find(key, version)
	if v == nil {
		return ErrNotFound
	}
	return f(v)
}

// Locks implements Store.
func (m *Memory) Locks() bool { return true }

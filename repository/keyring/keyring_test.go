package keyring

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"docket/repository/fault"
)

func TestAKeyIsMadeOnceAndForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "data", "secret")
	var keys [8][]byte
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			r, err := Open(file)
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = r.Derive("a")
		})
	}
	all.Wait()
	for _, k := range keys {
		if !bytes.Equal(k, keys[0]) || len(k) != KeySize {
			t.Errorf("two that open it at once have different keys")
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

func TestWhatIsSealedOpensForItsPurposeAlone(t *testing.T) {
	t.Parallel()
	r, other := ring(t, "1"), ring(t, "2")
	sealed := r.Seal("mailbox 1", "pass word")
	if strings.Contains(sealed, "pass") || sealed == r.Seal("mailbox 1", "pass word") {
		t.Errorf("sealed: %s", sealed)
	}
	if s, err := r.Open("mailbox 1", sealed); s != "pass word" || err != nil {
		t.Errorf("opened: %q %v", s, err)
	}
	for name, open := range map[string]func() (string, error){
		"another purpose": func() (string, error) { return r.Open("mailbox 2", sealed) },
		"another key":     func() (string, error) { return other.Open("mailbox 1", sealed) },
		"cut":             func() (string, error) { return r.Open("mailbox 1", sealed[:20]) },
		"no base64":       func() (string, error) { return r.Open("mailbox 1", "?") },
	} {
		if s, err := open(); s != "" || !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %q %v", name, s, err)
		}
	}
	if s, err := r.Open("x", r.Seal("x", "")); s != "" || err != nil {
		t.Errorf("nothing: %q %v", s, err)
	}
}

func ring(t *testing.T, digit string) *Ring {
	t.Helper()
	r, err := Parse(strings.Repeat(digit, 2*KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAKeyOfAnotherLengthIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "12", strings.Repeat("z", 64), strings.Repeat("1", 66)} {
		if _, err := Parse(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

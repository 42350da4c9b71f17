package clamd

import (
	"strings"
	"testing"
	"time"
)

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]Version{
		"ClamAV 1.4.6": {Engine: "ClamAV 1.4.6"},
		"ClamAV 1.4.6/27465/Wed Nov 12 09:33:52 2025": {"ClamAV 1.4.6", "27465", time.Date(2025, 11, 12, 9, 33, 52, 0, time.UTC)},
		"ClamAV 1.4.6/27465/yesterday":                {Engine: "ClamAV 1.4.6", Signatures: "27465"},
	} {
		if got, err := parseVersion(line); got != want || err != nil {
			t.Errorf("%q: %+v %v", line, got, err)
		}
	}
	if v, err := parseVersion("SSH-2.0-OpenSSH"); err == nil {
		t.Errorf("took %+v for a version", v)
	}
}

// Only the one line is clean; what is found has a name that can be shown.
func FuzzParseAnswer(f *testing.F) {
	for _, line := range []string{"stream: OK", "stream: Eicar-Signature FOUND", "stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND", "INSTREAM size limit exceeded. ERROR",
		"stream: FOUND", "stream:  FOUND", "", "stream: a\nb\xff FOUND", "stream: OK FOUND", "UNKNOWN COMMAND"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		a, err := parseAnswer(line)
		switch {
		case err != nil && a != Answer{}:
			t.Errorf("%q: %+v beside %v", line, a, err)
		case err == nil && a == Answer{}:
			t.Errorf("%q: nothing was said, and no error", line)
		case a.Clean != (line == "stream: OK"):
			t.Errorf("%q is clean: %v", line, a.Clean)
		case strings.ContainsAny(a.Found, "\x00\n\r"):
			t.Errorf("%q: the name %q", line, a.Found)
		}
	})
}

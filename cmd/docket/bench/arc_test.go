package bench

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A suite may use a name twice, and say nothing of a case.
func TestARC(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "suite.yml")
	suite := "description: one\ntests:\n  plain:\n    description: no seals\n    message: |\n      From: a@b.example\n\n      Hello\n    cv: None\n  twice:\n    message: |\n      From: a@b.example\n    cv: None\n" +
		"  twice:\n    description: claimed\n    message: |\n      From: a@b.example\n    cv: Pass\n  mute:\n    message: |\n      From: a@b.example\n    cv: |\n\ntxt-records:\n  a._domainkey.b.example: v=DKIM1\n---\ntests:\n  more:\n    message: x\n    cv: None\n"
	if err := os.WriteFile(file, []byte(suite), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ARC(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	want := &ARCReport{Cases: 5, Agree: 3, Mute: 1, Other: []ARCCase{{Name: "twice", About: "claimed", Want: "pass", Got: "none"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := ARC(t.Context(), file+"x"); err == nil {
		t.Error("a suite that is not there")
	}
}

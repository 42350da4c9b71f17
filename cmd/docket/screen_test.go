package main

import (
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/capture/clamdtest"
)

// With a scanner that is away everything waits, and goes on by itself when it is back: what is clean is read, what is not is held. What
// was stored before is looked at when somebody asks for it.
func TestTheScannerIsAskedFirst(t *testing.T) {
	whole(t)
	scanner := clamdtest.New(t)
	c := defaultConfig()
	c.Data, c.Clamd = t.TempDir(), scanner.String()
	a := startConfigured(t, c)
	receive := func(name, content string) capture.Piece {
		t.Helper()
		p, err := a.intake.Receive(t.Context(), capture.Item{Source: "test", Name: name, By: "test", Content: strings.NewReader(content)})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	state := func(p capture.Piece) capture.State {
		t.Helper()
		p, err := capture.FindPiece(t.Context(), a.pool, p.Receipt)
		if err != nil {
			t.Fatal(err)
		}
		return p.State
	}
	known := a.intake.Scanner
	a.intake.Scanner = nil
	before := receive("before.txt", "An old letter about nothing "+clamdtest.Harmful)
	a.settle(t)
	a.intake.Scanner = known
	clean, harmful := receive("letter.txt", "My parcel came three weeks late."), receive("harmful.txt", "My parcel came "+clamdtest.Harmful)
	within(t, time.Minute, "both wait for the scanner", func() bool {
		u, err := capture.FindUnanswered(t.Context(), a.pool)
		return err == nil && u.Versions == 2
	})
	scanner.Run(t)
	a.settle(t)
	if got := state(clean); got != capture.Filed && got != capture.Waiting {
		t.Errorf("the clean letter is %s", got)
	}
	if got := state(harmful); got != capture.Exception {
		t.Errorf("the harmful one is %s", got)
	}
	if n, err := a.screenAll(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d documents to check, %v", n, err)
	}
	within(t, time.Minute, "the old one held", func() bool {
		s, err := capture.FindScreening(t.Context(), a.pool, before.Document, 1)
		return err == nil && s.Verdict == capture.ScreenInfected
	})
}

package web

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"docket/capture"
)

// TestTheQueueFollows is a clerk in the queue while others work in it too: new documents appear, decided ones go, somebody who sits
// down at one is named. The focus stays on its row, and goes to the one that takes its place. At the desk the number is kept up to date.
func TestTheQueueFollows(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var waits []capture.Piece
	for i := range 3 {
		waits = append(waits, h.waitingPiece(t, fmt.Sprintf("letter %d.pdf", i), letters[i%2]))
	}
	b := newTab(t, h.url)
	b.signIn("mia")
	b.open("/mailroom/validation")
	w := &walker{tab: b}
	w.press("j", 0)
	w.press("j", 0)
	focus := func(p capture.Piece) string { return fmt.Sprintf(`document.activeElement?.id === "q%d"`, p.Seq) }
	b.until(focus(waits[1]))

	last := h.waitingPiece(t, "letter 3.pdf", letters[0])
	b.until(fmt.Sprintf(`document.querySelector("#q%d") && document.querySelector("#lead").textContent.startsWith("4")`, last.Seq))
	b.until(focus(waits[1]))

	h.as(t, "ada").get("/mailroom/validation/" + waits[2].Document.String())
	b.until(fmt.Sprintf(`document.querySelector("#q%d .badge-busy")`, waits[2].Seq))
	h.set(t, waits[0], capture.Filed, "")
	b.until(fmt.Sprintf(`document.querySelector("#begin a").href.endsWith(%q) && %s`, waits[1].Document, focus(waits[1])))
	h.set(t, waits[1], capture.Filed, "")
	b.until(focus(waits[2]))
	b.quiet("queue")

	b.open("/mailroom/validation/" + last.Document.String())
	b.until(`document.querySelector("[data-waits]").textContent === "2" && document.activeElement?.id === "class"`)
	h.waitingPiece(t, "letter 4.pdf", letters[1])
	b.until(`document.querySelector("[data-waits]").textContent === "3" && document.activeElement?.id === "class"`)
	b.quiet("desk")
}

// Whoever is connected at a document sits there, without asking again and again; whoever may not decide it does not.
func TestWhoeverIsConnectedSitsAtTheDesk(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.waitingPiece(t, "letter.pdf", letters[0])
	path := "/mailroom/validation/" + p.Document.String()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	hears(t, h.as(t, "ben").eventsAt(ctx, p.Document.String()), "hello", "")
	named := func(title string) bool {
		r := h.as(t, "ada").get("/mailroom/validation")
		return strings.Contains(r.body, title+" is at it")
	}
	if named("Ben") {
		t.Error("an agent sits at the validation desk")
	}
	hears(t, h.as(t, "mia").eventsAt(ctx, p.Document.String()), "hello", "")
	if !named(person("mia").Title) {
		t.Error("nobody is told of who is connected at the document")
	}
	if r := h.as(t, "ada").get(path); !strings.Contains(r.body, person("mia").Title) {
		t.Error("who opens the document is not told who is at it")
	}
}

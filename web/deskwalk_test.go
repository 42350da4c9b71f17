package web

import (
	"fmt"
	"testing"
	"time"

	"docket/capture"
	"docket/taxonomy"

	"github.com/chromedp/cdproto/input"
)

// A walker works at the desk by keys alone and counts them.
type walker struct {
	*tab
	keys int
}

// codes are the keys that type nothing, by their name in the browser.
var codes = map[string]int64{"Enter": 13, "Tab": 9, "PageDown": 34, "s": 83, "z": 90, "1": 49, "2": 50, "3": 51}

const (
	withAlt   int64 = 1
	withCtrl  int64 = 2
	withShift int64 = 8
)

func (w *walker) press(key string, modifiers int64) {
	w.t.Helper()
	w.keys++
	code := key
	switch {
	case len(key) == 1 && key >= "0" && key <= "9":
		code = "Digit" + key
	case len(key) == 1:
		code = "Key" + string(key[0]-'a'+'A')
	}
	p := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Code: code, WindowsVirtualKeyCode: codes[key], Modifiers: modifiers}
	if key == "Enter" && modifiers == 0 {
		p.Text = "\r"
	}
	must(w.tab, input.DispatchKeyEvent, p)
	p.Type, p.Text = input.DispatchKeyEventTypeKeyUp, ""
	must(w.tab, input.DispatchKeyEvent, p)
}

func (w *walker) write(text string) {
	w.t.Helper()
	for _, r := range text {
		w.keys++
		must(w.tab, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: string(r), Text: string(r)})
		must(w.tab, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: string(r)})
	}
}

// at waits until the desk shows a document and the focus is where the clerk's next key belongs.
func (w *walker) at(p capture.Piece, focus string) {
	w.t.Helper()
	w.until(fmt.Sprintf(`location.pathname.endsWith(%q) && document.activeElement?.id === %q && document.querySelector(".viewer-on .viewer-marks")`, p.Document.String(), focus))
}

// TestValidatingByKeys is a clerk's quarter of an hour without a mouse: letters whose class is in doubt are looked at and filed,
// one gets another class, one a date that was not read, the last is corrected after it was filed. A simple letter takes no more
// than six keys, so at sixty an hour nearly the whole minute is left for reading.
func TestValidatingByKeys(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var pieces []capture.Piece
	for i := range 6 {
		pieces = append(pieces, h.waitingPiece(t, fmt.Sprintf("letter %d.pdf", i), letters[i%2]))
	}
	b := newTab(t, h.url)
	b.signIn("mia")
	b.open("/mailroom/validation")
	w := &walker{tab: b}
	w.press("j", 0)
	w.press("Enter", 0)
	started := time.Now()

	simple := func(p, next capture.Piece) {
		t.Helper()
		w.at(p, "class")
		before := w.keys
		w.press("Enter", 0) // the class is right; on to the customer number, which was read with doubt
		w.until(`document.activeElement.id === "f-customer_number"`)
		w.press("Enter", 0)
		w.until(`document.activeElement.id === "accept"`)
		w.press("Enter", 0)
		w.until(fmt.Sprintf(`location.pathname.endsWith(%q)`, next.Document.String()))
		if used := w.keys - before; used > 6 {
			t.Errorf("a simple letter took %d keys", used)
		}
	}
	simple(pieces[0], pieces[1])
	simple(pieces[1], pieces[2])

	w.at(pieces[2], "class") // another class, and filed at once
	w.press("2", withAlt)
	w.until(`document.querySelector("#class").value === "question" && document.querySelector("#preview").textContent.includes("Question")`)
	w.press("Enter", withCtrl)

	w.at(pieces[3], "class") // the date is wrong: back to its field, and typed as it stands
	w.press("Tab", 0)
	w.until(`document.activeElement.id === "f-customer_number"`)
	w.press("Tab", withShift)
	w.until(`document.activeElement.id !== "f-customer_number"`)
	for evaluate[string](b, `document.activeElement.id`) != "f-letter_date" {
		w.press("Tab", withShift)
	}
	evaluate[bool](b, `document.activeElement.select(), true`)
	w.write("2.4.2026")
	w.press("Enter", 0)
	w.until(`document.querySelector("#f-letter_date").value === "2 Apr 2026" && document.querySelector("#preview").textContent.includes("2026-04-02")`)
	w.press("Enter", withCtrl)
	w.at(pieces[4], "class")
	b.quiet("desk")
	b.axe("desk")

	w.press("z", withAlt) // the one before was wrong after all
	w.until(fmt.Sprintf(`location.pathname.endsWith(%q) && document.querySelector("#form [name=version]") && document.activeElement?.id`, pieces[3].Document.String()))
	w.press("2", withAlt)
	w.until(`document.querySelector("#preview").textContent.includes("Question")`)
	w.press("Enter", withCtrl)
	w.at(pieces[4], "class")
	w.press("s", withAlt)
	w.at(pieces[5], "class")
	t.Logf("5 decisions with %d keys in %s", w.keys, time.Since(started).Round(time.Second))
	if day := evaluate[string](b, `document.querySelector(".desk-day").textContent`); day == "" || day[:1] != "4" {
		t.Errorf("the day's count says %q", day)
	}
	for i, want := range []taxonomy.ClassID{taxonomy.Complaint, taxonomy.Complaint, taxonomy.Question, taxonomy.Question} {
		record, err := h.config.Plan.Record(t.Context(), h.config.Pool, pieces[i].Document)
		if err != nil || record.Class != want {
			t.Errorf("letter %d is filed as %s, %v; want %s", i, record.Class, err, want)
		}
		if i == 3 && record.Values.Get(taxonomy.LetterDate) != "2026-04-02" {
			t.Errorf("letter 3 is dated %s", record.Values.Get(taxonomy.LetterDate))
		}
	}
	b.quiet("desk")
}

// TestViewer looks through a document: the words of the page fill a field by a click, finding marks and counts, a value leads to
// its place, and the address that is copied leads there again.
func TestViewer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.receive(t, "a.pdf", "scanner", "a")
	h.read(t, p, letters[0], 0.97)
	h.file(t, p, letters[0])
	waits := h.waitingPiece(t, "b.pdf", letters[0])
	b := newTab(t, h.url)
	b.signIn("ada")
	b.open("/documents/" + p.Document.String())
	b.until(`document.querySelector(".viewer-on .viewer-marks")`)
	evaluate[bool](b, `(() => { const i = document.querySelector("#viewer-find"); i.value = "delivery"; i.dispatchEvent(new Event("input")); return true })()`)
	b.until(`document.querySelector("[data-count]").textContent === "1 / 3" && document.querySelectorAll(".viewer-marks .mark-find").length === 3`)
	evaluate[bool](b, `document.querySelector("#viewer-find").focus(), true`)
	w := &walker{tab: b}
	w.press("Enter", 0)
	b.until(`document.querySelector("[data-count]").textContent === "2 / 3"`)
	w.press("PageDown", withAlt)
	b.until(`document.querySelector("[data-number]").textContent === "2" && location.search.includes("page=2")`)
	evaluate[bool](b, `document.querySelector(".fields a[data-place]").click(), true`)
	b.until(`location.search.includes("page=1") && location.search.includes("box=") && document.querySelector(".viewer-marks .mark-found")`)
	cited := evaluate[string](b, `location.pathname + location.search`)
	b.open(cited)
	b.until(`document.querySelector(".viewer-on .viewer-marks .mark-found")`)
	b.quiet("viewer")
	b.inspect("viewer")

	b.look(1440, "light")
	b.open("/mailroom/validation/" + waits.Document.String())
	b.until(`document.querySelector(".viewer-on .viewer-marks") && document.activeElement?.id === "class"`)
	evaluate[bool](b, `document.querySelector("#f-policy_number").focus(), true`)
	b.clickWord("K-20418833")
	b.until(`document.querySelector("#f-policy_number").value === "K-20418833" && document.querySelector("[name='at.policy_number']").value.startsWith("1;")`)
	b.quiet("desk")
}

// clickWord clicks the middle of a word of the page that the viewer shows.
func (b *tab) clickWord(word string) {
	b.t.Helper()
	b.until(`document.querySelector(".viewer-on:not([aria-busy])")`)
	at := evaluate[[]float64](b, fmt.Sprintf(`(async () => {
		const v = document.querySelector("[data-viewer]");
		const layout = await (await fetch(v.dataset.base + "/pages/1/layout")).json();
		const w = layout.words.find(w => w.text === %q).box;
		const m = document.querySelector(".viewer-marks").getScreenCTM();
		return [(w.x + w.w / 2) * m.a + m.e, (w.y + w.h / 2) * m.d + m.f];
	})()`, word))
	for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMouseMoved, input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		p := input.DispatchMouseEventParams{Type: kind, X: at[0], Y: at[1]}
		if kind != input.DispatchMouseEventTypeMouseMoved {
			p.Button, p.ClickCount = input.MouseButtonLeft, 1
		}
		must(b, input.DispatchMouseEvent, p)
	}
}

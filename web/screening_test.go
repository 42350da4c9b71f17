package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"docket/capture"
	"docket/repository/fault"
	"docket/repository/postgres"
)

// says lets the virus scanner say something of a piece's document.
func (h *house) says(t *testing.T, p capture.Piece, verdict capture.ScreeningVerdict, inside bool, found string) {
	t.Helper()
	h.exec(t, `insert into capture.screening (document, version, verdict, inside, found, engine) values ($1, 1, $2, $3, $4, 'ClamAV 1.4.6/27465')
		on conflict (document, version) do update set verdict = excluded.verdict, inside = excluded.inside, found = excluded.found`, p.Document, verdict, inside, found)
}

// Rule 42: what the scanner has not spoken of, or holds, is given to nobody, neither the file nor anything made of it.
func TestWhatIsHeldIsGivenToNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.receive(t, "letter.pdf", "upload", "the bytes")
	h.draw(t, p.Document, 1, "en", "Dear Sir or Madam")
	paths := []string{"/documents/%s/versions/1/original", "/documents/%s/versions/1/text", "/documents/%s/versions/1/pages/1/image", "/documents/%s/versions/1/pages/1/thumbnail",
		"/documents/%s/versions/1/pages/1/layout", "/documents/%s/versions/1/pages/1/marks.svg?t=dear", "/documents/%s/versions/1/pages/1/places?q=dear"}
	for _, test := range []struct {
		verdict capture.ScreeningVerdict
		found   string
		status  int
		say     string
	}{
		{capture.ScreenPending, "", 503, "still being checked for viruses"},
		{capture.ScreenInfected, "Win.Test.Harmful", 403, "It contains Win.Test.Harmful. It is kept and not opened; ask your administrator."},
		{capture.ScreenOversize, "", 403, "too large for the virus scanner"},
		{capture.ScreenClean, "", 200, ""},
		{capture.ScreenReleased, "", 200, ""},
	} {
		h.says(t, p, test.verdict, false, test.found)
		for _, path := range paths {
			if r := h.as(t, "ada").get(fmt.Sprintf(path, p.Document)); r.status != test.status {
				t.Errorf("%s: %s answers %d, want %d", test.verdict, path, r.status, test.status)
			}
		}
		page := h.as(t, "ada").get("/documents/" + p.Document.String()).body
		if !strings.Contains(page, test.say) || strings.Contains(page, "/original") != (test.status == 200) || strings.Contains(page, "pages/1/image") != (test.status == 200) {
			t.Errorf("%s: the page of the document does not fit\n%s", test.verdict, page)
		}
	}
}

// The words of a message can be read when only what came with it is infected; the file as it came, its source and its pictures cannot.
func TestAMessageWithAnInfectedAttachmentCanBeRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.receiveMail(t, hostileMail(), unproved)
	base := "/documents/" + p.Document.String()
	if frame := h.as(t, "ada").get(base + "/versions/1/message").body; !strings.Contains(frame, "data:image") {
		t.Fatalf("the message has no picture to leave out\n%s", frame)
	}
	h.says(t, p, capture.ScreenInfected, true, "Win.Test.Harmful")
	ada := h.as(t, "ada")
	if r := ada.get(base + "/versions/1/original"); r.status != 403 {
		t.Errorf("the original is given: %d", r.status)
	}
	if r := ada.get(base + "?view=source"); strings.Contains(r.body, "mail-source") || !strings.Contains(r.body, "What came with this message contains Win.Test.Harmful.") {
		t.Errorf("the source is shown\n%s", r.body)
	}
	if r := ada.get(base + "/versions/1/message"); r.status != 200 || strings.Contains(r.body, "data:image") {
		t.Errorf("the frame: %d\n%s", r.status, r.body)
	}
	if r := ada.get(base); r.status != 200 || !strings.Contains(r.body, "mail-frame") || strings.Contains(r.body, "/original") {
		t.Errorf("the page: %d", r.status)
	}
}

// A clerk may let in what is too large, with a reason; what is infected only an administrator may.
func TestWhoMayLetIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, test := range []struct {
		verdict capture.ScreeningVerdict
		who     string
		may     bool
	}{{capture.ScreenOversize, "mia", true}, {capture.ScreenInfected, "mia", false}, {capture.ScreenInfected, "ada", true}} {
		p := h.receive(t, "letter.pdf", "upload", fmt.Sprint(test))
		h.set(t, p, capture.Exception, "held")
		h.says(t, p, test.verdict, false, "Win.Test.Harmful")
		who, path := h.as(t, test.who), "/mailroom/pieces/"+p.Receipt.String()
		if offered := strings.Contains(who.get(path).body, path+"/release"); offered != test.may {
			t.Errorf("%s is offered to let in what is %s: %v", test.who, test.verdict, offered)
		}
		r := who.post(path+"/release", "reason", "It is our own.")
		s, err := capture.FindScreening(t.Context(), h.config.Pool, p.Document, 1)
		if err != nil || (s.Verdict == capture.ScreenReleased) != test.may || !test.may && r.status != 403 {
			t.Errorf("%s lets in what is %s: %d, %+v %v", test.who, test.verdict, r.status, s, err)
		}
	}
}

// The board says that the scanner is away, how many pieces wait for it, and what becomes of them.
func TestTheBoardSaysThatTheScannerIsAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.receive(t, "letter.pdf", "upload", "the bytes")
	h.says(t, p, capture.ScreenPending, false, "")
	if r := h.as(t, "mia").get("/mailroom"); strings.Contains(r.body, "virus") {
		t.Errorf("it says so before anything is wrong\n%s", r.body)
	}
	h.exec(t, "update capture.screening set tries = 1, trouble = 'The virus scanner does not answer.'")
	if r := h.as(t, "mia").get("/mailroom"); !strings.Contains(r.body, "1 piece waits for the virus scanner") {
		t.Errorf("it does not say so\n%s", r.body)
	}
}

// A server whose scanner is away says so and is ready all the same: what comes in is stored and waits.
func TestReadyWhileTheScannerIsAway(t *testing.T) {
	t.Parallel()
	h := newHouseWith(t, scannerAway)
	if r := h.browser(t).get("/readyz"); r.status != 200 || r.body != "scanner: does not answer; what needs it waits\n" {
		t.Errorf("%d %s", r.status, r.body)
	}
	h.exec(t, "create schema if not exists "+postgres.RiverSchema)
	if r := h.as(t, "ada").get("/admin/health"); !strings.Contains(r.body, "The virus scanner does not answer.") || !strings.Contains(r.body, "See whether clamd runs") {
		t.Errorf("the health page\n%s", r.body)
	}
}

func scannerAway(c *Config) {
	c.Checks = []Check{{Name: "scanner", May: true, Ask: func(context.Context) error { return fault.New(fault.Unavailable, "The virus scanner does not answer.") }}}
}

// What the scanner holds and what waits for it, in light and dark, on a desk and on a phone.
func TestScreensOfWhatIsHeld(t *testing.T) {
	t.Parallel()
	h := newHouseWith(t, scannerAway)
	h.exec(t, "create schema if not exists "+postgres.RiverSchema)
	infected, large, waits := h.receive(t, "invoice.docx", "mail/service@docket.example", "infected"), h.receive(t, "photos.zip", "upload", "large"), h.receive(t, "letter.pdf", "scanner", "waits")
	message := h.receiveMail(t, hostileMail(), unproved)
	old := h.receive(t, "an old letter.pdf", "hotfolder/branch-graz", "old")
	h.set(t, old, capture.Filed, "")
	h.says(t, old, capture.ScreenInfected, false, "Win.Test.EICAR_HDB-1")
	h.says(t, infected, capture.ScreenInfected, false, "Win.Test.EICAR_HDB-1")
	h.says(t, large, capture.ScreenOversize, false, "")
	h.says(t, waits, capture.ScreenPending, false, "")
	h.says(t, message, capture.ScreenInfected, true, "Win.Test.EICAR_HDB-1")
	for _, p := range []capture.Piece{infected, large} {
		s, err := capture.FindScreening(t.Context(), h.config.Pool, p.Document, 1)
		if err != nil {
			t.Fatal(err)
		}
		h.set(t, p, capture.Exception, fault.Sentence(s.Hand()))
	}
	h.set(t, waits, capture.Stored, "It waits for the virus scanner, which does not answer.")
	h.exec(t, "update capture.screening set tries = 3, trouble = 'The virus scanner does not answer.' where verdict = 'pending'")
	b := newTab(t, h.url)
	b.signIn("ada")
	for name, path := range map[string]string{"scanner-board": "/mailroom", "scanner-piece": "/mailroom/pieces/" + infected.Receipt.String(), "scanner-health": "/admin/health",
		"scanner-held": "/documents/" + large.Document.String(), "scanner-checking": "/documents/" + waits.Document.String(), "scanner-message": "/documents/" + message.Document.String()} {
		b.open(path)
		b.inspect(name)
	}
}

// What is held later, when it was read and found long before, tells nothing of its text any more: neither to who searches nor in a ticket's story.
func TestWhatIsHeldLaterIsNotQuoted(t *testing.T) {
	t.Parallel()
	h, ticket := raised(t)
	pages := []string{"/search?q=express+delivery", "/tickets/" + ticket.Number}
	for _, test := range []struct {
		verdict capture.ScreeningVerdict
		inside  bool
		quoted  bool
	}{{capture.ScreenClean, false, true}, {capture.ScreenInfected, true, true}, {capture.ScreenInfected, false, false}, {capture.ScreenOversize, false, false}, {capture.ScreenReleased, false, true}} {
		h.says(t, h.filed, test.verdict, test.inside, "Win.Test.Harmful")
		for _, path := range pages {
			page := h.as(t, "ben").get(path).body
			if quoted := strings.Contains(strings.NewReplacer("<mark>", "", "</mark>", "").Replace(page), "paid for express delivery") || strings.Contains(page, "pages/1/thumbnail"); quoted != test.quoted {
				t.Errorf("%s, inside %v: %s quotes it: %v", test.verdict, test.inside, path, quoted)
			}
			if !strings.Contains(page, h.filed.Document.String()) {
				t.Errorf("%s: %s does not name it any more", test.verdict, path)
			}
		}
	}
}

// Whoever attaches what is held or not checked yet is told so, and keeps what they wrote.
func TestWhatIsHeldIsNotAttached(t *testing.T) {
	t.Parallel()
	h, ticket := written(t)
	path := "/tickets/" + ticket.Number + "/reply"
	for verdict, say := range map[capture.ScreeningVerdict]string{capture.ScreenPending: "still being checked", capture.ScreenInfected: "It contains Win.Test.Harmful.", capture.ScreenOversize: "too large for the virus scanner"} {
		h.says(t, h.filed, verdict, false, "Win.Test.Harmful")
		r := h.as(t, "ben").post(path, "to", "anna@bank.example", "body", "Here it is, as you asked.", "attach", h.filed.Document.String())
		if r.status < 400 || !strings.Contains(r.body, say) || !strings.Contains(r.body, "Here it is, as you asked.</textarea>") {
			t.Errorf("%s: %d\n%s", verdict, r.status, r.body)
		}
	}
	h.says(t, h.filed, capture.ScreenClean, false, "")
	if r := h.as(t, "ben").post(path, "to", "anna@bank.example", "body", "Here it is.", "attach", h.filed.Document.String()); r.status != http.StatusSeeOther {
		t.Errorf("clean: %d", r.status)
	}
}

package web

import (
	"net/http"
	"strings"
	"testing"

	"docket/workflow"

	"github.com/chromedp/chromedp"
)

// TestTemplatesOfMailsAreWritten walks the pages of the templates without a script: a mistake is told beside its field and nothing that
// was typed is lost, the preview is of an example or of a real ticket, the last save never silently wins, and the history tells what a
// text was.
func TestTemplatesOfMailsAreWritten(t *testing.T) {
	t.Parallel()
	h, ticket := written(t)
	ada, path := h.as(t, "ada"), "/admin/templates/call-us"
	if page := ada.get("/admin/templates").body; !strings.Contains(page, "More information needed") || !strings.Contains(page, "Acknowledgement of receipt") {
		t.Error("the list lacks what ships")
	}
	form := func(pairs ...string) []string {
		return append([]string{"id", "call-us", "purpose", "reply", "title.en", "<i>Call</i> us", "body.en", "Dear {{.Name}}", "language", "en"}, pairs...)
	}
	r := ada.post("/admin/templates/new", append(form("do", "save"), "body.de", "Guten Tag\n{{.Nobody}} <b>x</b>")...)
	for _, want := range []string{"There is a mistake in the template", "Line 2:", "Nothing that is known of a ticket is called “.Nobody”.", "<mark>.Nobody</mark>", "Dear {{.Name}}</textarea>",
		`value="&lt;i&gt;Call&lt;/i&gt; us"`, `value="de" checked`, `value="call-us"`} {
		if !strings.Contains(r.body, want) {
			t.Errorf("a mistake: %d, %q is missing", r.status, want)
		}
	}
	if strings.Contains(r.body, "<b>x</b>") || r.status != http.StatusUnprocessableEntity {
		t.Errorf("what is typed is markup, or %d", r.status)
	}
	if r := ada.post("/admin/templates/new", form("do", "preview")...); r.status != 200 || !strings.Contains(r.body, "Dear Eva Weiß") {
		t.Errorf("a preview of an example: %d", r.status)
	}
	if r := ada.post("/admin/templates/new", form("do", "save")...); r.header.Get("Location") != path+"?language=en" {
		t.Fatalf("saving: %d %s", r.status, r.body)
	}
	if r := ada.post(path+"/preview", form("ticket", strings.ToLower(ticket.Number))...); !strings.Contains(r.body, "Dear "+ticket.PartyName) || !strings.Contains(r.body, `data-hx-swap-oob="true"`) || strings.Contains(r.body, "<html") {
		t.Errorf("a preview of a ticket: %s", r.body)
	}
	if r := ada.post(path+"/preview", form("ticket", "CLM-1")...); !strings.Contains(r.body, "There is no ticket CLM-1") {
		t.Errorf("of a ticket that is not there: %s", r.body)
	}
	if r := ada.post(path, form("do", "save", "version", "1", "body.en", "")...); r.status != http.StatusSeeOther {
		t.Errorf("changing: %d %s", r.status, r.body)
	}
	if r := ada.post(path, form("do", "save", "version", "1", "subject.en", "Mine")...); r.status != http.StatusConflict || !strings.Contains(r.body, "somebody else") || !strings.Contains(r.body, `value="Mine"`) {
		t.Errorf("changing what was changed: %d", r.status)
	}
	ada.post(path, "do", "retire", "version", "2")
	page := ada.get(path).body
	for _, want := range []string{"Use again", "Version 3", "Version 1", "Text (English)", "<ins><bdi>Dear {{.Name}}</bdi></ins>", "In use"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if page := ada.get("/admin/templates/acknowledgement?language=hu").body; !strings.Contains(page, `value="hu" checked`) || !strings.Contains(page, "Tisztelt Eva Weiß!") {
		t.Error("a shipped template is not shown in its language")
	}
	for _, name := range []string{"mia", "ben", "rosa"} {
		if r := h.as(t, name).get("/admin/templates"); r.status != http.StatusForbidden {
			t.Errorf("%s sees the templates: %d", name, r.status)
		}
	}
}

// TestATemplateIsPutIntoAnAnswer without a script: before what is quoted and below what is typed, in the customer's language or else
// with a word about it, and what is typed stays.
func TestATemplateIsPutIntoAnAnswer(t *testing.T) {
	t.Parallel()
	h, ticket := written(t)
	h.exec(t, "update workflow.ticket set language = 'hu'")
	ben, path := h.as(t, "ben"), "/tickets/"+ticket.Number
	page := ben.get(path).body
	wantAll(t, "the composer", page, `<optgroup label="All tickets">`, "More information needed", "The claim is accepted")
	r := ben.post(path+"/template", "template", "more-information", "to", "anna@bank.example", "body", "Typed <b>before</b>.\n\nanna@bank.example, 2026-03-14:\n> Where is it?")
	body, _, _ := strings.Cut(r.body[strings.Index(r.body, `id="reply-body"`):], "</textarea>")
	if i, j, k := strings.Index(body, "Typed &lt;b&gt;before&lt;/b&gt;."), strings.Index(body, "[… ami hiányzik]"), strings.Index(body, "anna@bank.example, 2026-03-14:"); r.status != 200 || i < 0 || j < i || k < j {
		t.Errorf("%d %s", r.status, body)
	}
	if !strings.Contains(r.body, "Language: Magyar.") || !strings.Contains(r.body, `value="anna@bank.example" checked`) {
		t.Error("it is not said in which language it is, or the recipient is lost")
	}
	h.exec(t, "update workflow.template set body = body #- '{texts,hu}' where id = 'thanks'")
	if r := ben.post(path+"/template", "template", "thanks"); !strings.Contains(r.body, "has no text in the customer’s language (Magyar). What is inserted is in: English.") {
		t.Error("nobody says that it is in another language")
	}
	for _, wrong := range []string{"", "acknowledgement", "nothing"} {
		if r := ben.post(path+"/template", "template", wrong, "body", "Mine"); r.status < 400 || !strings.Contains(r.body, "Mine</textarea>") {
			t.Errorf("template %q: %d", wrong, r.status)
		}
	}
	if r := ben.post(path+"/reply", "to", "anna@bank.example", "body", "- [… ami hiányzik]"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "still to be filled in") {
		t.Errorf("a gap is sent: %d", r.status)
	}
	if r := h.as(t, "mia").post(path+"/template", "template", "thanks"); r.status != http.StatusForbidden && r.status != http.StatusNotFound {
		t.Errorf("the mailroom: %d", r.status)
	}
}

// Where a template goes in an answer.
func TestWithText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, want string }{
		{"", "T"},
		{"\n\nEva, 2026-03-14:\n> x", "T\n\nEva, 2026-03-14:\n> x"},
		{"Eva, 2026-03-14:\n> x", "T\n\nEva, 2026-03-14:\n> x"},
		{"Dear Eva,\n\n\nEva, 2026-03-14:\n> x", "Dear Eva,\n\nT\n\nEva, 2026-03-14:\n> x"},
		{"Dear Eva,\n> not a quotation", "Dear Eva,\n> not a quotation\n\nT"},
	} {
		if got := withText(c.body, "T"); got != c.want {
			t.Errorf("%q: %q, want %q", c.body, got, c.want)
		}
	}
}

// TestATemplateFromTheAdministratorToTheCustomer walks both days in a browser: the administrator makes a mistake, is told while typing,
// mends it, looks at a real ticket and saves; the agent puts the text into an answer by keyboard, fills its gap in, and it goes out so.
func TestATemplateFromTheAdministratorToTheCustomer(t *testing.T) {
	t.Parallel()
	h, ticket := written(t)
	b := newTab(t, h.url)
	b.signIn("ada")
	b.open("/admin/templates/new")
	typeInto := func(field, text string) { b.run(chromedp.SendKeys(chromedp.CSS(field), text)) }
	typeInto("#id", "spare-part")
	typeInto("#title-en", "A spare part")
	typeInto("#body-en", "Dear {{.Nmae}}, the part")
	b.until(`document.querySelector("#mistake-text-en mark")?.textContent === ".Nmae" && document.querySelector("#mark-en .tone-bad") !== null`)
	b.axe("a mistake in a template")
	b.picture("template-mistake")
	b.run(chromedp.Click(chromedp.CSS(`.define-save [value="save"]`)))
	b.until(`document.querySelector(".alert-danger") !== null && document.querySelector("#body-en").value === "Dear {{.Nmae}}, the part"`)
	b.forget("422")
	evaluate[string](b, `document.querySelector("#body-en").value = ""`)
	typeInto("#body-en", "Dear {{.Name}}, the part for {{.Number}} comes on [… which day].")
	typeInto("#ticket", ticket.Number)
	b.until(`document.querySelector("#mistake-text-en").textContent === "" && document.querySelector("#preview pre")?.textContent.includes("the part for ` + ticket.Number + `")`)
	for _, width := range []int64{1440, 390} {
		b.look(width, "light")
		b.axe("a template")
		b.narrow("a template", width)
	}
	b.look(1440, "light")
	b.run(chromedp.Click(chromedp.CSS(`.define-save [value="save"]`)))
	b.until(`location.pathname === "/admin/templates/spare-part"`)
	b.quiet("a template")

	evaluate[bool](b, `fetch("/sign-out", {method: "POST"}).then(r => r.ok)`)
	b.signIn("ben")
	b.open("/tickets/" + ticket.Number)
	b.key("r")
	b.until(`document.activeElement.id === "reply-body"`)
	keys := &walker{tab: b}
	keys.write("Hi")
	keys.press("Tab", withShift)
	b.until(`document.activeElement.hasAttribute("data-insert")`)
	keys.press("Tab", withShift)
	b.until(`document.activeElement.id === "reply-template"`)
	keys.write("A s") // chooses by what it is called
	b.until(`document.activeElement.selectedOptions[0].textContent === "A spare part"`)
	keys.press("Tab", 0)
	keys.press("Enter", 0)
	b.until(`document.activeElement.id === "reply-body" && document.querySelector("#reply-body").value.startsWith("HiDear ")`)
	b.until(`document.querySelector("[data-inserted]").textContent.includes("A spare part") && document.querySelector("[data-kept]").textContent !== ""`)
	if got := evaluate[string](b, `document.getSelection().toString() || document.querySelector("#reply-body").value.slice(document.querySelector("#reply-body").selectionStart, document.querySelector("#reply-body").selectionEnd)`); got != "[… which day]" {
		t.Errorf("chosen is %q, not the gap", got)
	}
	b.axe("the composer with a template")
	b.picture("template-inserted")
	evaluate[bool](b, `document.execCommand("undo")`)
	b.until(`document.querySelector("#reply-body").value.startsWith("Hi\n")`)
	evaluate[bool](b, `document.execCommand("redo")`)
	evaluate[int](b, `(() => { const f = document.querySelector("#reply-body"), i = f.value.indexOf("[…"); f.setSelectionRange(i, f.value.indexOf("]", i) + 1); return i; })()`)
	keys.write("Friday")
	evaluate[bool](b, `document.querySelector("#reply-body").dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, bubbles: true}))`)
	b.until(`document.querySelector("form.undo [data-left]")?.textContent`)
	b.quiet("an answer with a template")
	m := h.outgoing(t)
	if want := "the part for " + ticket.Number + " comes on Friday."; m.State != workflow.Held || !strings.Contains(m.Body, want) || !strings.Contains(m.Body, "> The machine") {
		t.Errorf("%s %q", m.State, m.Body)
	}
}

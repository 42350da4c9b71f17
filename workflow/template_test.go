package workflow

import (
	"context"
	"strings"
	"testing"
	"time"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// What ships is complete: each template has a name and a text in every language, which can be written whatever is known.
func TestShippedTemplates(t *testing.T) {
	t.Parallel()
	all, err := shippedTemplates()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 6 {
		t.Errorf("%d templates", len(all))
	}
	for _, x := range all {
		for _, l := range taxonomy.Languages {
			text := x.Texts[l]
			if x.Titles[l] == "" || text.Body == "" || text.Subject == "" {
				t.Errorf("%s in %s is not complete", x.ID, l)
			}
			if x.Purpose == Reply && !strings.Contains(text.Body, "{{.Agent}}") {
				t.Errorf("%s in %s says not who writes", x.ID, l)
			}
		}
	}
}

func TestTemplateLanguages(t *testing.T) {
	t.Parallel()
	text := func(languages ...string) Template {
		x := Template{ID: "x", Texts: map[string]TemplateText{}}
		for _, l := range languages {
			x.Texts[l] = TemplateText{Body: "in " + l}
		}
		return x
	}
	for _, c := range []struct {
		what   string
		has    Template
		wanted []string
		want   string
	}{
		{"the first that is wanted", text("de", "en", "hu"), []string{"hu", "de"}, "hu"},
		{"the second, where there is no first", text("de", "en"), []string{"hu", "de"}, "de"},
		{"English, where there is none that is wanted", text("de", "en"), []string{"hu"}, "en"},
		{"any, where there is no English", text("sl", "ru"), []string{"hu"}, "ru"},
		{"any language of the world may be wanted", text("en"), []string{"fr", ""}, "en"},
		{"nothing", text(), []string{"hu"}, ""},
	} {
		if _, got, ok := c.has.In(c.wanted...); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q %v", c.what, got, ok)
		}
	}
}

func TestGap(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Dear Eva,\n- [… what is missing]\n[… and this]": "[… what is missing]",
		"because [… the reason]. We are sorry":           "[… the reason]",
		"the law […] says":                               "",
		"[sic] [… ] [...] [… \n]":                        "",
		"all is said\n> [… what was missing]":            "",
	} {
		if got := Gap(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWhatKeepsATemplateFromBeingSaved(t *testing.T) {
	t.Parallel()
	good := Template{ID: "x", Purpose: Reply, Titles: taxonomy.Titles{"de": "Name"}, Texts: map[string]TemplateText{"de": {Body: "Guten Tag"}}}
	if err := good.check(); err != nil {
		t.Errorf("a good one: %v", err)
	}
	for what, change := range map[string]func(*Template){
		"no purpose":              func(t *Template) { t.Purpose = Notification },
		"no name":                 func(t *Template) { t.Titles = nil },
		"a long name":             func(t *Template) { t.Titles = taxonomy.Titles{"en": strings.Repeat("x", 101)} },
		"no text":                 func(t *Template) { t.Texts = nil },
		"a subject only":          func(t *Template) { t.Texts = map[string]TemplateText{"en": {Subject: "s", Body: " \n"}} },
		"a mistake":               func(t *Template) { t.Texts = map[string]TemplateText{"en": {Body: "{{.Nobody}}"}} },
		"one in another language": func(t *Template) { t.Texts["hu"] = TemplateText{Body: "{{"} },
		"receipt without subject": func(t *Template) { t.Purpose = Acknowledgement },
		"receipt with a gap in it": func(t *Template) {
			t.Purpose, t.Texts = Acknowledgement, map[string]TemplateText{"en": {"s", "[… what]"}}
		},
	} {
		bad := good
		bad.Texts = map[string]TemplateText{"de": good.Texts["de"]}
		change(&bad)
		if err := bad.tidy().check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func (h *house) saveTemplate(x Template) (Template, error) {
	h.Helper()
	err := h.Try(func(ctx context.Context, tx pgx.Tx) (err error) {
		x, err = h.desk.SaveTemplate(ctx, tx, "boss", x)
		return err
	})
	return x, err
}

func (h *house) template(id string) Template {
	h.Helper()
	all, err := LoadTemplates(h.Context(), h.Pool)
	if err != nil {
		h.Fatal(err)
	}
	x, err := all.Find(id)
	if err != nil {
		h.Fatal(err)
	}
	return x
}

// The last save never silently wins, a short name is taken once, and the journal keeps what a text was.
func TestTemplatesAreSaved(t *testing.T) {
	h := open(t)
	made, err := h.saveTemplate(Template{ID: "call-us", Purpose: Reply, Process: "claims", Titles: taxonomy.Titles{"en": " Call  us "},
		Texts: map[string]TemplateText{"en": {Body: "\r\nPlease call us.\r\n\r\n"}, "de": {}}})
	if err != nil || made.Version != 1 || made.Shipped {
		t.Fatalf("%+v %v", made, err)
	}
	if got := h.template("call-us"); got.Titles["en"] != "Call us" || len(got.Texts) != 1 || got.Texts["en"].Body != "Please call us." || got.ChangedBy != "boss" {
		t.Errorf("%+v", got)
	}
	if _, err := h.saveTemplate(Template{ID: "call-us", Purpose: Reply, Titles: made.Titles, Texts: made.Texts}); !fault.Is(err, fault.Conflict) {
		t.Errorf("the same short name: %v", err)
	}
	now := made
	now.Texts = map[string]TemplateText{"en": {Body: "Call {{.Agent}}."}, "hu": {Body: "Hívjon."}}
	now.Purpose, now.Process, now.RetiredAt = Acknowledgement, "", time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC)
	saved, err := h.saveTemplate(now)
	if err != nil || saved.Version != 2 || saved.Purpose != Reply {
		t.Fatalf("%+v %v", saved, err)
	}
	if _, err := h.saveTemplate(made); !fault.Is(err, fault.Conflict) {
		t.Errorf("an old version: %v", err)
	}
	now.Texts["en"] = TemplateText{Body: "{{.Nobody}}"}
	if _, err := h.saveTemplate(now); !fault.Is(err, fault.Invalid) {
		t.Errorf("a mistake: %v", err)
	}
	if _, err := h.saveTemplate(Template{ID: "gone", Version: 3, Purpose: Reply}); !fault.Is(err, fault.NotFound) {
		t.Errorf("one that is not there: %v", err)
	}
	if _, err := h.saveTemplate(Template{ID: "lost", Process: "nothing", Purpose: Reply, Titles: made.Titles, Texts: made.Texts}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a process that is not there: %v", err)
	}
	events, err := journal.BySubject(t.Context(), h.Pool, TemplateSubject("call-us").ID, 0)
	if err != nil || len(events) != 2 || events[1].Verb != TemplateChanged || events[1].Actor != "boss" {
		t.Fatalf("%+v %v", events, err)
	}
	both := func(old, now any) map[string]any { return map[string]any{"old": old, "new": now} }
	if diff := cmp.Diff(map[string]any{"id": "call-us", "version": 2.0, "changes": map[string]any{"text.en": both("Please call us.", "Call {{.Agent}}."),
		"text.hu": both("", "Hívjon."), "process": both("claims", ""), "retired": both(false, true)}}, events[1].Detail); diff != "" {
		t.Error(diff)
	}
}

// What the house has changed stays when the program brings something else, and what nobody has touched follows it.
func TestTemplatesOfTheProgramNeverOverwriteTheHouses(t *testing.T) {
	h := open(t)
	mine := h.template("thanks")
	if !mine.Shipped || mine.Version != 1 {
		t.Errorf("%+v", mine)
	}
	mine.Texts["en"] = TemplateText{Body: "Thanks."}
	if _, err := h.saveTemplate(mine); err != nil {
		t.Fatal(err)
	}
	later := Templates{}
	for _, id := range []string{"thanks", "forwarded"} {
		x := h.template(id)
		x.Texts = map[string]TemplateText{"en": {Body: "A later text"}}
		later = append(later, x)
	}
	for range 2 {
		h.Tx(func(ctx context.Context, tx pgx.Tx) error { return installTemplates(ctx, tx, later) })
	}
	if got := h.template("thanks"); got.Texts["en"].Body != "Thanks." || got.Version != 2 || got.Shipped {
		t.Errorf("the house's own: %+v", got)
	}
	if got := h.template("forwarded"); got.Texts["en"].Body != "A later text" || got.Version != 2 || !got.Shipped {
		t.Errorf("what nobody has touched: %+v", got)
	}
}

// An agent is offered what is for the ticket's process first, then what is for all, and nothing that is retired or sent by itself.
func TestTemplatesForAProcess(t *testing.T) {
	h := open(t)
	retired := h.template("thanks")
	retired.RetiredAt = now
	if _, err := h.saveTemplate(retired); err != nil {
		t.Fatal(err)
	}
	all, err := LoadTemplates(t.Context(), h.Pool)
	if err != nil {
		t.Fatal(err)
	}
	ids := func(some Templates) (ids []string) {
		for _, x := range some {
			ids = append(ids, x.ID)
		}
		return ids
	}
	for process, want := range map[string][]string{"claims": {"claim-accepted", "complaint-not-upheld"}, "general": nil} {
		own, general := all.Replies(process)
		if diff := cmp.Diff(want, ids(own)); diff != "" {
			t.Errorf("%s: %s", process, diff)
		}
		if diff := cmp.Diff([]string{"more-information", "still-working", "forwarded"}, ids(general)); diff != "" {
			t.Errorf("%s: %s", process, diff)
		}
	}
}

// A template is written in the customer's language with what is known of the ticket and of the message that is answered, and says so
// when there is no such text.
func TestATemplateIsWritten(t *testing.T) {
	r := openWritingRoom(t)
	x := Template{Texts: map[string]TemplateText{
		"en": {Subject: "About {{.Number}}", Body: "Dear {{.Name}}, of {{.Date}}, by {{.Due}}, on {{.Today}}. {{.Agent}} of {{.House}}"},
		"hu": {Body: "Tisztelt {{.Name}}! {{.Date}}"}}}
	r.Exec("update workflow.message set sender = (select value from taxonomy.contact where kind = 'email' limit 1)")
	anna := r.agent
	anna.Title = "Anna Kovač"
	write := func(language string, of Ticket) Written {
		t.Helper()
		of.Language = language
		w, err := r.desk.WriteTemplate(t.Context(), r.Pool, anna, of, r.message, x, "")
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	if got, want := write("en", r.ticket), (Written{"About " + r.ticket.Number, "Dear Eva Weiß, of 16 March 2026, by 6 April 2026, on 16 March 2026. Anna Kovač of The House", "en", ""}); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	r.Exec("update workflow.message set sender = 'lawyer@law.example'")
	if got := write("en", r.ticket); !strings.HasPrefix(got.Text, "Dear , of") {
		t.Errorf("somebody else is called by the party's name: %s", got.Text)
	}
	r.Exec("update workflow.message set sender_name = 'Weiß Éva'")
	if got, want := write("hu", r.ticket), (Written{"", "Tisztelt Weiß Éva! 2026. március 16.", "hu", ""}); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	late := r.ticket
	late.DueAt = now.AddDate(0, 0, -3)
	if got := write("sl", late); got.Language != "en" || got.Wanted != "sl" || !strings.Contains(got.Text, "by , on") {
		t.Errorf("without a text in the customer's language, and late: %+v", got)
	}
}

// The house's own acknowledgement is sent in place of the shipped one, language by language; one for a process goes before the general
// one, and what is retired or cannot be written is as if it were not there.
func TestTheHousesOwnAcknowledgement(t *testing.T) {
	r := openWritingRoom(t)
	own := r.template("acknowledgement")
	own.Texts = map[string]TemplateText{"de": {"Da: {{.Number}}", "Ihr Brief ist da."}, "pl": {"Jest", "{{if .Due}}{{slice .Due}}{{end}}"}}
	if _, err := r.saveTemplate(own); err == nil {
		t.Error("a mistake is saved")
	}
	own.Texts["pl"] = TemplateText{"Jest", "Jest."}
	own, err := r.saveTemplate(own)
	if err != nil {
		t.Fatal(err)
	}
	second := Template{ID: "second", Purpose: Acknowledgement, Titles: own.Titles, Texts: own.Texts}
	if _, err := r.saveTemplate(second); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second one for the same tickets: %v", err)
	}
	second.Process, second.Texts = "claims", map[string]TemplateText{"pl": {"Reklamacja", "Reklamacja jest."}}
	if _, err := r.saveTemplate(second); err != nil {
		t.Fatal(err)
	}
	r.Exec(`update workflow.template set body = jsonb_set(body, '{texts,sl}', '{"subject": "x", "body": "{{nothing}}"}') where id = 'acknowledgement'`)
	says := func(language, process string) string {
		t.Helper()
		r.Exec("delete from workflow.outgoing")
		of := r.ticket
		of.Language, of.Process = language, process
		return r.acknowledge(of, r.facts()).Body
	}
	for _, c := range []struct{ language, process, want string }{
		{"de", "claims", "Ihr Brief ist da."},
		{"pl", "general", "Jest."},
		{"pl", "claims", "Reklamacja jest."},
		{"hu", "claims", "Köszönjük az üzenetét."},
		{"sl", "claims", "hvala za vaše sporočilo"},
		{"fr", "claims", "thank you for your message"},
	} {
		if got := says(c.language, c.process); !strings.Contains(got, c.want) {
			t.Errorf("%s, %s: %s", c.language, c.process, got)
		}
	}
	r.Exec("update workflow.template set retired_at = now()")
	if got := says("de", "claims"); !strings.Contains(got, "vielen Dank für Ihre Nachricht") {
		t.Errorf("retired: %s", got)
	}
}

// What is left to be filled in keeps an answer from being sent.
func TestAGapIsNotSent(t *testing.T) {
	r := openWritingRoom(t)
	m := r.reply()
	m.Body = "We need:\n- [… what is missing]"
	if _, err := r.queue(m); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Sentence(err), "“[… what is missing]”") {
		t.Errorf("%v", err)
	}
}

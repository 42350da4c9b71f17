package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"sync"
	"time"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages names every page template and the struct it shows. The layout and the shared parts belong to all of them.
var pages = map[string]any{
	"error.html":      errorPage{},
	"signin.html":     signInPage{},
	"home.html":       homePage{},
	"upload.html":     uploadPage{},
	"board.html":      boardPage{},
	"piece.html":      piecePage{},
	"scan.html":       scanPage{},
	"batches.html":    batchesPage{},
	"batch.html":      batchPage{},
	"search.html":     searchPage{},
	"similar.html":    similarPart{},
	"document.html":   documentPage{},
	"compare.html":    comparePage{},
	"leave.html":      leavePage{},
	"tickets.html":    ticketsPage{},
	"ticket.html":     ticketPage{},
	"bulk.html":       bulkPage{},
	"outbox.html":     outboxPage{},
	"suppressed.html": suppressedPage{},
	"settings.html":   settingsPage{},
	"quarantine.html": quarantinePage{},
	"users.html":      usersPage{},
	"queue.html":      queuePage{},
	"validate.html":   validatePage{},
	"sources.html":    sourcesPage{},
	"health.html":     healthPage{},
	"records.html":    planPage{},
	"category.html":   categoryPage{},

	"channels.html": channelsPage{},
	"channel.html":  channelPage{},
	"mailbox.html":  mailboxPage{},

	"mailtemplates.html": mailTemplatesPage{},
	"mailtemplate.html":  mailTemplatePage{},

	"classes.html":    classesPage{},
	"class.html":      classPage{},
	"fields.html":     fieldsPage{},
	"field.html":      fieldPage{},
	"vocabulary.html": vocabularyPage{},
	"term.html":       termPage{},
	"told.html":       toldPage{},
}

// views are the templates in each language. A page is made ready in a language when it is first shown in it: most are never asked for
// in most languages. It is safe for concurrent use.
type views struct {
	parsed map[string]*template.Template
	words  map[string]template.FuncMap // by language

	mu   sync.Mutex
	made map[viewKey]*template.Template
}

type viewKey struct{ language, page string }

// parsed are the pages as they are written, parsed once for all servers. They are cloned, never shown.
var parsed = sync.OnceValues(func() (map[string]*template.Template, error) {
	return parsePages(functions(assets{}, &Locale{}, time.UTC, time.Now))
})

// loadViews gives the pages with each language's functions.
func loadViews(a assets, locales map[string]*Locale, zone *time.Location, now func() time.Time) (*views, error) {
	pages, err := parsed()
	if err != nil {
		return nil, err
	}
	v := &views{parsed: pages, words: map[string]template.FuncMap{}, made: map[viewKey]*template.Template{}}
	for code, locale := range locales {
		v.words[code] = functions(a, locale, zone, now)
	}
	return v, nil
}

// page is a page ready to be shown in a language.
func (v *views) page(language, name string) (*template.Template, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if t := v.made[viewKey{language, name}]; t != nil {
		return t, nil
	}
	if v.parsed[name] == nil || v.words[language] == nil {
		return nil, fmt.Errorf("there is no such page in %q", language)
	}
	t, err := v.parsed[name].Clone()
	if err != nil {
		return nil, err
	}
	v.made[viewKey{language, name}] = t.Funcs(v.words[language])
	return t, nil
}

func parsePages(f template.FuncMap) (map[string]*template.Template, error) {
	parsed := map[string]*template.Template{}
	for name := range pages {
		t, err := template.New("layout.html").Funcs(f).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html", "templates/viewer.html", "templates/annotations.html", "templates/record.html", "templates/mail.html", "templates/"+name)
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		parsed[name] = t
	}
	return parsed, nil
}

// render executes the named entry of a page's templates into memory.
func (v *views) render(language, name, entry string, page any) ([]byte, error) {
	t, err := v.page(language, name)
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, entry, page); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// functions are what templates can call beside their struct's own methods.
func functions(a assets, l *Locale, zone *time.Location, now func() time.Time) template.FuncMap {
	return template.FuncMap{
		"t":        l.T,
		"phrase":   l.Phrase,
		"name":     l.name, // of a class or field, which other packages give in the house's language
		"media":    l.mediaName,
		"n":        l.N,
		"number":   l.Number,
		"number64": func(n int64) string { return l.Number(int(n)) },
		"tone":     tone,
		"size":     l.Size,
		"sum":      l.Sum,
		"percent":  l.Percent,
		"date":     func(t time.Time) template.HTML { return timeTag(t, l.Date(t.In(zone)), l.Instant(t.In(zone))) },
		"day":      l.Date, // a calendar day, which has no zone
		"instant":  func(t time.Time) template.HTML { return timeTag(t, l.Instant(t.In(zone)), l.Instant(t.In(zone))) },
		"ago": func(t time.Time) template.HTML {
			return timeTag(t, l.Ago(t.In(zone), now().In(zone)), l.Instant(t.In(zone)))
		},
		"keys":    l.keyCaps,
		"keyname": l.keyName,
		"asset":   a.path,
		"icon":    func(name string) template.HTML { return icon(a, name) },
	}
}

// tone is the colour of a state, for every kind of state there is: "good", "warn", "bad", "busy", or "plain".
func tone(state any) string {
	switch fmt.Sprint(state) {
	case "filed", "closed", "done":
		return "good"
	case "waiting", "unsure":
		return "warn"
	case "exception", "late":
		return "bad"
	case "stored", "reading", "open":
		return "busy"
	}
	return "plain"
}

// timeTag is a time element with the exact instant on hover.
func timeTag(t time.Time, text, exact string) template.HTML {
	if t.IsZero() {
		return ""
	}
	return template.HTML(fmt.Sprintf(`<time datetime="%s" title="%s">%s</time>`,
		t.UTC().Format(time.RFC3339), template.HTMLEscapeString(exact), template.HTMLEscapeString(text)))
}

// icon draws a symbol of the sprite. It says nothing to a screen reader: the words beside it do.
func icon(a assets, name string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="icon" aria-hidden="true" focusable="false"><use href="%s#%s"></use></svg>`,
		template.HTMLEscapeString(a.path("icons.svg")), template.HTMLEscapeString(name)))
}

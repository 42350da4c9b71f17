package capture

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"docket/capture/detect"
	"docket/capture/extract"
	"docket/capture/mail"
	"docket/capture/mail/verify"
	"docket/capture/page"
	"docket/repository"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"
)

// An Understander turns pages into a reading: language, class, fields and doubts. It is safe for concurrent use.
type Understander struct {
	Plan   *taxonomy.Plan
	Models *Models
	House  extract.House
	Forms  []string // addresses that the house's own web forms send from: Reply-To is who filled them in

	mu        sync.Mutex
	catalogue *taxonomy.Catalogue
	extractor *extract.Extractor
}

// material of one document that was read.
type pages struct {
	texts    []repository.PageText
	layouts  []repository.Layout // of the first pages, in order
	found    page.Document
	sender   *verify.Verdict // who really sent it; nil for what did not come by mail just now
	received time.Time
}

// Understand says what a document is. It reads the organisation's definitions through q and decides nothing about filing.
func (u *Understander) Understand(ctx context.Context, q postgres.Querier, p pages) (Reading, error) {
	catalogue, extractor, err := u.tools(ctx, q)
	if err != nil {
		return Reading{}, err
	}
	text := p.text()
	r := Reading{Kind: p.found.Kind, Pages: p.found.Pages, Language: p.found.Language, Flags: flags(p.found), Meta: meta(p.found.Meta), Mail: mailFacts(p.found.Mail)}
	if r.Kind == page.Archive {
		return container(r, p.found), nil
	}
	if r.Language == "" {
		r.Language = detect.DetectLanguage(text).Language
	}
	found := u.Models.Detect(text, r.Language)
	r.Class, r.Confidence, r.Ranked, r.Reasons = found.Class, found.Confidence, found.Ranked[:min(5, len(found.Ranked))], found.Reasons
	r.Fields = extractor.Extract(p.layouts, r.Language, p.received)
	if err := u.author(ctx, q, &r, &p); err != nil {
		return Reading{}, err
	}
	fromHeader(r.Fields, p.found.Meta)
	r.Doubts = doubts(catalogue, r, found.Sure, p.legible(), len(strings.Fields(text)))
	r.Cover = r.Kind == page.Mail && p.found.Parts > 0 && ownWords(text, p.found.Meta) <= coverWords
	return r, nil
}

// tools are the catalogue and an extractor for its vocabularies, made again when the catalogue has changed; the model takes the
// changed classes too.
func (u *Understander) tools(ctx context.Context, q postgres.Querier) (*taxonomy.Catalogue, *extract.Extractor, error) {
	c, err := u.Plan.Catalogue(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.catalogue != c {
		u.catalogue, u.extractor = c, extract.New(c.Current(), u.House)
		u.Models.Use(c.Classes)
	}
	return c, u.extractor, nil
}

func (p pages) text() string {
	var b strings.Builder
	for i, t := range p.texts {
		if i > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(t.Text)
	}
	return b.String()
}

// legible is how certain the text is, 0 to 1: the mean over the pages weighted by their length; 1 without any text.
func (p pages) legible() float64 {
	var sum, weight float64
	for _, t := range p.texts {
		n := float64(len(t.Text))
		sum, weight = sum+n*t.Confidence, weight+n
	}
	if weight == 0 {
		return 1
	}
	return sum / weight
}

// headerConfidence is how far a message's header is believed: it is easily forged.
const headerConfidence = 0.9

// fromHeader takes sender and date of a message from its header where the text does not tell.
func fromHeader(v taxonomy.Values, m page.Meta) {
	set := func(id taxonomy.FieldID, value, how string) {
		if _, known := v[id]; !known && value != "" {
			v[id] = taxonomy.Value{Value: value, Text: value, Confidence: headerConfidence, How: how}
		}
	}
	if from := mail.Addresses(m.From); len(from) > 0 && strings.Contains(from[0].Address, "@") {
		set(taxonomy.SenderEmail, strings.ToLower(from[0].Address), say.Text("sender of the message"))
		set(taxonomy.SenderName, from[0].Name, say.Text("sender of the message"))
	}
	if m.From != "" && !m.Date.IsZero() {
		set(taxonomy.LetterDate, m.Date.Format(time.DateOnly), say.Text("date of the message"))
	}
}

// author puts whoever wrote a message in the place of who sent it, in two cases that the house vouches for: a colleague passes a
// customer's message on (rule 36), or one of the house's own forms sends what somebody filled in, and is proved to be it (rule 35).
func (u *Understander) author(ctx context.Context, q postgres.Querier, r *Reading, p *pages) error {
	if r.Mail == nil {
		return nil
	}
	by, from := r.Mail.From, p.found.Meta.Passed
	if slices.Contains(u.Forms, strings.ToLower(by.Address)) && p.sender != nil && p.sender.Aligned {
		from = r.Mail.ReplyTo
	} else if from.Address != "" {
		channels, err := taxonomy.LoadChannels(ctx, q)
		if err != nil || !channels.House(by.Address) || channels.House(from.Address) {
			return err
		}
	}
	if from.Address != "" {
		r.Mail.By, r.Mail.From, p.found.Meta.From = by, from, from.String()
		delete(r.Fields, taxonomy.SenderEmail) // what the heading on the page says is who sent it
		if from.Name != "" || r.Fields.Get(taxonomy.SenderName) == by.Name {
			delete(r.Fields, taxonomy.SenderName)
		}
	}
	return nil
}

func meta(m page.Meta) map[string]string {
	out := map[string]string{}
	for k, v := range map[string]string{"title": m.Title, "author": m.Author, "subject": m.Subject, "from": m.From, "to": m.To, "cc": m.Cc} {
		if v != "" {
			out[k] = v
		}
	}
	if !m.Date.IsZero() {
		out["date"] = m.Date.Format(time.RFC3339)
	}
	return out
}

// flagged says what a flag means to a clerk.
var flagged = map[page.Flag]string{
	page.Signed:     say.Text("It carries an electronic signature. The original is kept untouched."),
	page.Protected:  say.Text("Its author restricted what may be done with it."),
	page.Misnamed:   say.Text("Its name says that it is of another kind. It was read as what it is."),
	page.Repaired:   say.Text("The file is damaged and could be read only in part."),
	page.Macros:     say.Text("It holds program code, which was not run."),
	page.Incomplete: say.Text("Some pages or attachments could not be read. The original is kept whole."),
}

func flags(d page.Document) []string {
	var out []string
	for _, f := range d.Flags {
		if s := flagged[f]; s != "" {
			out = append(out, s)
		}
	}
	return out
}

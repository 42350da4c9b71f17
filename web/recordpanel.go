package web

import (
	"strings"
	"time"

	"docket/capture"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"
)

// A recordPanel is what a document is to the house: its class and place, who declared it, who may see it. Of a document that is no
// record yet it says what the machine holds it for.
type recordPanel struct {
	Filed      bool
	Class      string // by title; empty while nothing is known
	Confidence float64
	Sure       string // who decided the class, empty when the machine did
	Why        string // the class
	At         time.Time
	By         string // who declared it
	Ticket     string
	Party      string
	Around     insider // what it came in; zero when it came by itself
	Parts      []insider
	Line       []Crumb // of categories, from the top down
	Folder     string  // path in the category
	FolderPath string  // address
	ClosedAt   time.Time
	Name       string // that it will have; empty when it has it
	Rule       string // by which its name is made
	Readers    []string
	Sender     string // of a message that came by mail: whether it is proved who sent it
}

// recordPanel gathers what is known of the document already; a document that is no record takes one query more.
func (s *Server) recordPanel(v *visit, page *documentPage) (p recordPanel, err error) {
	words, err := v.callings()
	if err != nil {
		return p, err
	}
	if page.Filed {
		p = s.filedPanel(v, page, words)
	} else if p, err = s.unfiledPanel(v, page, words); err != nil {
		return p, err
	}
	p.Sender = senderOf(page)
	return p, nil
}

// senderOf says whether it is proved who sent a message that came by mail. It is empty for anything else.
func senderOf(page *documentPage) string {
	if len(page.deliveries) == 0 || page.deliveries[0].Verdict == nil {
		return ""
	}
	return page.deliveries[0].Verdict.Reason
}

func (s *Server) filedPanel(v *visit, page *documentPage, words ticketWords) recordPanel {
	r := page.Record
	class, _ := words.catalogue.Class(r.Class)
	p := recordPanel{Filed: true, Class: class.Titles.In(v.Code, string(r.Class)), Confidence: r.Confidence, Why: r.How, At: r.FiledAt,
		By: v.actorName(r.FiledBy), Ticket: r.Ticket, Party: r.PartyName, Around: page.Around, Folder: r.FolderPath,
		FolderPath: categoryPath(r.Category) + "?folder=" + r.Folder.String(), ClosedAt: r.ClosedAt, Rule: class.Name, Readers: v.readersIn(r.Readers)}
	if !strings.HasPrefix(string(r.DecidedBy), "system:") {
		p.Sure = v.actorName(r.DecidedBy)
	}
	if !page.Holds() {
		p.Parts = page.Inside
	}
	p.Line = v.categoryLine(words.catalogue, r.Category)
	return p
}

// unfiledPanel is what the machine holds a document for, its name and its place if it is right.
func (s *Server) unfiledPanel(v *visit, page *documentPage, words ticketWords) (recordPanel, error) {
	p := recordPanel{Around: page.Around, Readers: v.readersIn(append([]string{"user:" + string(page.Document.CreatedBy)}, taxonomy.Unfiled...))}
	if !page.Holds() {
		p.Parts = page.Inside
	}
	reading, err := capture.FindReading(v.ctx(), v.pool(), page.Document.ID)
	if fault.Is(err, fault.NotFound) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	class, ok := words.catalogue.Class(reading.Class)
	if !ok {
		return p, nil
	}
	received := page.Document.CreatedAt
	if came, ok := capture.CameAs(page.Pieces); ok {
		received = came.ReceivedAt
	}
	facts := taxonomy.Facts{Class: reading.Class, Values: reading.Fields, Party: reading.Fields.Get(taxonomy.SenderName), Original: page.Version.Name,
		Language: reading.Language, Received: received.In(s.config.Zone)}
	p.Class, p.Confidence, p.Rule = class.Titles.In(v.Code, string(class.ID)), reading.Confidence, class.Name
	if p.Name, err = words.catalogue.Name(facts); err != nil {
		p.Name = "" // a template that does not fit it; filing will say so
	}
	if p.Folder, err = words.catalogue.Folder(facts); err != nil {
		p.Folder = ""
	}
	p.Line = v.categoryLine(words.catalogue, class.Category)
	return p, nil
}

// categoryLine leads from the top of the file plan down to a category.
func (v *visit) categoryLine(c *taxonomy.Catalogue, code string) (line []Crumb) {
	for _, k := range c.Line(code) {
		line = append(line, Crumb{k.Code + " " + k.Titles.In(v.Code, k.Code), categoryPath(k.Code)})
	}
	return line
}

// readersIn says in plain words who carries access tokens: groups by what they are called, people by their titles.
func (v *visit) readersIn(tokens []string) []string {
	var all []string
	for _, token := range tokens {
		kind, name, _ := strings.Cut(token, ":")
		switch kind {
		case "role":
			all = append(all, v.T("readers."+name))
		case "team":
			all = append(all, v.T("readers.team", name))
		case "user":
			if !strings.HasPrefix(name, "system:") {
				all = append(all, v.actorName(journal.Actor(name)))
			}
		default:
			all = append(all, v.T("class.everyone"))
		}
	}
	return all
}

package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"docket/capture"
	"docket/capture/extract"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A validatePage is the validation desk: one document that waits for a person, its pages beside what the machine read.
type validatePage struct {
	Frame
	Document repository.DocumentID
	Piece    capture.Piece
	Reading  capture.Reading
	Record   taxonomy.Record // when it is filed already and is corrected; zero else
	Viewer   viewer
	Likely   []classChoice
	Others   []classChoice
	Unsure   bool             // of the class
	Class    taxonomy.ClassID // chosen
	Inputs   []fieldInput
	Party    partyChoice
	Ticket   ticketHint
	Name     string // preview
	Place    string // preview
	Problems []string
	Notice   string // why it was not saved, when that was not for a value
	Company  company
	Filter   queueFilter
	Next     string // address of the next document that waits, empty when this is the last
	Day      day
	Waits    int // documents that wait for a person
}

// Amends says whether the document is filed already and is corrected.
func (p validatePage) Amends() bool { return p.Record.Version > 0 }

// Path is the address of the desk with this document.
func (p validatePage) Path() string { return validationPath(p.Document) }

// validationPath is where a document is decided or corrected.
func validationPath(id repository.DocumentID) string { return "/mailroom/validation/" + id.String() }

// showValidate answers GET /mailroom/validation/:document?class=&party=&asked=&field.X=&at.X= and the filter of the queue.
// A part of the form is asked for by its ID.
func (s *Server) showValidate(v *visit) error {
	page, err := s.validatePage(v, v.gin.Request.URL.Query())
	if err != nil {
		return err
	}
	if v.partial() {
		part := v.gin.GetHeader("HX-Target")
		if !slices.Contains([]string{"fields", "preview", "party-choice", "company"}, part) {
			part = "form"
		}
		return v.showPart("validate.html", part, page)
	}
	return s.showValidation(v, http.StatusOK, page)
}

// showValidation sends the whole desk.
func (s *Server) showValidation(v *visit, status int, page validatePage) (err error) {
	page.Frame = v.frame(page.Piece.Name, append(v.mailroomCrumb(), Crumb{v.T("validation.title"), "/mailroom/validation" + page.Filter.suffix()})...)
	page.Lead, page.Waits = v.N("document.pages", page.Reading.Pages), page.waiting.Validation
	if page.Day, err = s.day(v); err != nil {
		return err
	}
	return v.show(status, "validate.html", page)
}

// validatePage is the page with what a person has typed so far in place of what the machine read.
func (s *Server) validatePage(v *visit, typed url.Values) (validatePage, error) {
	page := validatePage{Filter: queueFilterFrom(v.gin.Request.URL.Query())}
	id, err := v.documentID()
	if err != nil {
		return page, err
	}
	if err := s.readable(v, id); err != nil {
		return page, err
	}
	if err := s.loadWaiting(v, id, &page); err != nil {
		return page, err
	}
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return page, err
	}
	page.Class = cmp.Or(taxonomy.ClassID(typed.Get("class")), page.Reading.Class)
	page.addClasses(catalogue, v.Locale)
	values := page.addInputs(catalogue, typed, v.Locale)
	chosen := typed.Get("party")
	if !typed.Has("party") && page.Record.Party != uuid.Nil {
		chosen = page.Record.Party.String()
	}
	if err := s.addParty(v, &page, values, chosen, typed.Get("asked")); err != nil {
		return page, err
	}
	page.preview(catalogue, values, v)
	return page, s.addTicket(v, &page, values)
}

// loadWaiting reads the document, what was understood of it and what comes after it. One that is filed is there to be corrected.
func (s *Server) loadWaiting(v *visit, id repository.DocumentID, page *validatePage) error {
	ctx, q := v.ctx(), v.pool()
	came, err := capture.OfDocument(ctx, q, id)
	if err != nil {
		return err
	}
	piece, ok := capture.CameAs(came)
	if !ok {
		return fault.New(fault.Conflict, "%s", v.T("validation.gone"))
	}
	page.Document, page.Piece = id, piece
	if page.Reading, err = capture.FindReading(ctx, q, id); err != nil {
		return err
	}
	switch {
	case page.Piece.State == capture.Waiting:
	case page.Piece.State == capture.Filed && page.Reading.DecidedBy != "":
		if page.Record, err = s.config.Plan.Record(ctx, q, id); err != nil {
			return err
		}
		page.Reading.Class, page.Reading.Fields = page.Record.Class, page.Record.Values
	default:
		return fault.New(fault.Conflict, "%s", v.T("validation.gone"))
	}
	if err := s.loadSheets(v, id, page); err != nil {
		return err
	}
	page.Company = s.company(v, id)
	page.Next, err = s.nextWaiting(v, page.Piece.Seq, page.Filter)
	return err
}

func (s *Server) loadSheets(v *visit, id repository.DocumentID, page *validatePage) error {
	if err := s.shown(v, repository.Version{Document: id, Number: page.Reading.Version}); err != nil {
		return err
	}
	renditions, err := s.config.Store.Renditions(v.ctx(), v.pool(), id, page.Reading.Version)
	if err != nil {
		return err
	}
	texts, err := s.config.Store.Texts(v.ctx(), v.pool(), []repository.DocumentID{id})
	if err != nil {
		return err
	}
	page.Viewer = newViewer(id, page.Reading.Version, renditions)
	page.Viewer.Desk, page.Viewer.Fine = true, capture.DrawsAnew(page.Piece.MediaType)
	page.Viewer.addTexts(texts[id])
	page.Viewer.turnTo(v.query("page"), "")
	return nil
}

// facts are what name and place are made of.
func (p *validatePage) facts(values taxonomy.Values, zone *time.Location) taxonomy.Facts {
	return taxonomy.Facts{Class: p.Class, Values: values, Party: p.Party.Shown().Name, Original: p.Piece.Name,
		Language: p.Reading.Language, Received: p.Piece.ReceivedAt.In(zone)}
}

// preview is what the document would be called and where it would be filed.
func (p *validatePage) preview(c *taxonomy.Catalogue, values taxonomy.Values, v *visit) {
	facts := p.facts(values, v.server.config.Zone)
	title, err := c.Name(facts)
	if err != nil {
		return
	}
	class, _ := c.Class(p.Class)
	folder, err := c.Folder(facts)
	if err != nil {
		return
	}
	p.Name, p.Place = title, c.Place(class.Category, folder)
}

// showValue answers GET /mailroom/validation/:document/value?field=&text=&picked= with the value that a text is: what a person
// typed, or the words that they picked on a page.
func (s *Server) showValue(v *visit) error {
	id, err := v.documentID()
	if err != nil {
		return err
	}
	if err := s.readable(v, id); err != nil {
		return err
	}
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	field, ok := catalogue.Field(taxonomy.FieldID(v.query("field")))
	if !ok {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	var answer struct {
		Value   string `json:"value"`
		Problem string `json:"problem,omitempty"`
	}
	text := strings.ToValidUTF8(limited(v.query("text"), maxPickedText), "")
	if v.query("picked") == "" {
		if answer.Value, err = field.Type.Typed(text); err != nil {
			answer.Problem = v.Sentence(err)
		}
	} else {
		reading, err := capture.FindReading(v.ctx(), v.pool(), id)
		if err != nil {
			return err
		}
		e := extract.New(catalogue.Vocabularies, extract.House{})
		if answer.Value, ok = e.Picked(field.ID, field.Type, text, reading.Language, reading.ReadAt); !ok {
			answer.Problem = v.T("validation.no_value", strings.ToValidUTF8(limited(text, 80), ""), field.Titles.In(v.Code, string(field.ID)))
		}
	}
	answer.Value = v.Typed(field.Type, answer.Value)
	v.gin.Header("Cache-Control", "no-store")
	v.gin.JSON(http.StatusOK, answer)
	return nil
}

// maxPickedText is the most characters of a picked text that are looked at.
const maxPickedText = 2000

// validate answers POST /mailroom/validation/:document: the document is filed as the person says, and the next one is shown.
func (s *Server) validate(v *visit) error {
	rev, version := v.form("rev"), v.form("version") // reads the form
	page, err := s.validatePage(v, v.gin.Request.PostForm)
	if fault.Is(err, fault.Conflict) {
		v.flash("danger", v.T("validation.late"))
		return v.redirect("/mailroom/validation")
	}
	if err != nil {
		return err
	}
	if len(page.Problems) > 0 {
		return s.showValidation(v, http.StatusUnprocessableEntity, page)
	}
	if page.Amends() && version == "" {
		page.Notice = v.T("validation.decided_meanwhile", v.actorName(journal.Actor(page.Reading.DecidedBy)))
		return s.showValidation(v, http.StatusConflict, page)
	}
	err = v.inTx(func(tx pgx.Tx) error { return s.decide(v, tx, page, rev, version) })
	if fault.Is(err, fault.Conflict) {
		page.Notice = v.T("validation.changed_meanwhile")
		return s.showValidation(v, http.StatusConflict, page)
	}
	if err != nil {
		return err
	}
	if page.Amends() {
		v.flash("success", v.T("validation.corrected", page.Name))
	} else {
		v.flash("success", v.T("validation.filed", page.Name))
	}
	return v.redirect(cmp.Or(page.Next, "/mailroom/validation"+page.Filter.suffix()))
}

// decide writes what the form says: a decision, or the correction of one.
func (s *Server) decide(v *visit, tx pgx.Tx, page validatePage, rev, version string) (err error) {
	by := v.actor()
	d := page.decision(by, rev)
	if page.Party.Chosen == newParty {
		if d.Party, err = s.addNewParty(v, tx, by, page, d.Values); err != nil {
			return err
		}
	}
	if page.Amends() {
		_, err := s.config.Intake.Amend(v.ctx(), tx, by, s.config.Plan, d, max(atoi(version), 1))
		return err
	}
	return s.config.Intake.Decide(v.ctx(), tx, by, s.config.Plan, d)
}

package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"docket/capture"
	"docket/capture/detect"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A validatePage is one document that waits for a person: its pages beside what the machine read.
type validatePage struct {
	Frame
	Document repository.DocumentID
	Piece    capture.Piece
	Reading  capture.Reading
	Viewer   viewer
	Likely   []classChoice
	Others   []classChoice
	Class    taxonomy.ClassID // chosen
	Inputs   []fieldInput
	Party    partyChoice
	Name     string // preview
	Place    string // preview
	Problems []string
	Next     string // address of the next document that waits, empty when this is the last
}

// A classChoice is a class to choose, with the machine's confidence when it considered it.
type classChoice struct {
	ID         taxonomy.ClassID
	Title      string
	Confidence float64
	Chosen     bool
}

// A fieldInput is one field of the form.
type fieldInput struct {
	ID         taxonomy.FieldID
	Type       taxonomy.FieldType
	Title      string
	Value      string
	Read       string // as it stands in the document
	Confidence float64
	Doubtful   bool
	Required   bool
	Page       int
	Box        repository.Box
	How        string
	Terms      []termChoice
	Problem    string
}

type termChoice struct {
	ID, Title string
	Chosen    bool
}

// A partyChoice is who the document seems to be from, and who else it may be from.
type partyChoice struct {
	Match  taxonomy.Recognition
	Others []taxonomy.Party
	Chosen taxonomy.PartyID
}

// showValidate answers GET /mailroom/validation/:document?class=&field.X=.
func (s *Server) showValidate(v *visit) error {
	page, err := s.validatePage(v, v.gin.Request.URL.Query())
	if err != nil {
		return err
	}
	if v.partial() {
		return v.showPart("validate.html", "form", page)
	}
	page.Frame = v.validateFrame(page)
	return v.show(http.StatusOK, "validate.html", page)
}

func (v *visit) validateFrame(page validatePage) Frame {
	f := v.frame(page.Piece.Name, append(v.mailroomCrumb(), Crumb{v.T("validation.title"), "/mailroom/validation"})...)
	f.Lead = v.N("document.pages", page.Reading.Pages)
	return f
}

// validatePage is the page with what a person has typed so far in place of what the machine read.
func (s *Server) validatePage(v *visit, typed url.Values) (validatePage, error) {
	var page validatePage
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
	page.addClasses(catalogue, v.Code)
	values := page.addInputs(catalogue, typed, v.Code)
	if err := s.addParty(v, &page, values, typed.Get("party")); err != nil {
		return page, err
	}
	page.preview(catalogue, values, v)
	return page, nil
}

// loadWaiting reads the document, what the machine understood of it and what comes after it.
func (s *Server) loadWaiting(v *visit, id repository.DocumentID, page *validatePage) error {
	ctx, q := v.ctx(), v.pool()
	came, err := capture.OfDocument(ctx, q, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(came, func(p capture.Piece) bool { return p.State != capture.Duplicate })
	if i < 0 || came[i].State != capture.Waiting {
		return fault.New(fault.Conflict, "%s", v.T("validation.gone"))
	}
	page.Document, page.Piece = id, came[i]
	if page.Reading, err = capture.FindReading(ctx, q, id); err != nil {
		return err
	}
	renditions, err := s.config.Store.Renditions(ctx, q, id, page.Reading.Version)
	if err != nil {
		return err
	}
	texts, err := s.config.Store.Texts(ctx, q, []repository.DocumentID{id})
	if err != nil {
		return err
	}
	page.Viewer = newViewer(id, page.Reading.Version, renditions)
	page.Viewer.Desk = true
	page.Viewer.addTexts(texts[id])
	page.Viewer.turnTo(v.query("page"), "")
	page.Next, err = s.nextWaiting(v, page.Piece.Seq)
	return err
}

// nextWaiting is the address of the next document that waits after a piece, from the start again after the last.
func (s *Server) nextWaiting(v *visit, seq int64) (string, error) {
	for _, after := range []int64{seq, 0} {
		next, err := capture.Queue(v.ctx(), v.pool(), capture.Waiting, after, 1)
		if err != nil {
			return "", err
		}
		if len(next) > 0 && next[0].Seq != seq {
			return "/mailroom/validation/" + next[0].Document.String(), nil
		}
	}
	return "", nil
}

// addClasses puts the classes that the machine thought of first, at most three.
func (p *validatePage) addClasses(c *taxonomy.Catalogue, language string) {
	for _, class := range c.Classes {
		choice := classChoice{ID: class.ID, Title: class.Titles.In(language, string(class.ID)), Chosen: class.ID == p.Class}
		i := slices.IndexFunc(p.Reading.Ranked, func(r detect.Ranked) bool { return r.Class == class.ID })
		if i < 0 || i >= 3 {
			p.Others = append(p.Others, choice)
			continue
		}
		choice.Confidence = p.Reading.Ranked[i].Confidence
		p.Likely = append(p.Likely, choice)
	}
	slices.SortFunc(p.Likely, func(a, b classChoice) int { return cmp.Compare(b.Confidence, a.Confidence) })
}

// addInputs makes the form of the chosen class and gives the values that it holds. What is typed wins over what was read; what
// was left as it was keeps its place on the page.
func (p *validatePage) addInputs(c *taxonomy.Catalogue, typed url.Values, language string) taxonomy.Values {
	class, _ := c.Class(p.Class)
	values := taxonomy.Values{}
	for _, cf := range class.Fields {
		field, _ := c.Field(cf.Field)
		read := p.Reading.Fields[cf.Field]
		in := fieldInput{ID: cf.Field, Type: field.Type, Title: field.Titles.In(language, string(cf.Field)), Required: cf.Required, Value: read.Value,
			Read: read.Text, Confidence: read.Confidence, Doubtful: read.Value != "" && read.Confidence < sure, Page: read.Page, Box: read.Box, How: read.How}
		if name := "field." + string(cf.Field); typed.Has(name) {
			in.Value = typed.Get(name)
		}
		value, err := field.Type.Typed(in.Value)
		if err != nil {
			in.Problem = fault.Sentence(err)
			p.Problems = append(p.Problems, in.Title+": "+in.Problem)
		}
		in.addTerms(c, language)
		p.Inputs = append(p.Inputs, in)
		switch {
		case value == "":
		case value == read.Value:
			values[cf.Field] = read
		default:
			values[cf.Field] = taxonomy.Value{Value: value, Text: in.Value, Confidence: 1}
		}
	}
	return values
}

func (in *fieldInput) addTerms(c *taxonomy.Catalogue, language string) {
	for _, t := range c.Vocabularies[in.ID] {
		in.Terms = append(in.Terms, termChoice{t.ID, t.Titles.In(language, t.ID), t.ID == in.Value})
	}
	slices.SortFunc(in.Terms, func(a, b termChoice) int { return strings.Compare(a.Title, b.Title) })
}

// addParty looks for the sender among the parties that are known.
func (s *Server) addParty(v *visit, page *validatePage, values taxonomy.Values, chosen string) (err error) {
	page.Party.Match, err = taxonomy.FindMatch(v.ctx(), v.pool(), taxonomy.HintsFrom(values, 0))
	if err != nil {
		return err
	}
	page.Party.Chosen, _ = uuid.Parse(chosen)
	if name := values.Get(taxonomy.SenderName); name != "" {
		page.Party.Others, err = taxonomy.FindParties(v.ctx(), v.pool(), name, 8)
	}
	return err
}

// preview is what the document would be called and where it would be filed.
func (p *validatePage) preview(c *taxonomy.Catalogue, values taxonomy.Values, v *visit) {
	facts := taxonomy.Facts{Class: p.Class, Values: values, Party: p.Party.Match.Party.Name, Original: p.Piece.Name,
		Language: p.Reading.Language, Received: p.Piece.ReceivedAt.In(v.server.config.Zone)}
	if i := slices.IndexFunc(p.Party.Others, func(o taxonomy.Party) bool { return o.ID == p.Party.Chosen }); i >= 0 {
		facts.Party = p.Party.Others[i].Name
	}
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

// validate answers POST /mailroom/validation/:document: the document is filed as the person says, and the next one is shown.
func (s *Server) validate(v *visit) error {
	rev := v.form("rev") // reads the form
	page, err := s.validatePage(v, v.gin.Request.PostForm)
	if err != nil {
		return err
	}
	decision := page.decision(v.actor(), rev)
	if len(page.Problems) > 0 {
		page.Frame = v.validateFrame(page)
		return v.show(http.StatusUnprocessableEntity, "validate.html", page)
	}
	err = v.inTx(func(tx pgx.Tx) error {
		return s.config.Intake.Decide(v.ctx(), tx, v.actor(), s.config.Plan, decision)
	})
	if err != nil {
		return err
	}
	v.flash("success", v.T("validation.filed", page.Name))
	return v.redirect(cmp.Or(page.Next, "/mailroom/validation"))
}

// decision is what the form says. A value that a person let stand counts as confirmed.
func (p validatePage) decision(by journal.Actor, rev string) capture.Decision {
	d := capture.Decision{Document: p.Document, Class: p.Class, Party: p.Party.Chosen, Values: taxonomy.Values{}}
	d.Rev = atoi(rev)
	for _, in := range p.Inputs {
		value, _ := in.Type.Typed(in.Value)
		if value == "" {
			continue
		}
		read := p.Reading.Fields[in.ID]
		if value != read.Value {
			read = taxonomy.Value{Value: value, Text: in.Value, How: "typed by " + string(by)}
		}
		read.Confidence = 1
		d.Values[in.ID] = read
	}
	return d
}

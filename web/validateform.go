package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"docket/capture"
	"docket/capture/detect"
	"docket/repository"
	"docket/repository/journal"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
)

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
	Value      string // in the normal form of its type, or what was typed when that has none
	Shown      string // as people of this language write it
	Confidence float64
	Doubtful   bool // a person must look at it
	Required   bool
	Picked     bool // the value was picked on a page, and At says where
	Page       int
	Box        repository.Box
	How        string
	Terms      []termChoice
	Problem    string
}

// At is where the value stands, "page;x,y,w,h"; empty when it has no place.
func (in fieldInput) At() string {
	if in.Page == 0 || in.Box.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d;%s", in.Page, boxText(in.Box))
}

type termChoice struct {
	ID, Title string
	Chosen    bool
}

// addClasses puts the classes that the machine thought of first, at most three; the others by their titles.
func (p *validatePage) addClasses(c *taxonomy.Catalogue, l *Locale) {
	for _, class := range c.Classes {
		choice := classChoice{ID: class.ID, Title: class.Titles.In(l.Code, string(class.ID)), Chosen: class.ID == p.Class}
		i := slices.IndexFunc(p.Reading.Ranked, func(r detect.Ranked) bool { return r.Class == class.ID })
		if i < 0 || i >= 3 {
			p.Others = append(p.Others, choice)
			continue
		}
		choice.Confidence = p.Reading.Ranked[i].Confidence
		p.Likely = append(p.Likely, choice)
	}
	slices.SortStableFunc(p.Likely, func(a, b classChoice) int { return cmp.Compare(b.Confidence, a.Confidence) })
	sortBy(l, p.Others, func(c classChoice) string { return c.Title })
	p.Unsure = p.Reading.DecidedBy == "" && p.Reading.Confidence < sure
}

// addInputs makes the form of the chosen class and gives the values that it holds. What is typed wins over what was read; what
// was left as it was keeps its place on the page, and what was picked on a page has its place from there.
func (p *validatePage) addInputs(c *taxonomy.Catalogue, typed url.Values, l *Locale) taxonomy.Values {
	class, _ := c.Class(p.Class)
	values := taxonomy.Values{}
	for _, cf := range class.Fields {
		field, _ := c.Field(cf.Field)
		read := p.Reading.Fields[cf.Field]
		in := fieldInput{ID: cf.Field, Type: field.Type, Title: field.Titles.In(l.Code, string(cf.Field)), Required: cf.Required, Value: read.Value,
			Confidence: read.Confidence, Page: read.Page, Box: read.Box, How: l.Phrase(read.How)}
		if name := "field." + string(cf.Field); typed.Has(name) {
			in.Value = typed.Get(name)
			in.pick(typed.Get("at."+string(cf.Field)), p.Viewer)
		}
		value, err := field.Type.Typed(in.Value)
		if err != nil {
			in.Problem = l.Sentence(err)
			p.Problems = append(p.Problems, in.Title+": "+in.Problem)
		} else {
			in.Value = value
		}
		in.Shown = l.Typed(field.Type, in.Value)
		in.Doubtful = in.Problem != "" || in.Required && value == "" || value != "" && value == read.Value && read.Confidence < sure
		in.addTerms(c, l)
		if value != "" && !in.Picked && value != read.Value {
			in.How, in.Page, in.Box = "", 0, repository.Box{}
		}
		p.Inputs = append(p.Inputs, in)
		if value != "" {
			values[cf.Field] = in.value(value, read)
		}
	}
	return values
}

// pick takes over where on the pages of the document a person picked the value.
func (in *fieldInput) pick(at string, w viewer) {
	number, place, _ := strings.Cut(at, ";")
	page, box := atoi(number), boxOf(place)
	if box.IsZero() || page == in.Page && box == in.Box || !slices.ContainsFunc(w.Pages, func(p pageView) bool { return p.Number == page }) {
		return
	}
	in.Picked, in.Page, in.Box, in.How = true, page, box, ""
}

// value is what the form says of a field: as it was read, picked on a page, or typed.
func (in fieldInput) value(value string, read taxonomy.Value) taxonomy.Value {
	switch {
	case in.Picked:
		return taxonomy.Value{Value: value, Text: in.Value, Confidence: 1, Page: in.Page, Box: in.Box}
	case value == read.Value:
		return read
	}
	return taxonomy.Value{Value: value, Text: in.Value, Confidence: 1}
}

func (in *fieldInput) addTerms(c *taxonomy.Catalogue, l *Locale) {
	for _, t := range c.Vocabularies[in.ID] {
		if !t.Retired || t.ID == in.Value {
			in.Terms = append(in.Terms, termChoice{t.ID, t.Titles.In(l.Code, t.ID), t.ID == in.Value})
		}
	}
	sortBy(l, in.Terms, func(t termChoice) string { return t.Title })
}

// decision is what the form says. A value that a person let stand counts as confirmed.
func (p validatePage) decision(by journal.Actor, rev string) capture.Decision {
	d := capture.Decision{Document: p.Document, Rev: atoi(rev), Class: p.Class, Values: taxonomy.Values{}}
	d.Party, _ = uuid.Parse(p.Party.Chosen)
	for _, in := range p.Inputs {
		value, _ := in.Type.Typed(in.Value)
		if value == "" {
			continue
		}
		said := in.value(value, p.Reading.Fields[in.ID])
		switch {
		case in.Picked:
			said.How = say.Text("picked by %+s", by)
		case said.How == "":
			said.How = say.Text("typed by %+s", by)
		}
		said.Confidence = 1
		d.Values[in.ID] = said
	}
	return d
}

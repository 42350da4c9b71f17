package api

import (
	"docket/repository/postgres"
	"docket/taxonomy"
)

// A Class is what sort of thing a document may be.
type Class struct {
	Class     string            `json:"class"`
	Titles    map[string]string `json:"titles" doc:"by language"`
	Category  string            `json:"category" doc:"code of the record category that it is filed under"`
	Process   string            `json:"process" doc:"of the ticket that it opens; empty for none"`
	Threshold float64           `json:"threshold" doc:"confidence from which no person is asked"`
	Fields    []ClassField      `json:"fields"`
}

// A ClassField is a field that documents of a class have.
type ClassField struct {
	Field    string            `json:"field"`
	Type     string            `json:"type" doc:"text, date, amount, number, iban, email, phone, address or term"`
	Titles   map[string]string `json:"titles" doc:"by language"`
	Required bool              `json:"required"`
	Terms    []string          `json:"terms,omitempty" doc:"of a term: the values it may have"`
}

type classesOutput struct {
	Body struct {
		Classes []Class `json:"classes"`
	}
}

// classes answers GET /classes.
func (s *server) classes(v *visit, _ *struct{}) (*classesOutput, error) {
	c, err := s.Plan.Catalogue(v.ctx(), s.Pool)
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	out := &classesOutput{}
	out.Body.Classes = make([]Class, len(c.Classes))
	for i, class := range c.Classes {
		out.Body.Classes[i] = newClass(c, class)
	}
	return out, nil
}

func newClass(c *taxonomy.Catalogue, class taxonomy.Class) Class {
	out := Class{Class: string(class.ID), Titles: class.Titles, Category: class.Category, Process: class.Process, Threshold: class.Threshold, Fields: []ClassField{}}
	for _, f := range class.Fields {
		field, _ := c.Field(f.Field)
		x := ClassField{Field: string(f.Field), Type: string(field.Type), Titles: field.Titles, Required: f.Required}
		for _, t := range c.Vocabularies[f.Field] {
			if !t.Retired {
				x.Terms = append(x.Terms, t.ID)
			}
		}
		out.Fields = append(out.Fields, x)
	}
	return out
}

// A Party is a person or an organisation that documents are from or about.
type Party struct {
	Party       string `json:"party"`
	Kind        string `json:"kind" enum:"person,organisation"`
	Name        string `json:"name"`
	Provisional bool   `json:"provisional" doc:"made by the machine; nobody has confirmed it"`
}

type partiesInput struct {
	Text  string `query:"q" maxLength:"200" doc:"words that begin words of the name, or a whole e-mail address, phone or customer number; empty gives the newest"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type partiesOutput struct {
	Body struct {
		Parties []Party `json:"parties"`
	}
}

// parties answers GET /parties.
func (s *server) parties(v *visit, in *partiesInput) (*partiesOutput, error) {
	found, err := taxonomy.FindParties(v.ctx(), s.Pool, in.Text, in.Limit)
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	out := &partiesOutput{}
	out.Body.Parties = make([]Party, len(found))
	for i, p := range found {
		out.Body.Parties[i] = Party{p.ID.String(), string(p.Kind), p.Name, p.Provisional}
	}
	return out, nil
}

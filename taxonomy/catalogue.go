package taxonomy

import "slices"

// Languages are those in which an organisation's customers write and in which every title and cue is kept.
var Languages = []string{"en", "de", "hu", "pl", "ru", "sl"}

// A Catalogue is everything an organisation has defined: its fields, vocabularies, record categories and classes. It is
// data, and safe to share as long as nobody changes it.
type Catalogue struct {
	Language     string // in which names and paths are written
	Fields       []Field
	Vocabularies map[FieldID][]Term
	Categories   []Category
	Classes      []Class
}

// A Category is a record category: a node of the file plan. Record folders stand under it.
type Category struct {
	Code   string `json:"code"`   // "10.20": what people cite; never changes
	Parent string `json:"parent"` // code of the category above, empty at the top
	Titles Titles `json:"titles"`
}

// Class finds a class by its ID.
func (c *Catalogue) Class(id ClassID) (Class, bool) {
	return first(c.Classes, func(x Class) bool { return x.ID == id })
}

// Field finds a field by its ID.
func (c *Catalogue) Field(id FieldID) (Field, bool) {
	return first(c.Fields, func(x Field) bool { return x.ID == id })
}

// Term finds a term of a field's vocabulary.
func (c *Catalogue) Term(field FieldID, id string) (Term, bool) {
	return first(c.Vocabularies[field], func(x Term) bool { return x.ID == id })
}

// Current are the vocabularies without the terms that are retired: what is looked for in texts and offered in forms.
func (c *Catalogue) Current() map[FieldID][]Term {
	all := make(map[FieldID][]Term, len(c.Vocabularies))
	for id, terms := range c.Vocabularies {
		all[id] = slices.DeleteFunc(slices.Clone(terms), func(t Term) bool { return t.Retired })
	}
	return all
}

// With is the catalogue as it would be with one class changed or added.
func (c *Catalogue) With(k Class) *Catalogue {
	changed := *c
	changed.Classes = append(slices.DeleteFunc(slices.Clone(c.Classes), func(x Class) bool { return x.ID == k.ID }), k)
	return &changed
}

// Category finds a record category by its code.
func (c *Catalogue) Category(code string) (Category, bool) {
	return first(c.Categories, func(x Category) bool { return x.Code == code })
}

// Line is a category with all above it, the topmost first. A code that is not there gives nothing.
func (c *Catalogue) Line(code string) []Category {
	var line []Category
	for len(line) < len(c.Categories) {
		category, ok := c.Category(code)
		if !ok {
			break
		}
		line, code = append(line, category), category.Parent
	}
	slices.Reverse(line)
	return line
}

func first[T any](all []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true
	}
	var none T
	return none, false
}

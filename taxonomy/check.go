package taxonomy

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"docket/repository/say"
)

// Check says everything that is wrong with a catalogue, or nothing: IDs are unique, what is referred to exists, titles
// are there in every language, cues are well formed, templates are valid, thresholds lie between 0 and 1.
func (c *Catalogue) Check() error {
	var k checker
	if !slices.Contains(Languages, c.Language) {
		k.bad("%q is not one of the languages %v", c.Language, Languages)
	}
	for _, f := range c.Fields {
		k.once("field", string(f.ID), f.Titles)
		if f.Type == TermField && len(c.Vocabularies[f.ID]) == 0 {
			k.bad("field %s has no vocabulary", f.ID)
		}
	}
	for id, terms := range c.Vocabularies {
		if f, ok := c.Field(id); !ok || f.Type != TermField {
			k.bad("vocabulary %s has no term field of that name", id)
		}
		k.terms(id, terms)
	}
	for _, category := range c.Categories {
		k.once("category", category.Code, category.Titles)
		if line := c.Line(category.Code); len(line) == 0 || line[0].Parent != "" {
			k.bad("category %s: the line upwards does not end at the top", category.Code)
		}
	}
	for _, class := range c.Classes {
		k.once("class", string(class.ID), class.Titles)
		k.found = append(k.found, c.CheckClass(class))
	}
	return errors.Join(k.found...)
}

// A checker gathers what is wrong with a catalogue.
type checker struct {
	found []error
	seen  map[[2]string]bool
}

func (k *checker) bad(format string, args ...any) {
	k.found = append(k.found, fmt.Errorf(format, args...))
}

// once checks what all definitions have: an ID of their own and titles.
func (k *checker) once(kind, id string, titles Titles) {
	key := [2]string{kind, id}
	if id == "" || k.seen[key] {
		k.bad("%s %q: the ID is empty or used twice", kind, id)
	}
	if k.seen == nil {
		k.seen = map[[2]string]bool{}
	}
	k.seen[key] = true
	for _, l := range Languages {
		if titles[l] == "" {
			k.bad("%s %s has no title in %s", kind, id, l)
		}
	}
}

func (k *checker) terms(field FieldID, terms []Term) {
	for _, t := range terms {
		k.once("term "+string(field), t.ID, t.Titles)
		for _, l := range Languages {
			for _, phrase := range t.Synonyms[l] {
				if _, err := PhraseWords(phrase); err != nil {
					k.bad("term %s in %s: %w", t.ID, l, err)
				}
			}
		}
	}
}

// readerShape is what an access token looks like, see [Reader].
var readerShape = regexp.MustCompile(`^(everyone|(role|team|user):.{1,100})$`)

// CheckClass says what is wrong with one class against the rest of the catalogue. It is what a form asks before saving.
func (c *Catalogue) CheckClass(k Class) error {
	var all []error
	wrong := func(format string, args ...any) {
		all = append(all, errors.New(say.Join(say.Text("class “%s”", k.ID), say.Text(format, args...))))
	}
	if k.Threshold <= 0 || k.Threshold > 1 {
		wrong("the threshold %v is not above 0 and at most 1", k.Threshold)
	}
	for _, f := range k.Fields {
		if _, ok := c.Field(f.Field); !ok {
			wrong("there is no field %q", f.Field)
		}
	}
	if _, ok := c.Category(k.Category); !ok {
		wrong("there is no record category %q", k.Category)
	}
	for _, token := range k.Readers {
		if !readerShape.MatchString(token) {
			wrong("“%s” is nobody who may see documents", token)
		}
	}
	if err := c.CheckTemplate(k.Name); err != nil {
		wrong("the template for names: %v", err)
	}
	if err := c.CheckPath(k.Path); err != nil {
		wrong("the template for places: %v", err)
	}
	for language, cues := range k.Cues {
		for _, cue := range cues {
			if _, err := PhraseWords(cue.Phrase); err != nil || cue.Weight == 0 {
				wrong("cue %q in %s has no words or no weight", cue.Phrase, language)
			}
		}
	}
	return errors.Join(all...)
}

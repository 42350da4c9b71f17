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
	var all []error
	bad := func(format string, args ...any) { all = append(all, fmt.Errorf(format, args...)) }
	if !slices.Contains(Languages, c.Language) {
		bad("%q is not one of the languages %v", c.Language, Languages)
	}
	seen := map[string]bool{}
	once := func(kind, id string, titles Titles) {
		if id == "" || seen[kind+id] {
			bad("%s %q: the ID is empty or used twice", kind, id)
		}
		seen[kind+id] = true
		for _, l := range Languages {
			if titles[l] == "" {
				bad("%s %s has no title in %s", kind, id, l)
			}
		}
	}
	for _, f := range c.Fields {
		once("field", string(f.ID), f.Titles)
		if f.Type == TermField && len(c.Vocabularies[f.ID]) == 0 {
			bad("field %s has no vocabulary", f.ID)
		}
	}
	for id, terms := range c.Vocabularies {
		if f, ok := c.Field(id); !ok || f.Type != TermField {
			bad("vocabulary %s has no term field of that name", id)
		}
		for _, t := range terms {
			once("term "+string(id), t.ID, t.Titles)
			for _, l := range Languages {
				for _, phrase := range t.Synonyms[l] {
					if _, err := PhraseWords(phrase); err != nil {
						bad("term %s in %s: %w", t.ID, l, err)
					}
				}
			}
		}
	}
	for _, k := range c.Categories {
		once("category", k.Code, k.Titles)
		if line := c.Line(k.Code); len(line) == 0 || line[0].Parent != "" {
			bad("category %s: the line upwards does not end at the top", k.Code)
		}
	}
	for _, k := range c.Classes {
		once("class", string(k.ID), k.Titles)
		all = append(all, c.CheckClass(k))
	}
	return errors.Join(all...)
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

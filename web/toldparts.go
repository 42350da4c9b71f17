package web

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"docket/taxonomy"
)

// A toldPart is one part of a definition as people read it: a text, or several things of which some may come and go.
type toldPart struct {
	Title string
	Text  string
	List  []string
}

// definitionChanges says in sentences how two states of a definition differ.
func (v *visit) definitionChanges(words ticketWords, kind string, was, now []byte) []string {
	var all []string
	old, is := v.definitionParts(words, kind, was), v.definitionParts(words, kind, now)
	for i := range min(len(old), len(is)) { // a kind has the same parts in every state
		all = v.partChange(all, old[i], is[i])
	}
	return all
}

// partChange adds what happened to one part. A list of the same things tells its new order.
func (v *visit) partChange(to []string, old, is toldPart) []string {
	came, went := without(is.List, old.List), without(old.List, is.List)
	if len(came) > 0 {
		to = append(to, v.T("change.added", is.Title, strings.Join(came, ", ")))
	}
	if len(went) > 0 {
		to = append(to, v.T("change.dropped", is.Title, strings.Join(went, ", ")))
	}
	if len(came)+len(went) == 0 && !slices.Equal(old.List, is.List) {
		to = append(to, v.T("change.now", is.Title, strings.Join(is.List, ", ")))
	}
	return v.change(to, is.Title, map[string]any{"old": old.Text, "new": is.Text}, func(x any) string { return fmt.Sprint(x) })
}

// without are the members of a list that another has not.
func without(list, other []string) []string {
	var all []string
	for _, s := range list {
		if !slices.Contains(other, s) {
			all = append(all, s)
		}
	}
	return all
}

// definitionParts are the parts of a class, a field or a term in the order in which its page asks for them.
func (v *visit) definitionParts(words ticketWords, kind string, body []byte) []toldPart {
	var err error
	var parts []toldPart
	switch kind {
	case "class":
		var k taxonomy.Class
		err = json.Unmarshal(body, &k)
		parts = v.classParts(words, k)
	case "field":
		var f taxonomy.Field
		err = json.Unmarshal(body, &f)
		parts = append(v.titleParts(f.Titles), toldPart{Title: v.partTitle("type"), Text: v.T("type." + string(f.Type))})
	case "term":
		var t taxonomy.Term
		err = json.Unmarshal(body, &t)
		parts = v.titleParts(t.Titles)
		for _, l := range languageTitles {
			parts = append(parts, toldPart{Title: v.partTitle("synonyms") + " (" + l.Title + ")", List: t.Synonyms[l.Code]})
		}
		parts = append(parts, toldPart{Title: v.T("list.state"), Text: v.T(fmt.Sprint("change.retired.", t.Retired))})
	}
	if err != nil {
		return nil
	}
	return parts
}

func (v *visit) classParts(words ticketWords, k taxonomy.Class) []toldPart {
	parts := v.titleParts(k.Titles)
	fields := toldPart{Title: v.partTitle("fields")}
	for _, cf := range k.Fields {
		f, _ := words.catalogue.Field(cf.Field)
		title := f.Titles.In(v.Code, string(cf.Field))
		if cf.Required {
			title += " (" + v.T("class.required") + ")"
		}
		fields.List = append(fields.List, title)
	}
	readers := toldPart{Title: v.partTitle("readers")}
	for _, o := range readerOptions(v, k.Readers) {
		if o.Chosen {
			readers.List = append(readers.List, o.Title)
		}
	}
	category, _ := words.catalogue.Category(k.Category)
	parts = append(parts, fields, toldPart{Title: v.partTitle("name"), Text: k.Name}, toldPart{Title: v.partTitle("path"), Text: k.Path},
		toldPart{Title: v.partTitle("category"), Text: strings.TrimSpace(k.Category + " " + category.Titles.In(v.Code, ""))},
		toldPart{Title: v.partTitle("process"), Text: words.processTitle(v.Code, k.Process)}, readers,
		toldPart{Title: v.partTitle("threshold"), Text: v.Percent(k.Threshold)})
	for _, l := range languageTitles {
		cues := toldPart{Title: v.partTitle("cues") + " (" + l.Title + ")"}
		for _, cue := range k.Cues[l.Code] {
			cues.List = append(cues.List, cue.Phrase)
		}
		parts = append(parts, cues)
	}
	return parts
}

func (v *visit) titleParts(titles taxonomy.Titles) []toldPart {
	var parts []toldPart
	for _, l := range languageTitles {
		parts = append(parts, toldPart{Title: v.partTitle("titles") + " (" + l.Title + ")", Text: titles[l.Code]})
	}
	return parts
}

// partTitle is what a part of a definition is called at the beginning of a sentence.
func (v *visit) partTitle(part string) string {
	words := v.T("change.changed." + part)
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}

// processTitle is what a process is called, empty for none.
func (w ticketWords) processTitle(language, id string) string {
	for _, p := range w.processes {
		if p.ID == id {
			return p.Titles.In(language, id)
		}
	}
	return id
}

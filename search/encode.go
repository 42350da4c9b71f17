package search

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"docket/repository"
	"docket/taxonomy"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"
	"github.com/google/uuid"
)

// How fields are indexed: words with their places, roots with frequencies only, single terms without either.
const (
	withPlaces = index.IndexField | index.IncludeTermVectors
	withCounts = index.IndexField
	bare       = index.IndexField | index.SkipFreqNorm
)

// stored is what the index keeps of an entry to show in results.
type stored struct {
	Version  int              `json:"v"`
	Title    string           `json:"t"`
	Class    taxonomy.ClassID `json:"c,omitempty"`
	State    string           `json:"s,omitempty"`
	Source   string           `json:"o,omitempty"`
	Language string           `json:"l,omitempty"`
	Date     time.Time        `json:"a,omitzero"`
	Received time.Time        `json:"r,omitzero"`
	Pages    int              `json:"p"`
	Notes    []Note           `json:"n,omitempty"`
}

// An encoder turns one entry into a document of the index.
type encoder struct {
	schema *Schema
	doc    *document.Document
	has    map[string]bool
}

// encode is e as a document of the index.
func encode(schema *Schema, e Entry) (*document.Document, error) {
	x := &encoder{schema, document.NewDocument(key(e.Document)), map[string]bool{}}
	kept, err := json.Marshal(stored{e.Version, e.Title, e.Class, e.State, e.Source, e.Language, e.Date, e.Received, len(e.Pages), safeNotes(e.Notes)})
	if err != nil {
		return nil, fmt.Errorf("index entry of %s: %w", e.Document, err)
	}
	x.store(inEntry, 0, string(kept))
	x.term(inStamp, stampTerm(Stamp{e.Document, e.Version, e.Digest}))
	x.text(e)
	x.notes(e.Notes)
	x.message(e.Message)
	x.properties(e)
	for id, value := range e.Fields {
		x.metadata(id, value)
	}
	for name := range x.has {
		x.term(inHas, name)
	}
	return x.doc, nil
}

// key is a document's ID in the index. It sorts as the document's ID does, by time.
func key(id repository.DocumentID) string { return id.String() }

func (x *encoder) text(e Entry) {
	l := languageOf(e.Language)
	rootsOf := rootWords{l}
	for i, page := range e.Pages {
		page = safeText(page)
		x.store(inPage, i, page)
		x.words(inText, i, page, withPlaces, plainWords{})
		x.words(rootField(inRoots, l), i, page, withCounts, rootsOf)
	}
	x.words(rootField(inRoots, l), len(e.Pages), everyDocument, withCounts, nil)
	x.words(inTitle, 0, safeText(e.Title), withPlaces, plainWords{})
	x.words(rootField(inTitleOf, l), 0, safeText(e.Title), withCounts, rootsOf)
	others := append([]string{e.FileName, e.PartyName}, e.Labels...)
	for _, id := range sortedFields(e.Fields) {
		others = append(others, e.Fields[id], compact(e.Fields[id]))
	}
	for i, text := range append(others, e.Tickets...) {
		x.words(inOther, i, safeText(text), withPlaces, plainWords{})
	}
	x.words(inFile, 0, safeText(e.FileName), withPlaces, plainWords{})
	x.words(inParty, 0, safeText(e.PartyName), withPlaces, plainWords{})
}

// notes writes what people wrote on pages. Nobody knows in which language, so the roots are those of every language.
func (x *encoder) notes(notes []Note) {
	for i, n := range safeNotes(notes) {
		x.has["note"] = true
		x.words(inNote, i, n.Text, withPlaces, plainWords{})
		x.words(inNoteRoot, i, n.Text, withCounts, anyRoots{})
	}
}

// message writes what the header of a message says. Plain searches find it on the first page, where it stands.
func (x *encoder) message(m Message) {
	for _, f := range []struct{ field, name, value string }{{"from", inFrom, m.From}, {"to", inTo, m.To}, {"cc", inCc, m.Cc}, {"subject", inSubject, m.Subject}} {
		if f.value != "" {
			x.has[f.field] = true
			x.words(f.name, 0, safeText(f.value), withPlaces, plainWords{})
		}
	}
}

func safeNotes(notes []Note) []Note {
	safe := slices.Clone(notes)
	for i := range safe {
		safe[i].Text = safeText(safe[i].Text)
	}
	return safe
}

func sortedFields(fields map[taxonomy.FieldID]string) []taxonomy.FieldID {
	ids := make([]taxonomy.FieldID, 0, len(fields))
	for id := range fields {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	return ids
}

func (x *encoder) properties(e Entry) {
	x.named("class", inClass, string(e.Class))
	x.named("state", inState, e.State)
	x.named("source", inSource, e.Source)
	x.named("lang", inLanguage, e.Language)
	x.named("label", inLabel, e.Labels...)
	x.named("folder", inFolder, e.Folders...)
	x.named("desk", inDesk, e.Desk...)
	for _, t := range e.Tickets {
		x.named("ticket", inTicket, compact(t))
	}
	if e.Party != uuid.Nil {
		x.named("party", inPartyID, e.Party.String())
		x.term(inParty, e.Party.String())
	}
	for _, r := range e.Readers {
		x.term(inReader, r)
	}
	x.facets(e)
	x.date("date", inDate, e.Date)
	x.date("received", inReceived, e.Received)
}

// facets writes what facets count.
func (x *encoder) facets(e Entry) {
	values := map[string]string{"class": string(e.Class), "state": e.State, "source": e.Source, "language": e.Language}
	if e.Party != uuid.Nil {
		values["party"] = e.Party.String()
	}
	if !e.Date.IsZero() {
		values["year"] = e.Date.Format("2006")
	}
	for name, value := range values {
		if value != "" {
			x.doc.AddField(document.NewTextFieldCustom(inFacet, nil, []byte(facetTerm(name, strings.ToLower(value))), bare|index.DocValues, nil))
		}
	}
}

func (x *encoder) metadata(id taxonomy.FieldID, value string) {
	name := metadata(id)
	if value == "" {
		return
	}
	switch x.schema.fields[string(id)].kind {
	case exactKind:
		x.named(string(id), name, value)
	case numberKind:
		x.named(string(id), name, compact(value))
	case dateKind:
		if t, err := time.Parse(time.DateOnly, value); err == nil {
			x.date(string(id), name, t)
		}
	case amountKind:
		x.amount(string(id), name, value)
	default:
		x.has[string(id)] = true
		x.words(name, 0, safeText(value), withPlaces, plainWords{})
	}
}

// amount indexes "1234.50 EUR".
func (x *encoder) amount(field, name, value string) {
	number, currency, _ := strings.Cut(value, " ")
	v, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return
	}
	x.has[field] = true
	x.doc.AddField(document.NewNumericFieldWithIndexingOptions(name, nil, v, bare))
	if currency != "" {
		x.term(currencyOf(name), currency)
	}
}

// date indexes a day as itself, its month and its year, so that a period of any length is a few terms; see daysCovering.
func (x *encoder) date(field, name string, t time.Time) {
	if t.IsZero() {
		return
	}
	x.has[field] = true
	d := dayOf(t).Format(time.DateOnly)
	for _, n := range []int{len("2006"), len("2006-01"), len(d)} {
		x.term(name, d[:n])
	}
}

// named indexes values of a property in lower case and notes that the document has it.
func (x *encoder) named(field, name string, values ...string) {
	for _, v := range values {
		if v != "" {
			x.has[field] = true
			x.term(name, strings.ToLower(v))
		}
	}
}

func (x *encoder) term(name, value string) {
	x.doc.AddField(document.NewTextFieldCustom(name, nil, []byte(value), bare, nil))
}

func (x *encoder) words(name string, position int, text string, options index.FieldIndexingOptions, a analysis.Analyzer) {
	if text != "" {
		x.doc.AddField(document.NewTextFieldCustom(name, []uint64{uint64(position)}, []byte(text), options, a))
	}
}

func (x *encoder) store(name string, position int, text string) {
	x.doc.AddField(document.NewTextFieldCustom(name, []uint64{uint64(position)}, []byte(text), index.StoreField, nil))
}

package search

import (
	"slices"
	"strings"

	"docket/taxonomy"
)

// A kind says how the values of a field of the query language are written and compared.
type kind int

const (
	wordsKind  kind = iota // words in it, in any order: title:
	exactKind              // one of a set of names: class:
	numberKind             // an identifier, compared without its separators: iban:
	dateKind               // days and periods: date:
	amountKind             // decimal numbers: amount:
	likeKind               // the ID of a document: like:
)

// A field is something a query can ask for by name.
type field struct {
	name    string
	kind    kind
	indexed []string          // names in the index; a value found in any of them counts
	known   map[string]string // for exactKind: the values there are, by what they may be called; nil when any may occur
}

// A Schema says which fields a query may name. It is safe for concurrent use once made.
type Schema struct {
	fields  map[string]field
	aliases map[string]string
}

// NewSchema makes the schema of an organisation: the fields every document has, and its own metadata fields, each under its ID.
// The values of class: and of fields with a vocabulary are the catalogue's, by ID or by title in any language; those of state:
// are states. Where a list is empty any value is taken.
func NewSchema(c *taxonomy.Catalogue, states []string) *Schema {
	s := &Schema{fields: map[string]field{}, aliases: map[string]string{}}
	for _, f := range fixedFields() {
		s.fields[f.name] = f
	}
	for _, f := range c.Fields {
		s.add(f)
	}
	for alias, name := range fieldAliases {
		if _, taken := s.fields[alias]; !taken && s.fields[name].name != "" {
			s.aliases[alias] = name
		}
	}
	for _, class := range c.Classes {
		s.know("class", string(class.ID), class.Titles)
	}
	for id, terms := range c.Vocabularies {
		for _, t := range terms {
			s.know(string(id), t.ID, t.Titles)
		}
	}
	for _, state := range states {
		s.know("state", state, nil)
	}
	for _, name := range append(s.names(exactKind, numberKind, dateKind, amountKind, wordsKind), "party") {
		s.know("has", name, nil)
	}
	return s
}

func fixedFields() []field {
	return []field{
		{name: "title", kind: wordsKind, indexed: []string{inTitle}},
		{name: "text", kind: wordsKind, indexed: []string{inText}},
		{name: "note", kind: wordsKind, indexed: []string{inNote}},
		{name: "file", kind: wordsKind, indexed: []string{inFile}},
		{name: "party", kind: wordsKind, indexed: []string{inParty}},
		{name: "from", kind: wordsKind, indexed: []string{inParty, metadata(taxonomy.SenderName), metadata(taxonomy.SenderEmail), inFrom}},
		{name: "to", kind: wordsKind, indexed: []string{inTo}},
		{name: "cc", kind: wordsKind, indexed: []string{inCc}},
		{name: "subject", kind: wordsKind, indexed: []string{metadata("subject"), inSubject}}, // the letter's, and the message's
		{name: "class", kind: exactKind, indexed: []string{inClass}},
		{name: "state", kind: exactKind, indexed: []string{inState}},
		{name: "source", kind: exactKind, indexed: []string{inSource}},
		{name: "label", kind: exactKind, indexed: []string{inLabel}},
		{name: "lang", kind: exactKind, indexed: []string{inLanguage}},
		{name: "folder", kind: exactKind, indexed: []string{inFolder}},
		{name: "document", kind: exactKind, indexed: []string{inDocument}},
		{name: "has", kind: exactKind, indexed: []string{inHas}},
		{name: "like", kind: likeKind},
		{name: "ticket", kind: numberKind, indexed: []string{inTicket}},
		{name: "desk", kind: exactKind, indexed: []string{inDesk}},
		{name: "date", kind: dateKind, indexed: []string{inDate}},
		{name: "received", kind: dateKind, indexed: []string{inReceived}},
	}
}

// fieldAliases are shorter or other names for fields, where the field exists.
var fieldAliases = map[string]string{
	"language": "lang", "type": "class", "status": "state", "channel": "source", "tag": "label", "sender": "from", "in": "folder",
	"customer": "customer_number", "contract": "contract_number", "policy": "policy_number", "invoice": "invoice_number",
	"email": "sender_email", "phone": "sender_phone", "address": "sender_address", "id": "document", "name": "title", "notes": "note",
}

func (s *Schema) add(f taxonomy.Field) {
	kinds := map[taxonomy.FieldType]kind{
		taxonomy.DateField: dateKind, taxonomy.AmountField: amountKind, taxonomy.NumberField: numberKind, taxonomy.IBANField: numberKind,
		taxonomy.EmailField: numberKind, taxonomy.PhoneField: numberKind, taxonomy.TermField: exactKind,
	}
	name := string(f.ID)
	if _, taken := s.fields[name]; taken {
		return
	}
	s.fields[name] = field{name: name, kind: kinds[f.Type], indexed: []string{metadata(f.ID)}}
}

func (s *Schema) names(kinds ...kind) []string {
	var names []string
	for name, f := range s.fields {
		if slices.Contains(kinds, f.kind) {
			names = append(names, name)
		}
	}
	return names
}

// know adds a value that an exact field may have, with the titles by which people may call it.
func (s *Schema) know(name, value string, titles taxonomy.Titles) {
	f, ok := s.fields[name]
	if !ok || f.kind != exactKind {
		return
	}
	if f.known == nil {
		f.known = map[string]string{}
	}
	value = strings.ToLower(value)
	for _, title := range titles {
		if t := knownAs(title); f.known[t] == "" {
			f.known[t] = value
		}
	}
	f.known[knownAs(value)] = value
	s.fields[name] = f
}

// knownAs is how values are compared: without capitals and accents.
func knownAs(value string) string { return fold(lower(strings.TrimSpace(value))) }

func (s *Schema) lookup(name string) (field, bool) {
	name = strings.ToLower(name)
	if to, ok := s.aliases[name]; ok {
		name = to
	}
	f, ok := s.fields[name]
	return f, ok
}

// nearest is the field name most like a mistyped one, empty when none is like it.
func (s *Schema) nearest(name string) string {
	var all []string
	for n := range s.fields {
		all = append(all, n)
	}
	for n := range s.aliases {
		all = append(all, n)
	}
	return nearest(strings.ToLower(name), all)
}

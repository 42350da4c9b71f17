package search

import (
	"cmp"
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
)

// A field is something a query can ask for by name.
type field struct {
	name    string
	kind    kind
	indexed []string        // names in the index; a value found in any of them counts
	known   map[string]bool // for exactKind: the values there are; nil when any may occur
}

// A Schema says which fields a query may name. It is safe for concurrent use once made.
type Schema struct {
	fields  map[string]field
	aliases map[string]string
}

// NewSchema makes the schema of an organisation: the fields every document has, and its own metadata fields, each under its ID.
// classes and states are the values class: and state: may have; without any, all values are taken.
func NewSchema(fields []taxonomy.Field, classes []taxonomy.ClassID, states []string) *Schema {
	s := &Schema{fields: map[string]field{}, aliases: map[string]string{}}
	for _, f := range fixedFields() {
		s.fields[f.name] = f
	}
	for _, f := range fields {
		s.add(f)
	}
	for alias, name := range fieldAliases {
		if _, taken := s.fields[alias]; !taken && s.fields[name].name != "" {
			s.aliases[alias] = name
		}
	}
	s.know("class", classes)
	s.know("state", states)
	s.know("has", append(s.names(exactKind, numberKind, dateKind, amountKind), "party"))
	return s
}

// StarterFields are the metadata fields that the program itself extracts, with their types.
func StarterFields() []taxonomy.Field {
	types := map[taxonomy.FieldType][]taxonomy.FieldID{
		taxonomy.TextField:    {taxonomy.SenderName},
		taxonomy.DateField:    {taxonomy.LetterDate, taxonomy.IncidentDate, taxonomy.Deadline},
		taxonomy.AmountField:  {taxonomy.Amount},
		taxonomy.NumberField:  {taxonomy.CustomerNumber, taxonomy.ContractNumber, taxonomy.PolicyNumber, taxonomy.InvoiceNumber, taxonomy.TicketNumber},
		taxonomy.IBANField:    {taxonomy.IBAN},
		taxonomy.EmailField:   {taxonomy.SenderEmail},
		taxonomy.PhoneField:   {taxonomy.SenderPhone},
		taxonomy.AddressField: {taxonomy.SenderAddress},
		taxonomy.TermField:    {taxonomy.Subject, taxonomy.Product, taxonomy.Remedy},
	}
	var all []taxonomy.Field
	for t, ids := range types {
		for _, id := range ids {
			all = append(all, taxonomy.Field{ID: id, Type: t})
		}
	}
	slices.SortFunc(all, func(a, b taxonomy.Field) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

func fixedFields() []field {
	return []field{
		{name: "title", kind: wordsKind, indexed: []string{inTitle}},
		{name: "text", kind: wordsKind, indexed: []string{inText}},
		{name: "file", kind: wordsKind, indexed: []string{inFile}},
		{name: "party", kind: wordsKind, indexed: []string{inParty}},
		{name: "from", kind: wordsKind, indexed: []string{inParty, metadata(taxonomy.SenderName), metadata(taxonomy.SenderEmail)}},
		{name: "class", kind: exactKind, indexed: []string{inClass}},
		{name: "state", kind: exactKind, indexed: []string{inState}},
		{name: "source", kind: exactKind, indexed: []string{inSource}},
		{name: "label", kind: exactKind, indexed: []string{inLabel}},
		{name: "lang", kind: exactKind, indexed: []string{inLanguage}},
		{name: "folder", kind: exactKind, indexed: []string{inFolder}},
		{name: "document", kind: exactKind, indexed: []string{inDocument}},
		{name: "has", kind: exactKind, indexed: []string{inHas}},
		{name: "ticket", kind: numberKind, indexed: []string{inTicket}},
		{name: "date", kind: dateKind, indexed: []string{inDate}},
		{name: "received", kind: dateKind, indexed: []string{inReceived}},
	}
}

// fieldAliases are shorter or other names for fields, where the field exists.
var fieldAliases = map[string]string{
	"language": "lang", "type": "class", "status": "state", "channel": "source", "tag": "label", "sender": "from", "in": "folder",
	"customer": "customer_number", "contract": "contract_number", "policy": "policy_number", "invoice": "invoice_number",
	"email": "sender_email", "phone": "sender_phone", "address": "sender_address", "id": "document", "name": "title",
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

// know sets the values an exact field may have.
func (s *Schema) know(name string, values any) {
	f := s.fields[name]
	add := func(v string) {
		if f.known == nil {
			f.known = map[string]bool{}
		}
		f.known[strings.ToLower(v)] = true
	}
	switch values := values.(type) {
	case []taxonomy.ClassID:
		for _, v := range values {
			add(string(v))
		}
	case []string:
		for _, v := range values {
			add(v)
		}
	}
	s.fields[name] = f
}

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

// Fields are the names a query may use before a colon, sorted.
func (s *Schema) Fields() []string {
	var all []string
	for n := range s.fields {
		all = append(all, n)
	}
	slices.Sort(all)
	return all
}

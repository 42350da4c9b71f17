package search

import (
	"cmp"
	"errors"
	"slices"
	"testing"

	"docket/taxonomy"

	"github.com/google/uuid"
)

// testSchema has the fields the program itself extracts, four classes, a vocabulary and two states.
func testSchema() *Schema {
	c := &taxonomy.Catalogue{Fields: starterFields(), Vocabularies: map[taxonomy.FieldID][]taxonomy.Term{
		taxonomy.Remedy: {{ID: "refund", Titles: taxonomy.Titles{"en": "refund", "de": "Rückerstattung"}}, {ID: "repair"}},
	}}
	for _, id := range []taxonomy.ClassID{taxonomy.Complaint, taxonomy.Claim, taxonomy.Invoice, taxonomy.Question} {
		c.Classes = append(c.Classes, taxonomy.Class{ID: id})
	}
	c.Classes[0].Titles = taxonomy.Titles{"de": "Beschwerde", "pl": "reklamacja"}
	return NewSchema(c, []string{"filed", "validate"})
}

// starterFields are the metadata fields that the program itself extracts, with their types.
func starterFields() []taxonomy.Field {
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

// openMemory opens an empty index in memory.
func openMemory(t testing.TB) *Index {
	t.Helper()
	x, err := Open("", testSchema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// testID is the n-th document ID.
func testID(n int) uuid.UUID {
	id := uuid.MustParse("01950000-0000-7000-8000-000000000000")
	id[13], id[14], id[15] = byte(n>>16), byte(n>>8), byte(n)
	return id
}

func asProblem(err error) (*Problem, bool) {
	var p *Problem
	return p, errors.As(err, &p)
}

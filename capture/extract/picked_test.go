package extract

import (
	"testing"
	"time"

	"docket/taxonomy"
)

func TestPicked(t *testing.T) {
	t.Parallel()
	pack, err := taxonomy.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	e := New(pack.Vocabularies, House{})
	received := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		field taxonomy.FieldID
		of    taxonomy.FieldType
		text  string
		lang  string
		want  string
	}{
		{taxonomy.LetterDate, taxonomy.DateField, "14. März 2026", "de", "2026-03-14"},
		{taxonomy.LetterDate, taxonomy.DateField, "Budapest, 2026. június 30.", "hu", "2026-06-30"},
		{taxonomy.LetterDate, taxonomy.DateField, "3 marca 2026 r.", "pl", "2026-03-03"},
		{taxonomy.LetterDate, taxonomy.DateField, "yesterday", "en", ""},
		{taxonomy.Amount, taxonomy.AmountField, "1.234,50 €", "de", "1234.50 EUR"},
		{taxonomy.CustomerNumber, taxonomy.NumberField, "Kundennummer: K-310772.", "de", "K-310772"},
		{taxonomy.CustomerNumber, taxonomy.NumberField, "Kundennummer", "de", ""},
		{taxonomy.PolicyNumber, taxonomy.NumberField, "FV/123/2026,", "pl", "FV/123/2026"},
		{taxonomy.SenderPhone, taxonomy.PhoneField, "Tel.: 030 901820", "de", "+4930901820"},
		{taxonomy.SenderEmail, taxonomy.EmailField, "E-Mail: Anna@Example.org", "de", "anna@example.org"},
		{taxonomy.IBAN, taxonomy.IBANField, "IBAN DE89 3704 0044 0532 0130 00", "de", "DE89370400440532013000"},
		{taxonomy.SenderAddress, taxonomy.AddressField, "14 Harbour Lane,\nBristol BS1 4QA", "en", "14 Harbour Lane, Bristol BS1 4QA"},
		{taxonomy.SenderName, taxonomy.TextField, " Margaret\n Whitcombe, ", "en", "Margaret Whitcombe"},
		{taxonomy.Subject, taxonomy.TermField, "Complaint about a late delivery", "en", "late-delivery"},
		{taxonomy.Subject, taxonomy.TermField, "", "en", ""},
	} {
		got, ok := e.Picked(c.field, c.of, c.text, c.lang, received)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s from %q: %q, %v; want %q", c.field, c.text, got, ok, c.want)
		}
	}
}

package taxonomy

import (
	"testing"

	"docket/repository/fault"
)

func TestTyped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind     FieldType
		in, want string
		wrong    bool
	}{
		{kind: TextField, in: "  late \n delivery ", want: "late delivery"},
		{kind: DateField, in: "", want: ""},
		{kind: DateField, in: "14.3.2026", want: "2026-03-14"},
		{kind: DateField, in: "14. 03. 2026", want: "2026-03-14"},
		{kind: DateField, in: "2026. 3. 14.", want: "2026-03-14"},
		{kind: DateField, in: "14 Mar 2026", want: "2026-03-14"},
		{kind: DateField, in: "14 march 2026", want: "2026-03-14"},
		{kind: DateField, in: "2026-02-30", wrong: true},
		{kind: DateField, in: "30 Feb 2026", wrong: true},
		{kind: AmountField, in: "1.234,5 €", want: "1234.50 EUR"},
		{kind: AmountField, in: "EUR 1,234.50", want: "1234.50 EUR"},
		{kind: AmountField, in: "12 000 HUF", want: "12000.00 HUF"},
		{kind: AmountField, in: "1.234 pln", want: "1234.00 PLN"},
		{kind: AmountField, in: "99", wrong: true},
		{kind: AmountField, in: "EUR 9 EUR", wrong: true},
		{kind: NumberField, in: "k - 123 456", want: "K-123456"},
		{kind: IBANField, in: "de89 3704 0044 0532 0130 00", want: "DE89370400440532013000"},
		{kind: IBANField, in: "DE89 3704 0044 0532 0130 01", wrong: true},
		{kind: EmailField, in: "Anna@Example.ORG", want: "anna@example.org"},
		{kind: EmailField, in: "anna at example", wrong: true},
		{kind: PhoneField, in: "0043 (316) 12-34-56", want: "+43316123456"},
		{kind: PhoneField, in: "12", wrong: true},
	} {
		got, err := c.kind.Typed(c.in)
		if got != c.want || fault.Is(err, fault.Invalid) != c.wrong {
			t.Errorf("%s %q: %q, %v, want %q", c.kind, c.in, got, err, c.want)
		}
	}
}

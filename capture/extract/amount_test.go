package extract

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestAmountForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, language, want string }{
		{"1.234,50 €", "de", "1234.50 EUR"},
		{"€ 1.234,50", "de", "1234.50 EUR"},
		{"EUR 1.234,-", "de", "1234.00 EUR"},
		{"1.234,-- EUR", "de", "1234.00 EUR"},
		{"CHF 1'234.50", "de", "1234.50 CHF"},
		{"1 234,50 zł", "pl", "1234.50 PLN"},
		{"1234,50zł", "pl", "1234.50 PLN"},
		{"1,234.50 GBP", "en", "1234.50 GBP"},
		{"£1,234.50", "en", "1234.50 GBP"},
		{"$99", "en", "99.00 USD"},
		{"1 234 Ft", "hu", "1234.00 HUF"},
		{"48 900 Ft-ot", "hu", "48900.00 HUF"},
		{"12 500 руб. 50 коп.", "ru", "12500.50 RUB"},
		{"12 500,00 рублей", "ru", "12500.00 RUB"},
		{"89,90 evrov", "sl", "89.90 EUR"},
		{"1.2O4,50 €", "de", "1204.50 EUR"},
		{"room 12 at 5", "en", ""},
	} {
		var got string
		if all := sheetOf("x "+c.text+" x", c.language).sums(); len(all) > 0 {
			got = all[0].value()
		}
		if got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.language, c.text, got, c.want)
		}
	}
}

// TestEverySumIsReadBack writes random sums with the groups and marks of the languages and reads them again.
func TestEverySumIsReadBack(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	marks := []struct{ group, point, before, after, code string }{
		{".", ",", "", " €", "EUR"}, {".", ",", "EUR ", "", "EUR"}, {" ", ",", "", " zł", "PLN"}, {",", ".", "£", "", "GBP"},
		{",", ".", "", " USD", "USD"}, {" ", ",", "", " руб.", "RUB"}, {"'", ".", "CHF ", "", "CHF"}, {"", ",", "", " EUR", "EUR"},
		{"\u00a0", ",", "", "\u00a0Ft", "HUF"},
	}
	for range 2000 {
		m := marks[random.IntN(len(marks))]
		units := int64(random.IntN(1 << random.IntN(31)))
		text := m.before + grouped(units/100, m.group) + m.point + fmt.Sprintf("%02d", units%100) + m.after
		want := fmt.Sprintf("%d.%02d %s", units/100, units%100, m.code)
		all := sheetOf("x "+text+" x", "en").sums()
		if len(all) != 1 || all[0].value() != want {
			t.Fatalf("%q: got %v, want %s", text, all, want)
		}
	}
}

func grouped(n int64, mark string) string {
	s := fmt.Sprint(n)
	var parts []string
	for len(s) > 3 {
		parts = append([]string{s[len(s)-3:]}, parts...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, parts...), mark)
}

// TestTheAmountIsTheOneAskedFor: other prices stand beside it.
func TestTheAmountIsTheOneAskedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ language, text, want string }{
		{"en", "I pay £35.00 per month. I ask for a refund of £12.40, although the phone cost £199.", "12.40 GBP"},
		{"de", "Statt 15,00 € haben Sie 51,00 € berechnet. Ich fordere die Erstattung von 36,00 €.", "36.00 EUR"},
		{"de", "Zwischensumme 100,00 €\nMwSt. 19,00 €\nGesamtbetrag 119,00 €", "119.00 EUR"},
		{"pl", "Składka miesięczna wynosi 80,00 zł. Żądam zwrotu kwoty 240,00 zł.", "240.00 PLN"},
		{"ru", "Абонентская плата 500 руб. в месяц. Прошу вернуть 1 500 руб.", "1500.00 RUB"},
	} {
		if got := New(nil, House{}).Extract(typed(c.text), c.language, received).Get("amount"); got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.language, c.text, got, c.want)
		}
	}
}

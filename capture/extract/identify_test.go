package extract

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"docket/repository"
	"docket/taxonomy"
)

func TestLabelsOfNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ language, text, field, want string }{
		{"en", "Customer no.: K-1234567", "customer_number", "K-1234567"},
		{"en", "my customer number is C-12345678, thank you", "customer_number", "C-12345678"},
		{"en", "Policy POL-2024-1234567", "policy_number", "POL-2024-1234567"},
		{"en", "Custorner number: 1234567", "customer_number", ""}, // two characters off
		{"en", "Custemer number: 1234567", "customer_number", "1234567"},
		{"de", "Kd.-Nr.: 1234 5678", "customer_number", "12345678"},
		{"de", "Vertrags-Nr. CT-2023-004512", "contract_number", "CT-2023-004512"},
		{"de", "Versicherungsschein-Nr.: VS/88-1234", "policy_number", "VS/88-1234"},
		{"de", "Rechnung Nr. RE-2026-1234 vom 3.2.2026", "invoice_number", "RE-2026-1234"},
		{"de", "Kundennummer: K-12O4567", "customer_number", "K-1204567"},
		{"hu", "Ügyfélszám: 12345678", "customer_number", "12345678"},
		{"hu", "Számlaszám: SZ-2026/00123", "invoice_number", "SZ-2026/00123"},
		{"pl", "Nr klienta: 1234567", "customer_number", "1234567"},
		{"pl", "faktura nr FV/123/2026", "invoice_number", "FV/123/2026"},
		{"ru", "Номер клиента: К-1234567", "customer_number", "K-1234567"}, // the letter is Cyrillic on the page
		{"ru", "полис № 784/639711", "policy_number", "784/639711"},
		{"sl", "Št. stranke: 30221145", "customer_number", "30221145"},
		{"sl", "pogodba št. V-1234567", "contract_number", "V-1234567"},
		{"en", "Order no. 1234567", "customer_number", ""},
		{"en", "Customer number       K - 1 2 3 4 5 6 7", "customer_number", "K-1234567"}, // a comb
	} {
		got := New(nil, House{}).Extract(typed(c.text), c.language, received)
		if v := got.Get(taxonomy.FieldID(c.field)); v != c.want {
			t.Errorf("%s %q: got %q, want %q", c.language, c.text, v, c.want)
		}
	}
}

// TestLabelsByPlace puts the value to the right in another column and below the label.
func TestLabelsByPlace(t *testing.T) {
	t.Parallel()
	for how, text := range map[string]string{
		"to the left": "Kundennummer                 12345678\nDatum                        14.03.2026\n",
		"above":       "Kundennummer        Datum\n12345678            14.03.2026\n",
	} {
		got := New(nil, House{}).Extract(typed(text), "de", received)
		v := got[taxonomy.CustomerNumber]
		if v.Value != "12345678" || got.Get(taxonomy.LetterDate) != "2026-03-14" || !strings.Contains(v.How, how) {
			t.Errorf("%s: got %+v", how, got)
		}
		if want := (repository.Box{X: v.Box.X, Y: v.Box.Y, W: 80, H: 16}); v.Box != want {
			t.Errorf("%s: box %v", how, v.Box)
		}
	}
}

// naiveIBAN checks an account number as the standard words it, with a big number.
func naiveIBAN(s string) bool {
	var digits strings.Builder
	for _, c := range s[4:] + s[:4] {
		if c >= 'A' {
			digits.WriteString(big.NewInt(int64(c - 'A' + 10)).String())
			continue
		}
		digits.WriteRune(c)
	}
	n, ok := new(big.Int).SetString(digits.String(), 10)
	return ok && new(big.Int).Mod(n, big.NewInt(97)).Int64() == 1
}

// TestAccounts makes valid accounts, writes them in groups, damages them as recognition does, and reads them again: what
// is found is the account, or nothing.
func TestAccounts(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	found := 0
	for range 1000 {
		country := []string{"DE", "AT", "PL", "HU", "SI", "CH"}[random.IntN(6)]
		body := make([]byte, ibanShapes[country].length-4)
		for i := range body {
			body[i] = byte('0' + random.IntN(10))
		}
		iban := ""
		for check := 2; check < 99; check++ {
			if s := country + string([]byte{byte('0' + check/10), byte('0' + check%10)}) + string(body); naiveIBAN(s) {
				iban = s
			}
		}
		damaged := []byte(iban)
		if random.IntN(2) == 0 {
			i := 4 + random.IntN(len(body))
			if swap, ok := map[byte]byte{'0': 'O', '1': 'l', '5': 'S', '8': 'B'}[damaged[i]]; ok {
				damaged[i] = swap
			}
		}
		text := "Konto: "
		for i, c := range damaged {
			if i > 0 && i%4 == 0 {
				text += " "
			}
			text += string(c)
		}
		all := sheetOf(text+" bei der Bank", "de").ibans()
		if len(all) != 1 || all[0].value != iban {
			t.Fatalf("%q: got %v, want %s", text, all, iban)
		}
		found++
	}
	if found == 0 {
		t.Error("no account was tried")
	}
}

func TestAWrongAccountIsNone(t *testing.T) {
	t.Parallel()
	if all := sheetOf("IBAN DE89 3704 0044 0532 0133 99", "de").ibans(); len(all) != 0 {
		t.Errorf("got %v", all)
	}
}

func TestTicketNumbers(t *testing.T) {
	t.Parallel()
	good := "CLM-2026-000123-" + check("2026000123")
	for text, want := range map[string]string{
		"re " + good + ",":                           good,
		strings.Replace(good, "000123", "OOO123", 1): good,
		strings.Replace(good, "-", " - ", -1):        good,
		strings.Replace(good, "123-", "124-", 1):     "",
	} {
		if got := New(nil, House{}).Extract(typed(text), "en", received).Get(taxonomy.TicketNumber); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

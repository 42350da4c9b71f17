package taxonomy

import (
	"math/big"
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"

	"docket/repository/fault"
)

// Typed brings what a person typed into a field into the normalised form of the field's type, or says in a fault of kind
// Invalid what is wrong with it. An empty text is fine: it means that the field has no value.
func (t FieldType) Typed(text string) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return "", nil
	}
	switch t {
	case DateField:
		return typedDate(text)
	case AmountField:
		return typedAmount(text)
	case NumberField:
		return strings.ToUpper(strings.ReplaceAll(text, " ", "")), nil
	case IBANField:
		return typedIBAN(text)
	case EmailField:
		return typedEmail(text)
	case PhoneField:
		return typedPhone(text)
	}
	return text, nil
}

// dateForms are the ways in which a day is typed in our languages.
var dateForms = []string{time.DateOnly, "2.1.2006", "2. 1. 2006", "2/1/2006", "2006. 1. 2.", "2006.1.2.", "2 Jan 2006", "2 January 2006"}

func typedDate(text string) (string, error) {
	for _, form := range dateForms {
		if d, err := time.Parse(form, text); err == nil {
			return d.Format(time.DateOnly), nil
		}
	}
	return "", fault.New(fault.Invalid, "%q is not a date. Write it as 2026-03-14 or 14.3.2026.", text)
}

// amountForm is a number and a currency code on either side of it.
var amountForm = regexp.MustCompile(`^(?:([A-Za-z]{3}|€|£|\$) ?)?(-?[0-9][0-9 .,'’]*?)(?: ?([A-Za-z]{3}|€|£|\$))?$`)

var currencySigns = map[string]string{"€": "EUR", "£": "GBP", "$": "USD"}

func typedAmount(text string) (string, error) {
	wrong := fault.New(fault.Invalid, "%q is not an amount. Write it as 1234.50 EUR.", text)
	m := amountForm.FindStringSubmatch(text)
	if m == nil || (m[1] == "") == (m[3] == "") {
		return "", wrong
	}
	currency := strings.ToUpper(m[1] + m[3])
	if code, ok := currencySigns[currency]; ok {
		currency = code
	}
	number := decimal(m[2])
	r, ok := new(big.Rat).SetString(number)
	if !ok {
		return "", wrong
	}
	return r.FloatString(2) + " " + currency, nil
}

// decimal reads the separators of a typed number: the last one with one or two digits after it is the decimal sign, all
// others part groups.
func decimal(s string) string {
	whole, fraction := s, ""
	if i := strings.LastIndexAny(s, ".,"); i >= 0 && len(s)-i-1 <= 2 {
		whole, fraction = s[:i], s[i+1:]
	}
	whole = strings.NewReplacer(" ", "", ".", "", ",", "", "'", "", "’", "").Replace(whole)
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// typedIBAN checks the length and the check digits (ISO 13616, ISO 7064 MOD 97-10).
func typedIBAN(text string) (string, error) {
	iban := strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	wrong := fault.New(fault.Invalid, "%q is not a valid IBAN: its check digits do not fit. Compare it with the letter.", text)
	if len(iban) < 15 || len(iban) > 34 {
		return "", wrong
	}
	rest := 0
	for _, r := range iban[4:] + iban[:4] {
		switch {
		case r >= '0' && r <= '9':
			rest = (rest*10 + int(r-'0')) % 97
		case r >= 'A' && r <= 'Z':
			rest = (rest*100 + int(r-'A') + 10) % 97
		default:
			return "", wrong
		}
	}
	if rest != 1 {
		return "", wrong
	}
	return iban, nil
}

func typedEmail(text string) (string, error) {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Name != "" {
		return "", fault.New(fault.Invalid, "%q is not an e-mail address.", text)
	}
	return strings.ToLower(a.Address), nil
}

// typedPhone keeps the digits and the plus of the country code; two leading zeros stand for it.
func typedPhone(text string) (string, error) {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || r == '+' {
			return r
		}
		return -1
	}, text)
	if rest, ok := strings.CutPrefix(digits, "00"); ok {
		digits = "+" + rest
	}
	if len(digits) < 5 || len(digits) > 17 || strings.LastIndexByte(digits, '+') > 0 {
		return "", fault.New(fault.Invalid, "%q is not a phone number.", text)
	}
	return digits, nil
}

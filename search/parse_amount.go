package search

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// amount reads the value of an amount field: a number, a range with two dots, or a comparison, with or without a currency.
func (p *parser) amount(f field, l lexeme) (node, *Problem) {
	text, currency := cutCurrency(strings.TrimSpace(l.text))
	n := amountRange{field: f, currency: currency}
	read := func(s string) (*float64, *Problem) {
		if s == "" {
			return nil, nil
		}
		v, ok := parseAmount(s)
		if !ok {
			return nil, p.problem(l, "“%s” is not an amount. Write 1000, 12.50, a range as 100..200, or >1000, with a currency if you like: \">1000 EUR\".", s)
		}
		return &v, nil
	}
	var problem *Problem
	if from, to, isRange := strings.Cut(text, ".."); isRange {
		if n.min, problem = read(from); problem == nil {
			n.max, problem = read(to)
		}
		if problem == nil && n.min != nil && n.max != nil && *n.max < *n.min {
			problem = p.problem(l, "This range ends before it begins.")
		}
	} else {
		sign, rest := cutSign(text)
		var v *float64
		v, problem = read(rest)
		if !strings.HasPrefix(sign, "<") {
			n.min, n.notMin = v, sign == ">"
		}
		if !strings.HasPrefix(sign, ">") {
			n.max, n.below = v, sign == "<"
		}
	}
	if problem == nil && n.min == nil && n.max == nil {
		problem = p.problem(l, "An amount must follow %s:.", f.name)
	}
	if problem != nil {
		return nil, problem
	}
	return n, nil
}

var currencySigns = map[string]string{"€": "EUR", "$": "USD", "£": "GBP", "zł": "PLN", "ft": "HUF", "₽": "RUB"}

// cutCurrency takes a currency off the beginning or end of an amount.
func cutCurrency(text string) (rest, currency string) {
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Sc, r) }
	tail := text
	if i := strings.LastIndexFunc(text, notLetter); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[i:])
		tail = text[i+size:]
	}
	if c, ok := currencyCode(tail); ok {
		return strings.TrimSpace(strings.TrimSuffix(text, tail)), c
	}
	if i := strings.IndexFunc(text, notLetter); i > 0 {
		if c, ok := currencyCode(text[:i]); ok {
			return strings.TrimSpace(text[i:]), c
		}
	}
	return text, ""
}

func currencyCode(s string) (string, bool) {
	if c, ok := currencySigns[strings.ToLower(s)]; ok {
		return c, true
	}
	if len(s) != 3 {
		return "", false
	}
	return strings.ToUpper(s), strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) }) < 0
}

// parseAmount reads a number with either decimal sign. A single separator before exactly three digits parts thousands.
func parseAmount(s string) (float64, bool) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, " ", ""), "\u00a0", "")
	decimal := strings.LastIndexAny(s, ".,")
	if decimal >= 0 && strings.Count(s, s[decimal:decimal+1]) == 1 && (len(s)-decimal != 4 || strings.ContainsAny(s[:decimal], ".,")) {
		s = strings.NewReplacer(".", "", ",", "").Replace(s[:decimal]) + "." + s[decimal+1:]
	} else {
		s = strings.NewReplacer(".", "", ",", "").Replace(s)
	}
	if strings.ContainsAny(s, "eExXnNpP_") {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

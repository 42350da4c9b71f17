package extract

import (
	"fmt"
	"strconv"
	"strings"

	"docket/taxonomy"
)

// A sum is an amount of money found in a document.
type sum struct {
	first, last int
	units       int64 // hundredths
	currency    string
	decimals    bool
	repaired    int
}

// value is the normal form: "1234.50 EUR".
func (a sum) value() string {
	return fmt.Sprintf("%d.%02d %s", a.units/100, a.units%100, a.currency)
}

// currencies are the folded signs, codes and words of the currencies, as ISO 4217 codes.
var currencies = map[string]string{
	"€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "evrov": "EUR", "evra": "EUR", "evri": "EUR", "evro": "EUR", "евро": "EUR",
	"ft": "HUF", "huf": "HUF", "forint": "HUF", "forintot": "HUF", "forintos": "HUF", "forintert": "HUF", "forintnyi": "HUF", "forintra": "HUF", "forinttal": "HUF",
	"zl": "PLN", "pln": "PLN", "zlotych": "PLN", "zloty": "PLN", "zlote": "PLN",
	"руб": "RUB", "р": "RUB", "₽": "RUB", "rub": "RUB", "рублеи": "RUB", "рубля": "RUB", "рубль": "RUB",
	"£": "GBP", "gbp": "GBP", "pounds": "GBP", "quid": "GBP",
	"$": "USD", "usd": "USD", "dollars": "USD", "us$": "USD", "долларов": "USD", "dolarjev": "USD",
	"chf": "CHF", "fr": "CHF", "sfr": "CHF", "franken": "CHF",
}

// homeCurrency is the currency that a document of a language means when it names none.
var homeCurrency = map[string]string{"de": "EUR", "sl": "EUR", "hu": "HUF", "pl": "PLN", "ru": "RUB", "en": "GBP"}

// sums finds all the amounts with a currency, in order, none overlapping.
func (s *sheet) sums() (found []sum) {
	for i := 0; i < len(s.tokens); {
		a, ok := s.sumAt(i)
		if !ok {
			i++
			continue
		}
		found = append(found, a)
		i = a.last
	}
	return found
}

// sumAt reads an amount that begins with token i: a currency and a number, or a number and a currency.
func (s *sheet) sumAt(i int) (sum, bool) {
	code, j := s.currencyAt(i)
	if code != "" {
		if a, ok := s.figureAt(j); ok && (j == i+1 || s.tokens[j-1].text == ".") {
			a.first, a.currency = i, code
			if code != "CHF" || s.tokens[i].fold != "fr" || a.decimals {
				if after, k := s.currencyAt(a.last); after == code {
					a.last = k
				}
				return a, true
			}
		}
	}
	if i > 0 && s.tokens[i-1].alnum && !s.tokens[i].space && s.tokens[i-1].line == s.tokens[i].line {
		return sum{}, false
	}
	a, ok := s.figureAt(i)
	if !ok {
		return sum{}, false
	}
	if a.currency != "" {
		return a, true
	}
	if a.currency, j = s.currencyAt(a.last); a.currency == "" {
		k, mark := s.skip(a.last, ".") // a speck
		if a.currency, j = s.currencyAt(k); mark == "" || a.currency == "" || !a.decimals || s.tokens[k].line != s.tokens[i].line {
			return sum{}, false
		}
	}
	a.last = j
	if a.currency == "RUB" && !a.decimals {
		s.kopecks(&a)
	}
	return a, true
}

// currencyAt reads a sign, code or word at token i and gives the token after it.
func (s *sheet) currencyAt(i int) (code string, next int) {
	if i >= len(s.tokens) {
		return "", i
	}
	t := s.tokens[i]
	if t.alnum && t.text == t.fold && (t.fold == "fr" || t.fold == "р" && (i+1 >= len(s.tokens) || s.tokens[i+1].text != ".")) {
		return "", i
	}
	code = currencies[t.fold]
	next = i + 1
	if code == "RUB" || code == "CHF" {
		next, _ = s.skip(next, ".")
	}
	if code == "HUF" && next+1 < len(s.tokens) && s.tokens[next].text == "-" && !s.tokens[next].space && !s.tokens[next+1].digit && s.tokens[next+1].alnum {
		next += 2 // "12 000 Ft-ot"
	}
	return code, next
}

// kopecks adds the hundredths of "12 500 руб. 50 коп.".
func (s *sheet) kopecks(a *sum) {
	if a.last+1 < len(s.tokens) && s.tokens[a.last].digit && strings.HasPrefix(s.tokens[a.last+1].fold, "коп") {
		if n, err := strconv.Atoi(s.tokens[a.last].text); err == nil && n < 100 {
			a.units += int64(n)
			a.last += 2
			a.last, _ = s.skip(a.last, ".")
		}
	}
}

// figureAt reads a number with groups and hundredths: 1.234,50 1 234,50 1,234.50 1'234.50 1234 1.234,- 1 234. A currency
// written to the number without a space ("1234Ft") is its currency.
func (s *sheet) figureAt(i int) (sum, bool) {
	if i >= len(s.tokens) || !s.tokens[i].alnum {
		return sum{}, false
	}
	if i > 1 && !s.tokens[i].space && joins(s.tokens[i-1].text) && s.tokens[i-1].text != "-" && s.tokens[i-2].digit {
		return sum{}, false
	}
	a := sum{first: i, last: i + 1}
	whole, code, ok := s.figurePart(i, &a)
	for group := ""; ok && code == "" && len(whole) < 10; {
		j, mark := s.skip(a.last, ".,'’")
		if j >= len(s.tokens) || s.para(j) != s.para(i) || mark == "" && !s.tokens[j].space {
			break
		}
		if s.tokens[j].line != s.tokens[i].line && (mark != "" || len(s.tokens[j].text) != 3) {
			break
		}
		if mark != "" && dash(s.tokens[j]) {
			a.last, a.decimals = j+1, true // 1.234,-
			if j+1 < len(s.tokens) && !s.tokens[j+1].space && dash(s.tokens[j+1]) {
				a.last++
			}
			break
		}
		if mark == "" {
			mark = " "
		}
		part, c, isPart := s.figurePart(j, &a)
		if !isPart || mark != " " && s.tokens[j].space && len(part) != 2 {
			break
		}
		if len(part) == 2 && (mark == "." || mark == ",") && mark != group {
			n, _ := strconv.Atoi(part)
			a.units, a.decimals, a.last, code = int64(n), true, j+1, c
			break
		}
		if len(part) != 3 || group != "" && group != mark || group == "" && (len(whole) > 3 || whole == "0") {
			break
		}
		whole, group, a.last, code = whole+part, mark, j+1, c
	}
	if !ok || len(whole) > 1 && whole[0] == '0' {
		return sum{}, false
	}
	return a.finish(whole, code)
}

func dash(t token) bool { return t.text == "-" || t.text == "–" || t.text == "—" }

// figurePart reads token i as digits, perhaps with a currency written to them.
func (s *sheet) figurePart(i int, a *sum) (digits, code string, ok bool) {
	text := s.tokens[i].text
	if !s.tokens[i].digit {
		return "", "", false
	}
	if n := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' }); n > 0 {
		if code = currencies[taxonomy.Fold(text[n:])]; code != "" {
			return text[:n], code, true
		}
	}
	digits, r, ok := digitsOf(text)
	if r > 0 && len(digits) == 1 {
		return "", "", false
	}
	a.repaired += r
	return digits, "", ok
}

func (a sum) finish(whole, code string) (sum, bool) {
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > 1e12 {
		return sum{}, false
	}
	a.units += n * 100
	if code != "" {
		a.currency = code
	}
	return a, true
}

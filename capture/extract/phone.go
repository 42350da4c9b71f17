package extract

import (
	"strings"

	"docket/repository/say"
	"docket/taxonomy"

	"github.com/nyaruka/phonenumbers"
)

// regions are the countries whose way of writing telephone numbers is tried for a language, the likeliest first.
var regions = map[string][]string{
	"en": {"GB", "US", "IE"}, "de": {"DE", "AT", "CH"}, "hu": {"HU"}, "pl": {"PL"}, "ru": {"RU"}, "sl": {"SI"},
}

// phones finds telephone numbers: after a label, or with the international prefix.
func (s *sheet) phones(countries []string) (found []finding) {
	for i := 0; i < len(s.tokens); {
		f, ok := s.phoneAt(i, countries)
		if !ok {
			i++
			continue
		}
		if f.confidence > 0 {
			found = append(found, f)
		}
		i = f.last
	}
	return found
}

// phoneAt reads a number that begins with token i: "+", "(" or a digit. One after another label than that of a telephone
// is passed over with confidence 0.
func (s *sheet) phoneAt(i int, countries []string) (finding, bool) {
	t := s.tokens[i]
	if t.text != "+" && t.text != "(" && !(t.digit && t.alnum) || i > 0 && !t.space && s.tokens[i-1].alnum && s.tokens[i-1].line == t.line {
		return finding{}, false
	}
	raw, last, digits := s.phoneDigits(i)
	if digits < 7 || digits > 15 {
		return finding{}, false
	}
	r, labelled := s.labelBy(i)
	plus := strings.HasPrefix(raw, "+") || strings.HasPrefix(raw, "00")
	labelled = labelled && (r.far == 0 || r.far <= 2 && r.where != inSentence)
	if !labelled && !plus {
		return finding{}, false
	}
	if labelled && r.name != string(taxonomy.SenderPhone) && !(plus && r.name != labelFax && r.name != labelOther) {
		return finding{last: last}, r.name == labelFax
	}
	number, ok := parsePhone(raw, countries)
	if !ok {
		return finding{}, false
	}
	f := finding{value: number, first: i, last: last, confidence: 0.85, how: say.Text("form of an international telephone number")}
	if labelled && r.name == string(taxonomy.SenderPhone) {
		f.confidence, f.how = 0.95, r.how(s)
	}
	return f, true
}

// phoneDigits joins what may belong to a telephone number.
func (s *sheet) phoneDigits(i int) (raw string, last, digits int) {
	var b strings.Builder
	for j := i; j < len(s.tokens) && j < i+16 && s.tokens[j].line == s.tokens[i].line; j++ {
		t := s.tokens[j]
		if !t.alnum {
			if !strings.Contains("+()-/.–", t.text) || t.text == "+" && j > i {
				break
			}
			if t.text == "+" {
				b.WriteString("+")
			}
			continue
		}
		d, _, ok := digitsOf(t.text)
		if !ok || digits+len(d) > 15 {
			break
		}
		b.WriteString(d)
		digits += len(d)
		last = j + 1
	}
	return b.String(), last, digits
}

// parsePhone gives the number in the form of E.164 if it is a possible number of one of the countries.
func parsePhone(raw string, countries []string) (string, bool) {
	raw = strings.Replace(raw, "+490", "+49", 1)
	if strings.HasPrefix(raw, "00") {
		raw = "+" + raw[2:]
	}
	for _, c := range countries {
		n, err := phonenumbers.Parse(raw, c)
		if err == nil && phonenumbers.IsValidNumber(n) {
			return phonenumbers.Format(n, phonenumbers.E164), true
		}
	}
	for _, c := range countries {
		n, err := phonenumbers.Parse(raw, c)
		if err == nil && phonenumbers.IsPossibleNumber(n) {
			return phonenumbers.Format(n, phonenumbers.E164), true
		}
	}
	return "", false
}

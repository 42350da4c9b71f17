package extract

import (
	"slices"
	"strings"

	"docket/taxonomy"
)

// senderEmail is the sender's e-mail address: not the house's own, and not after "To:".
func (l *letter) senderEmail() (finding, bool) {
	var all []finding
	for _, f := range l.mails {
		if l.house.mail(f.value) {
			continue
		}
		if r, ok := l.labelBy(f.first); ok && r.far <= 4 {
			switch r.name {
			case labelAddressee, labelOther:
				continue
			case string(taxonomy.SenderEmail), string(taxonomy.SenderName):
				if f.how = r.how(l.sheet); r.far == 0 {
					f.confidence += 0.02
				} else if r.name == string(taxonomy.SenderEmail) && r.where == inSentence {
					f.confidence -= 0.5 // only the end of it was read
				}
			}
		}
		if f.first > l.body && f.first < l.closing && l.body > 0 {
			f.confidence -= 0.1
		}
		all = append(all, f)
	}
	f, ok := best(all)
	return f, ok && f.confidence >= 0.5
}

// senderPhone is the sender's telephone number; a fax number is none.
func (l *letter) senderPhone(countries []string) (finding, bool) {
	all := drop(l.phones(countries), func(f finding) bool { return l.house.phones[f.value] })
	if len(all) == 0 {
		return finding{}, false
	}
	return best(all)
}

// countries are those whose way of writing numbers is tried: first those that the sender's address and account speak for,
// then the others of the language, then, when that is unknown, all.
func (l *letter) countries(from finding) (all []string) {
	add := func(cs ...string) {
		for _, c := range cs {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	if len(from.parts) == 3 {
		add(l.country(l.text(from.parts[1].first, from.parts[1].last), l.plain(from.parts[0]))...)
	}
	if l.monthFirst() {
		add("US")
	}
	add(regions[l.language]...)
	for _, language := range taxonomy.Languages {
		if l.language == "" {
			add(regions[language]...)
		}
	}
	return all
}

// country guesses the country of an address from the form of its postcode, the spelling of its street and, where Austria
// and Switzerland could both be, the account and the money of the letter.
func (l *letter) country(code, street string) []string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, code)
	switch {
	case strings.HasPrefix(code, "LV"):
		return []string{"LV"}
	case l.language == "en" && len(code) >= 7 && len(digits) >= 2 && len(strings.Fields(code)) == 2 && len(strings.Fields(code)[1]) == 4:
		return []string{"IE"}
	case l.language != "de" || len(digits) != 4:
		return nil
	}
	swiss := strings.Contains(taxonomy.Fold(street), "strass") && !strings.Contains(street, "ß")
	for _, f := range l.accounts {
		swiss = swiss || strings.HasPrefix(f.value, "CH")
	}
	for _, a := range l.sums {
		swiss = swiss || a.currency == "CHF"
	}
	for _, f := range l.accounts {
		swiss = swiss && !strings.HasPrefix(f.value, "AT")
	}
	if swiss {
		return []string{"CH", "AT"}
	}
	return []string{"AT", "CH"}
}

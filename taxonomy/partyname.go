package taxonomy

import (
	"regexp"
	"slices"
	"strings"
)

// titles and legal forms are not part of a name when names are compared. Folded, one word each.
var titles = wordSet(`mr mrs ms miss mx dr prof sir madam herr herrn frau fraulein dipl ing mag mba phd bsc msc ddr
	ifj id ozv pan pani panstwo mgr inz hab gospod gospa ga gdc г н госпожа господин гн гжа univ med jur`)

var legalForms = wordSet(`gmbh ag kg ohg gesmbh ug se ltd limited plc llc inc corp co company kft zrt nyrt bt rt kkt
	spolka sp zoo sa spzoo ооо оао зао пао ип ао doo dd sp sro spol ev eu`)

// Legal forms written with dots come apart into single letters: "sp. z o.o.", "d.o.o.", "s.r.o.", "d.d.".
var dotted = regexp.MustCompile(`(?i)\b(?:sp\.?\s*z\s*o\.?\s*o\.?|d\.?\s?o\.?\s?o\.|s\.?\s?r\.?\s?o\.|d\.\s?d\.|s\.\s?p\.|e\.\s?u\.|e\.\s?v\.|s\.\s?a\.)`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// NameKey is a name made comparable: folded words in alphabetical order, each once, without titles and legal forms, so
// that "Dr. KOVAČ, Anna" and "Anna Kovac" are one.
func NameKey(name string) string {
	var words []string
	for _, t := range Tokens(dotted.ReplaceAllString(name, " ")) {
		if !titles[t.Folded] && !legalForms[t.Folded] {
			words = append(words, t.Folded)
		}
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}

// KindOfName guesses from its legal form or its words whether a name is an organisation's.
func KindOfName(name string) PartyKind {
	if dotted.MatchString(name) {
		return Organisation
	}
	for _, t := range Tokens(name) {
		if legalForms[t.Folded] || organisationWords[t.Folded] {
			return Organisation
		}
	}
	return Person
}

var organisationWords = wordSet(`bank versicherung insurance biztosito ubezpieczenia towarzystwo zavarovalnica банк страховая
	verein association fundacja stowarzyszenie drustvo egyesulet alapitvany rechtsanwalte kanzlei solicitors university universitat
	gemeinde magistrat urzad obcina hivatal onkormanyzat hospital krankenhaus szpital korhaz bolnisnica`)

// Postcodes as they are written: Poland 00-950, Great Britain SW1A 1AA, six digits in Russia, four or five elsewhere,
// perhaps with the country's letters before them (A-1010, SI-1000).
var postcodes = regexp.MustCompile(`(?i)\b(?:[a-z]{1,3}-)?(\d{2}-\d{3}|\d{4,6}|[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2})\b`)

// postcodeOf finds the postcode in an address written in one line, "" when there is none. House numbers are not
// mistaken for one as long as the town's part comes after a comma or the street.
func postcodeOf(address string) string {
	all := postcodes.FindAllStringSubmatch(address, -1)
	if len(all) == 0 {
		return ""
	}
	return strings.ToUpper(all[len(all)-1][1])
}

package sample

import (
	"math/big"
	"strconv"
	"strings"
)

// A party is somebody who writes: a person, a firm or a lawyer.
type party struct {
	name     string // as it stands under a letter: "Anna Keller", "Keller Haustechnik GmbH"
	signer   string // the person who signs; equal to name for persons
	last     string
	female   bool
	firm     bool
	lawyer   bool
	language string
	country  country
	street   string
	postcode string
	town     string
	email    string
	phone    string // as written
	iban     string // without spaces; "" where there are none
}

// address is the normal form of a postal address.
func (p party) address() string { return p.street + ", " + p.postcode + " " + p.town }

// A country is what differs between the countries of one language.
type country struct {
	code, language, currency string
	dial, trunk              string // +44 and the 0 that is left out after it
	iban                     string // shape of the account part: # is a digit; "" for none
	weight                   int
}

var countries = []country{
	{"GB", "en", "GBP", "44", "0", "NWBK##############|BARC##############|LOYD##############", 8},
	{"IE", "en", "EUR", "353", "0", "AIBK##############|BOFI##############", 2},
	{"DE", "de", "EUR", "49", "0", "##################", 7},
	{"AT", "de", "EUR", "43", "0", "################", 2},
	{"CH", "de", "CHF", "41", "0", "#################", 1},
	{"HU", "hu", "HUF", "36", "06", "########################", 1},
	{"PL", "pl", "PLN", "48", "", "########################", 1},
	{"RU", "ru", "RUB", "7", "8", "", 3},
	{"LV", "ru", "EUR", "371", "", "HABA#############|UNLA#############", 2},
	{"SI", "sl", "EUR", "386", "0", "#############", 1},
}

// newParty invents a person, a firm or a lawyer of the speaker's language.
func newParty(g *grammar, d *dice, language string, kind string) party {
	var here []share[country]
	for _, c := range countries {
		if c.language == language {
			here = append(here, share[country]{c, c.weight})
		}
	}
	s := newSpeaker(g, d)
	s.female = d.chance(0.5)
	p := party{female: s.female, language: language, country: pick(d, here), firm: kind == "firm", lawyer: kind == "lawyer"}
	first := s.plain("first.m")
	if p.female {
		first = s.plain("first.f")
	}
	p.last = s.plain("last")
	p.signer = first + " " + p.last
	if language == "hu" {
		p.signer = p.last + " " + first
	}
	p.settle(s)
	s.slots["name"] = slot{text: p.signer}
	s.slots["last"] = slot{text: p.last}
	s.slots["town"] = slot{text: p.town}
	p.name = p.signer
	host := s.plain("mail.host")
	local := mailName(first) + one(d, []string{".", "", "_", "-"}) + mailName(p.last) + one(d, []string{"", "", strconv.Itoa(d.between(2, 98))})
	if kind != "person" {
		p.name = s.plain(kind)
		local = one(d, []string{"office", "info", "mail", mailName(p.last)})
		host = mailName(strings.SplitN(p.name, " ", 2)[0]) + "-" + mailName(p.town) + ".example"
	}
	p.email = local + "@" + host
	return p
}

// settle gives the party an address, a phone and an account of its country.
func (p *party) settle(s *speaker) {
	d, code := s.dice, p.country.code
	s.slots["n"] = slot{text: strconv.Itoa(d.between(1, 139))}
	s.slots["k"] = slot{text: strconv.Itoa(d.between(1, 64))}
	s.slots["f"] = slot{text: strconv.Itoa(d.between(1, 9))}
	p.street = s.plain("street." + code)
	place := cells(one(d, s.lists["town."+code]))
	p.postcode, p.town = d.shape(place[0]), place[1]
	p.phone = d.shape(one(d, s.lists["phone."+code]))
	if p.country.iban != "" {
		p.iban = newIBAN(d, p.country)
	}
}

// e164 is the normal form of a phone number of the country.
func (c country) e164(written string) string {
	written = strings.ReplaceAll(written, "(0)", "")
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, written)
	if strings.HasPrefix(written, "+") {
		return "+" + digits
	}
	return "+" + c.dial + strings.TrimPrefix(digits, c.trunk)
}

// newIBAN invents an account of the country, with valid check digits, also the national ones of hu, pl and si.
func newIBAN(d *dice, c country) string {
	account := []byte(d.shape(one(d, strings.Split(c.iban, "|"))))
	switch c.code {
	case "HU": // bank and branch, then the account, each closed by a check digit
		account[7] = weighted(account[:7], "9731973")
		account[23] = weighted(account[8:23], "973197319731973")
	case "PL":
		account[7] = weighted(account[:7], "3971397")
	case "SI":
		account = append(account, twoDigits(98-mod97(string(account)+"00"))...)
	}
	return c.code + twoDigits(98-mod97(string(account)+letters.Replace(c.code)+"00")) + string(account)
}

// weighted is the digit that makes the weighted sum a multiple of ten.
func weighted(digits []byte, weights string) byte {
	sum := 0
	for i := range digits {
		sum += int(digits[i]-'0') * int(weights[i]-'0')
	}
	return byte('0' + (10-sum%10)%10)
}

// letters turns letters into numbers as ISO 13616 wants: A is 10.
var letters = func() *strings.Replacer {
	var pairs []string
	for c := 'A'; c <= 'Z'; c++ {
		pairs = append(pairs, string(c), strconv.Itoa(int(c-'A')+10))
	}
	return strings.NewReplacer(pairs...)
}()

func mod97(s string) int {
	n, _ := new(big.Int).SetString(letters.Replace(s), 10)
	return int(n.Mod(n, big.NewInt(97)).Int64())
}

func twoDigits(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

// spaced writes an IBAN in groups of four.
func spaced(iban string) string {
	var groups []string
	for len(iban) > 4 {
		groups, iban = append(groups, iban[:4]), iban[4:]
	}
	return strings.Join(append(groups, iban), " ")
}

// mailName writes a name with the letters of a mail address.
func mailName(name string) string {
	plain := toLatin.Replace(strings.ToLower(name))
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, plain)
}

var toLatin = strings.NewReplacer(
	"ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "á", "a", "é", "e", "í", "i", "ó", "o", "ő", "o", "ú", "u", "ű", "u",
	"ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ś", "s", "ź", "z", "ż", "z", "č", "c", "š", "s", "ž", "z", "đ", "d",
	"а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "ё", "e", "ж", "zh", "з", "z", "и", "i", "й", "y", "к", "k",
	"л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "х", "kh", "ц", "ts",
	"ч", "ch", "ш", "sh", "щ", "sch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya", "-", "", "'", "",
)

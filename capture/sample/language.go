package sample

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed phrases/*.txt
var phrases embed.FS

// Languages are those the sample post is written in.
var Languages = []string{"en", "de", "hu", "pl", "ru", "sl"}

// grammars reads the phrases of all languages, once.
var grammars = sync.OnceValues(func() (map[string]*grammar, error) {
	all := map[string]*grammar{}
	for _, language := range Languages {
		f, err := phrases.Open("phrases/" + language + ".txt")
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if all[language], err = parseGrammar(f); err != nil {
			return nil, fmt.Errorf("phrases/%s.txt: %w", language, err)
		}
	}
	return all, nil
})

// months as they stand in a date: genitive where the language has one.
var months = map[string][]string{
	"en": strings.Fields("January February March April May June July August September October November December"),
	"de": strings.Fields("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
	"hu": strings.Fields("január február március április május június július augusztus szeptember október november december"),
	"pl": strings.Fields("stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"),
	"ru": strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
	"sl": strings.Fields("januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra"),
}

// dateForms are the ways to write a date, the usual ones more than once. D, DD: day; M, MM: number of the month; N: its name.
var dateForms = map[string][]string{
	"en": {"D N Y", "D N Y", "D N Y", "DD/MM/Y", "Dth N Y", "D.M.Y"},
	"de": {"D. N Y", "D. N Y", "DD.MM.Y", "DD.MM.Y", "D.M.Y"},
	"hu": {"Y. N D.", "Y. N D.", "Y. MM. DD.", "Y.MM.DD."},
	"pl": {"D N Y r.", "D N Y r.", "DD.MM.Y r.", "DD.MM.Y", "D.MM.Y r."},
	"ru": {"D N Y г.", "D N Y г.", "DD.MM.Y", "DD.MM.Y г.", "D N Y года"},
	"sl": {"D. N Y", "D. N Y", "D. M. Y", "DD. MM. Y", "D.M.Y"},
}

// writeDate writes t in one of the forms of the language.
func writeDate(language string, t time.Time, form string) string {
	day, month := t.Day(), int(t.Month())
	return strings.NewReplacer(
		"Dth", strconv.Itoa(day)+ordinal(day), "DD", fmt.Sprintf("%02d", day), "D", strconv.Itoa(day),
		"MM", fmt.Sprintf("%02d", month), "M", strconv.Itoa(month), "N", months[language][month-1], "Y", strconv.Itoa(t.Year()),
	).Replace(form)
}

// dates gives the slots of one date: as it stands, and with the words that say "on", "by" and "of" it.
func dates(language string, t time.Time, form string) (plain, on, by, of string) {
	plain = writeDate(language, t, form)
	switch language {
	case "en":
		return plain, "on " + plain, "by " + plain, "of " + plain
	case "de":
		return plain, "am " + plain, "bis zum " + plain, "vom " + plain
	case "pl":
		return plain, "w dniu " + plain, "do dnia " + plain, "z dnia " + plain
	case "ru":
		return plain, plain, "до " + plain, "от " + plain
	case "sl":
		return plain, "dne " + plain, "do " + plain, "z dne " + plain
	}
	stem := strings.TrimSuffix(plain, ".") // hu: 2026. március 3-án, 3-ig, 3-i
	if strings.Contains(form, "DD") {
		stem = writeDate(language, t, "Y. N D") // with endings the month is written out
	}
	return plain, stem + "-" + hungarianOn(t.Day()), stem + "-ig", stem + "-i"
}

// hungarianOn is the ending that makes a day of the month "on" it: 1-jén, 2-án, 4-én.
func hungarianOn(day int) string {
	switch day {
	case 1:
		return "jén"
	case 2, 3, 6, 8, 13, 16, 18, 20, 23, 26, 28, 30:
		return "án"
	}
	return "én"
}

func ordinal(day int) string {
	if day/10 != 1 {
		switch day % 10 {
		case 1:
			return "st"
		case 2:
			return "nd"
		case 3:
			return "rd"
		}
	}
	return "th"
}

// money writes an amount of hundredths in one of the ways usual for the language.
func money(d *dice, language, currency string, cents int) string {
	whole, rest := strconv.Itoa(cents/100), fmt.Sprintf("%02d", cents%100)
	switch language {
	case "en":
		n := group(whole, ",") + "." + rest
		if sign := map[string]string{"GBP": "£", "EUR": "€"}[currency]; sign != "" && d.chance(0.8) {
			return sign + n
		}
		return one(d, []string{currency + " " + n, n + " " + currency})
	case "hu":
		n := group(whole, one(d, []string{" ", ".", " "}))
		return n + " " + one(d, []string{"Ft", "Ft", "forint", "HUF"})
	}
	n := group(whole, one(d, thousands[language])) + "," + rest
	return n + " " + one(d, currencyWords[language+currency])
}

var thousands = map[string][]string{"de": {".", "."}, "pl": {" ", " "}, "ru": {" ", ""}, "sl": {".", "."}}

var currencyWords = map[string][]string{
	"deEUR": {"€", "EUR", "Euro"}, "deCHF": {"CHF", "Franken"}, "plPLN": {"zł", "zł", "PLN"},
	"ruRUB": {"руб.", "рублей", "р."}, "ruEUR": {"евро", "EUR"}, "slEUR": {"EUR", "€", "evrov"},
}

// group puts a separator between thousands; four digits stay together when it is a space.
func group(digits, separator string) string {
	if separator == "" || separator == " " && len(digits) == 4 {
		return digits
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + separator + digits[i:]
	}
	return digits
}

// normalAmount is the normal form of an amount: "1234.50 EUR".
func normalAmount(cents int, currency string) string {
	return fmt.Sprintf("%d.%02d %s", cents/100, cents%100, currency)
}

// normalDate is the normal form of a date.
func normalDate(t time.Time) string { return t.Format(time.DateOnly) }

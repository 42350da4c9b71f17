package extract

import (
	"regexp"
	"strings"
	"time"

	"docket/repository"
	"docket/taxonomy"
)

// maxPicked is the most words that anybody picks for one value.
const maxPicked = 200

// numberWord is a word that may be a number of something: it holds a digit.
var numberWord = regexp.MustCompile(`[\p{L}\d][\p{L}\d./_-]*`)

// Picked reads the words that a person picked on a page as the value of a field: a date in words becomes a day, a term of the
// vocabulary its ID, lines of an address one line. Lines of the text are parted by newlines. It gives the normalised value, or
// false when the words hold none; what was picked for a field of plain text is always taken.
func (e *Extractor) Picked(field taxonomy.FieldID, t taxonomy.FieldType, text, language string, received time.Time) (string, bool) {
	l := e.read([]repository.Layout{pickedLayout(text)}, language, received)
	switch t {
	case taxonomy.DateField:
		if len(l.days) > 0 {
			return l.days[0].date.Format(time.DateOnly), true
		}
	case taxonomy.AmountField:
		if len(l.sums) > 0 {
			return l.sums[0].value(), true
		}
	case taxonomy.IBANField:
		return first(l.accounts)
	case taxonomy.EmailField:
		return first(l.mails)
	case taxonomy.PhoneField:
		return pickedPhone(text, language)
	case taxonomy.NumberField:
		return pickedNumber(text)
	case taxonomy.TermField:
		if b := e.terms[field]; b != nil {
			f, ok := l.term(field, b)
			return f.value, ok
		}
	case taxonomy.AddressField:
		return strings.Join(lines(text), ", "), strings.TrimSpace(text) != ""
	default:
		plain := strings.Trim(strings.Join(strings.Fields(text), " "), " ,;:")
		return plain, plain != ""
	}
	return "", false
}

func first(found []finding) (string, bool) {
	if len(found) == 0 {
		return "", false
	}
	return found[0].value, true
}

// pickedLayout is the text as a page without places.
func pickedLayout(text string) repository.Layout {
	page := repository.Layout{Page: 1}
	for n, line := range lines(text) {
		for _, word := range strings.Fields(line) {
			if len(page.Words) < maxPicked {
				page.Words = append(page.Words, repository.Word{Text: word, Confidence: 1, Line: n})
			}
		}
	}
	return page
}

// lines are the lines of a text without spaces and commas around them; empty ones are left out.
func lines(text string) (all []string) {
	for line := range strings.Lines(text) {
		if line = strings.Trim(strings.Join(strings.Fields(line), " "), " ,;"); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// pickedNumber is the longest word with a digit: a label before it is left out.
func pickedNumber(text string) (string, bool) {
	best := ""
	for _, w := range numberWord.FindAllString(text, -1) {
		if w = strings.TrimRight(w, "./_-"); len(w) > len(best) && strings.ContainsAny(w, "0123456789") {
			best = w
		}
	}
	return strings.ToUpper(best), best != ""
}

// pickedPhone is a telephone number as it is written in a country of the language; a label before it is left out.
func pickedPhone(text, language string) (string, bool) {
	at := strings.IndexAny(text, "+(0123456789")
	if at < 0 {
		return "", false
	}
	return parsePhone(text[at:], regions[language])
}

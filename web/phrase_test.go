package web

import (
	"strings"
	"testing"

	"docket/capture"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/say"
	"docket/taxonomy"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// germanPhrases are a few translations, as a catalogue has them.
const germanPhrases = `{
	"The PDF has no pages.": "Die PDF-Datei hat keine Seiten.",
	"The document has %d pages; at most %d are read.": {"one": "Das Dokument hat eine Seite; gelesen werden höchstens {1}.", "other": "Das Dokument hat {0} Seiten; gelesen werden höchstens {1}."},
	"There is no class %q.": "Die Klasse „{0}“ gibt es nicht.",
	"%s Did you mean %s?": "{0} Meinten Sie {1}?",
	"“%s” was not found.": "„{0}“ wurde nicht gefunden.",
	"“%s” is uncertain: %s.": "„{0}“ ist unsicher: {1}.",
	"label “%s” above": "Beschriftung „{0}“ darüber",
	"misread digits put right": "verlesene Ziffern berichtigt",
	"The pages are hard to read: about %.0f%% of the text is certain.": "Die Seiten sind schwer lesbar: etwa {0} % des Textes sind sicher.",
	"Your role does not allow this. Ask somebody with one of the roles %s.": "Ihre Rolle erlaubt das nicht. Fragen Sie jemanden mit einer der Rollen {0}.",
	"typed by %+s": "eingegeben von {0}",
	"%+s has had this document checked out since %s. Nothing was changed.": "{0} hat dieses Dokument seit {1} in Arbeit. Es wurde nichts geändert."
}`

func TestPhrase(t *testing.T) {
	t.Parallel()
	l := &Locale{Code: "de", tag: language.German, printer: message.NewPrinter(language.German)}
	var err error
	if l.phrases, err = parsePhrases([]byte(germanPhrases)); err != nil {
		t.Fatal(err)
	}
	l.names = func() map[string]string {
		return map[string]string{"Customer number": "Kundennummer", "agent": "Sachbearbeitung", "mailroom": "Poststelle"}
	}
	l.people = func(a journal.Actor) string {
		if a == "anna" {
			return "Anna Kovač"
		}
		return string(a)
	}
	for _, c := range []struct{ what, say, want string }{
		{"a sentence without values", "The PDF has no pages.", "Die PDF-Datei hat keine Seiten."},
		{"numbers are grouped", "The document has 1500 pages; at most 1000 are read.", "Das Dokument hat 1.500 Seiten; gelesen werden höchstens 1.000."},
		{"the first number chooses the plural", "The document has 1 pages; at most 0 are read.", "Das Dokument hat eine Seite; gelesen werden höchstens 0."},
		{"%q gives its text back", say.Text("There is no class %q.", `a "b" ü`), "Die Klasse „a \"b\" ü“ gibt es nicht."},
		{"a phrase within a phrase", "“Customer number” was not found. Did you mean x?", "„Kundennummer“ wurde nicht gefunden. Meinten Sie x?"},
		{"names of definitions", "“Customer number” was not found.", "„Kundennummer“ wurde nicht gefunden."},
		{"what stands in quotation marks is no phrase", "label “misread digits put right” above", "Beschriftung „misread digits put right“ darüber"},
		{"nor the name of a definition when the letter is quoted", "label “Customer number” above", "Beschriftung „Customer number“ darüber"},
		{"clauses beside each other", say.Join("label “Datum” above", "misread digits put right"), "Beschriftung „Datum“ darüber; verlesene Ziffern berichtigt"},
		{"a clause that nobody knows stays", "label “Datum” above; found in the attic", "Beschriftung „Datum“ darüber; found in the attic"},
		{"sentences on lines", "“A” was not found.\n“B” was not found.", "„A“ wurde nicht gefunden.\n„B“ wurde nicht gefunden."},
		{"a sum as a value", "“Amount” is uncertain: 1234.50 EUR.", "„Amount“ ist unsicher: 1.234,50\u00a0EUR."},
		{"a day as a value", "“Date” is uncertain: 2026-03-14.", "„Date“ ist unsicher: 14.03.2026."},
		{"an instant as a value", "anna has had this document checked out since 2026-03-14 09:05. Nothing was changed.", "Anna Kovač hat dieses Dokument seit 14.03.2026 09:05 in Arbeit. Es wurde nichts geändert."},
		{"a person", "typed by anna", "eingegeben von Anna Kovač"},
		{"a person whom nobody knows", "typed by agent", "eingegeben von agent"},
		{"per cent", "The pages are hard to read: about 41% of the text is certain.", "Die Seiten sind schwer lesbar: etwa 41 % des Textes sind sicher."},
		{"per cent as it was stored once", "The pages are hard to read: about 41 % of the text is certain.", "Die Seiten sind schwer lesbar: etwa 41 % des Textes sind sicher."},
		{"roles", "Your role does not allow this. Ask somebody with one of the roles agent, mailroom.", "Ihre Rolle erlaubt das nicht. Fragen Sie jemanden mit einer der Rollen Sachbearbeitung, Poststelle."},
		{"what a person wrote", "agent", "agent"},
		{"a day that a person wrote", "2026-03-14", "2026-03-14"},
		{"nothing", "", ""},
		{"a number too long for a number", "The document has " + strings.Repeat("9", 40) + " pages; at most 1 are read.", "Das Dokument hat " + strings.Repeat("9", 40) + " Seiten; gelesen werden höchstens 1."},
	} {
		if got := l.Phrase(c.say); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
		}
	}
}

// Every sentence of the source is found again by its own format, in English with its values in their places.
func TestPhrasesAreFoundByTheirFormats(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	en := all["en"]
	for format := range phrasesOf(t, "en") {
		var values []any
		for _, v := range verb.FindAllString(format, -1) {
			switch v[len(v)-1] {
			case '%':
			case 'd':
				values = append(values, 7)
			case 'f':
				values = append(values, 7.0)
			default:
				values = append(values, "Ypsilon")
			}
		}
		sentence := say.Text(format, values...)
		want := strings.ReplaceAll(sentence, `"Ypsilon"`, "“Ypsilon”")
		if got := en.Phrase(sentence); got != want {
			t.Errorf("%q:\n got %s\nwant %s", format, got, want)
		}
	}
}

// What people wrote goes through it too, and nobody can make it slow.
func TestPhraseOfHostileText(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		strings.Repeat("; ", maxSentence/2), strings.Repeat("“", maxSentence/3), strings.Repeat("Rejected with “x”: ", maxSentence/20),
		strings.Repeat(" Did you mean ?", maxSentence/15), strings.Repeat("x", 10*maxSentence), "\xff\xfe; \xff",
	} {
		if got := all["en"].Phrase(s); got != s {
			t.Errorf("%.40q: became %.60q", s, got)
		}
	}
}

// Sentences of faults come from the other packages as they are.
func TestPhraseOfAFault(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	_, err = taxonomy.DateField.Typed("Friday")
	if got := all["en"].Phrase(fault.Sentence(err)); got != "“Friday” is not a date. Write it as 2026-03-14 or 14.3.2026." {
		t.Error(got)
	}
}

// TestPagesSpeakTheReadersLanguage: what the door and the machine said in English is read in the reader's language, by a title for
// the field too, and so are refusals.
func TestPagesSpeakTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var err error
	if h.locales["de"].phrases, err = parsePhrases([]byte(germanPhrases)); err != nil {
		t.Fatal(err)
	}
	broken := h.receive(t, "leer.pdf", "scanner", "nothing")
	h.set(t, broken, capture.Exception, "The PDF has no pages.")
	waits := h.waitingPiece(t, "brief.pdf", letters[0])
	h.set(t, waits, capture.Waiting, "“Customer number” was not found.")
	ada := h.as(t, "ada")
	ada.post("/preferences", "language", "de", "next", "/")
	for _, c := range []struct{ path, want string }{
		{"/mailroom", "Die PDF-Datei hat keine Seiten."},
		{"/mailroom/pieces/" + broken.Receipt.String(), "Die PDF-Datei hat keine Seiten."},
		{"/mailroom/validation", "„Kundennummer“ wurde nicht gefunden."},
	} {
		if a := ada.get(c.path); !strings.Contains(a.body, c.want) {
			t.Errorf("%s does not say %q (%d)", c.path, c.want, a.status)
		}
	}
	pieces := ada.get("/api/v1/intake?state=exception")
	if !strings.Contains(pieces.body, "The PDF has no pages.") {
		t.Errorf("programs do not read English: %d %s", pieces.status, pieces.body)
	}
}

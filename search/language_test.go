package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// TestFormsOfOneWordMeet lists forms of one word a line; all of them must have one root.
func TestFormsOfOneWordMeet(t *testing.T) {
	t.Parallel()
	for code, lines := range map[string]string{
		"en": `delivery deliveries
			damaged damages damaging
			refund refunds refunded
			customer customers customer's`,
		"de": `Rechnung Rechnungen
			Vertrag Verträge Vertrages
			Kündigung kündigen
			Schaden Schäden Schadens`,
		"hu": `számla számlák számlákat számlát számlával
			panasz panaszt panaszom
			biztosítás biztosítási biztosítását
			ügyfél ügyfelek
			szerződés szerződésem`,
		"pl": `reklamacja reklamacji reklamację
			umowa umowy umów umowie
			szkoda szkody szkód szkodę
			klient klienta klientów
			rachunek rachunki rachunków
			uszkodzony uszkodzona uszkodzenie uszkodzonego
			płatność płatności
			dostawa dostawy dostawie dostaw`,
		"ru": `жалоба жалобу жалоб
			счёт счета счетов
			договор договора
			повреждённый поврежденного`,
		"sl": `pritožba pritožbe pritožbo pritožbami
			račun računa računi računov
			zavarovanje zavarovanja zavarovalna zavarovalnica
			dostava dostavi dostavo dostavljen
			vračilo vračila vračilu
			izdelek izdelka izdelki
			reklamacija reklamacije reklamacijo
			škoda škode škodo`,
	} {
		for line := range strings.Lines(lines) {
			roots := map[string][]string{}
			for _, w := range strings.Fields(line) {
				r := languageOf(code).root(tokenize(w)[0])
				roots[r] = append(roots[r], w)
			}
			if len(roots) != 1 {
				t.Errorf("%s: %v", code, roots)
			}
		}
	}
}

func TestCompounds(t *testing.T) {
	t.Parallel()
	for word, want := range map[string][]string{
		"lieferverzogerung":    {"liefer", "verzogerung"},
		"versicherungsvertrag": {"versicherung", "vertrag"},
		"kundennummer":         {"kunden", "nummer"},
		"schadensmeldung":      {"schadens", "meldung"},
		"rechnung":             nil,
		"donaudampfschiff":     nil,
		"waschmaschine":        {"wasch", "maschine"},
	} {
		if diff := cmp.Diff(want, languageOf("de").split(word)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", word, diff)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Dear Sir,\nthank you":  "dear sir thank you",
		"CLM-2026-000123-7":     "clm 2026 000123 7 [clm20260001237]",
		"anna.kovač@example.si": "anna kovac example si [annakovacexamplesi]",
		"the customer’s e-mail": "the customers e mail [email]",
		"Straße Łódź Ёлка йод":  "strasse lodz елка йод",
		"12.03.2026":            "12 03 2026 [12032026]",
		"one/two three":         "one two three",
		"Kovac\u030c":           "kovac", // the caron as a letter of its own
		"Ver\u00adsicherung":    "versicherung",
		" -- ":                  "",
		"\xff\xfea\xffb":        "a b",
	} {
		var got []string
		for _, k := range tokenize(text) {
			if k.compact {
				got = append(got, "["+k.term+"]")
			} else {
				got = append(got, k.term)
			}
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%q (-want +got)\n%s", text, diff)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"CLM-2026-000123-7", "naïve’s", "a\u0301b", "\xff-\xfe", strings.Repeat("x-1", 50)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, k := range tokenize(text) {
			if k.start < 0 || k.end > len(text) || k.start >= k.end {
				t.Fatalf("a word at %d to %d of %d", k.start, k.end, len(text))
			}
			if !k.compact && k.start < end {
				t.Fatalf("a word at %d begins before the end of the one before, %d", k.start, end)
			}
			end = k.end
			if utf8.ValidString(text) && !utf8.ValidString(k.term) {
				t.Fatalf("%q is not valid", k.term)
			}
			for _, l := range languages() {
				l.root(k)
				l.split(k.term)
			}
		}
	})
}

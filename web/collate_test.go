package web

import (
	"slices"
	"testing"
)

// TestListsStandInTheOrderOfTheLanguage sorts words by the dictionaries of each language (CLDR).
func TestListsStandInTheOrderOfTheLanguage(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string][]string{
		"en": {"annual report", "Bill 2", "Bill 10", "complaint", "Zebra"},
		"de": {"Anfrage", "Ärger", "Brief", "Öffnung", "Order", "Zeugnis"},
		"hu": {"cukor", "csekk", "olaj", "óra", "öröm", "zárás"},
		"pl": {"list", "Ławka", "Łąka", "miasto", "zegar", "źródło", "żądanie"},
		"ru": {"ёлка", "ель", "жалоба", "Яблоко"},
		"sl": {"cena", "čas", "dan", "šola", "zapis", "žiro"},
	} {
		got := slices.Clone(want)
		slices.Reverse(got)
		sortBy(all[code], got, func(s string) string { return s })
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

// TestKeysAreCalledAsOnTheirKeyboards names keys alone and together.
func TestKeysAreCalledAsOnTheirKeyboards(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{{"en", "Ctrl+Enter", "Ctrl+Enter"}, {"de", "Ctrl+Enter", "Strg+Enter"}, {"de", "Alt+Z", "Alt+Z"}, {"de", "PageDown", "Bild ↓"}, {"ru", "PageUp", "Page Up"}} {
		if got := all[c[0]].keyName(c[1]); got != c[2] {
			t.Errorf("%s: %q is called %q, want %q", c[0], c[1], got, c[2])
		}
	}
	if got := string(all["de"].keyCaps("Ctrl+Enter")); got != "<kbd>Strg</kbd> <kbd>Enter</kbd>" {
		t.Errorf("drawn as %q", got)
	}
}

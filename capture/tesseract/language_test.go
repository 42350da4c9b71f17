package tesseract

import (
	"strings"
	"testing"
)

var allLanguages = []string{"de", "en", "hu", "pl", "ru", "sl"}

// TestGuessLanguage asks about sentences that are not among the texts the profiles are made of.
func TestGuessLanguage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"The heating in our flat has not worked since Sunday evening.":          "en",
		"Seit Sonntagabend funktioniert die Heizung in unserer Wohnung nicht.":  "de",
		"Vasárnap este óta nem működik a fűtés a lakásunkban.":                  "hu",
		"Od niedzielnego wieczora nie działa ogrzewanie w naszym mieszkaniu.":   "pl",
		"С вечера воскресенья в нашей квартире не работает отопление.":          "ru",
		"Od nedelje zvečer v našem stanovanju ne deluje ogrevanje.":             "sl",
		"Vasarnap este ota nem mukodik a futes a lakasunkban.":                  "hu",
		"Od niedzielnego wieczora nie dziata ogrzewanie w naszym mieszkaniu.":   "pl",
		"Seit Sonntagabend funktioniert die Heizung in unserer Wohnung nicht 1": "de",
	} {
		if g := guessLanguage(text, allLanguages); g.language != want || g.sure < 0.9 {
			t.Errorf("%s: %+v, want %s", text, g, want)
		}
	}
}

func TestGuessNeedsText(t *testing.T) {
	t.Parallel()
	if g := guessLanguage("12.03.2026 EUR", allLanguages); g.language != "" {
		t.Errorf("%+v of next to nothing", g)
	}
}

func FuzzGuessLanguage(f *testing.F) {
	f.Add("Straße, łódź, őr")
	f.Fuzz(func(t *testing.T, text string) {
		g := guessLanguage(text, allLanguages)
		if g.sure < 0 || g.sure > 1.000001 {
			t.Errorf("%+v", g)
		}
		if g.language != "" && !strings.Contains(strings.Join(allLanguages, " "), g.language) {
			t.Errorf("%+v", g)
		}
	})
}

func FuzzOrientationTag(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x20Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, jpeg []byte) {
		if v := orientationTag(jpeg); v < 1 || v > 8 {
			t.Errorf("orientation %d", v)
		}
	})
}

func TestOrientationTag(t *testing.T) {
	t.Parallel()
	little := "\xff\xd8\xff\xe1\x00\x20Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
	big := "\xff\xd8\xff\xe1\x00\x20Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x08\x00\x00"
	for data, want := range map[string]int{little: 6, big: 8, "\xff\xd8": 1, little[:20]: 1} {
		if got := orientationTag([]byte(data)); got != want {
			t.Errorf("%q: %d, want %d", data, got, want)
		}
	}
}

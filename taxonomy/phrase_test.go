package taxonomy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPhraseWords(t *testing.T) {
	t.Parallel()
	for phrase, want := range map[string][]string{
		"Late deliver*":     {"late", "deliver*"},
		"e-mail*":           {"e", "mail*"},
		"SPÓŹNION* dostaw*": {"spoznion*", "dostaw*"},
		"  Straße ":         {"strasse"},
		"Ёлка, чай":         {"елка", "чаи"},
		"U\u0308gy Ügy":     {"ugy", "ugy"},
	} {
		got, err := PhraseWords(phrase)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q, %v (-want +got):\n%s", phrase, err, diff)
		}
	}
	for _, bad := range []string{"", "*", "a * b", "a*b", "– –"} {
		if _, err := PhraseWords(bad); err == nil {
			t.Errorf("the phrase %q was accepted", bad)
		}
	}
}

func TestTokensPointIntoTheText(t *testing.T) {
	t.Parallel()
	text := "Größe: 12,5 m² – Łódź"
	var got []string
	for _, token := range Tokens(text) {
		got = append(got, text[token.Start:token.End]+"="+token.Folded)
	}
	want := []string{"Größe=grosse", "12=12", "5=5", "m=m", "Łódź=lodz"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}

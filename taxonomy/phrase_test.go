package taxonomy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMatcherFind(t *testing.T) {
	t.Parallel()
	phrases := []string{"late deliver*", "deliver*", "e-mail", "spóźnion* dostaw*", "жалоб*", "ügy", "straße", "ob"}
	m, err := NewMatcher(phrases)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]string{
		"The LATE\nDelivery!": {"late deliver*", "deliver*"},
		"Late, delivered":     {"late deliver*", "deliver*"},
		"undelivered":         nil,
		"an E-Mail":           {"e-mail"},
		"spozniona dostawa":   {"spóźnion* dostaw*"},
		"Spóźnionej dostawy":  {"spóźnion* dostaw*"},
		"ЖАЛОБА":              {"жалоб*"},
		"ügyfél":              nil,
		"U\u0308GY":           {"ügy"},
		"Wiener STRASSE":      {"straße"},
		"problem":             nil,
		"ob ob":               {"ob", "ob"},
		"":                    nil,
	} {
		var got []string
		for _, match := range m.Find(Tokens(text)) {
			got = append(got, phrases[match.Phrase])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	for _, bad := range []string{"", "*", "a*b", "– –"} {
		if _, err := NewMatcher([]string{bad}); err == nil {
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

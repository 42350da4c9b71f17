package thread

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// What programs of all languages put before a subject is not part of it, nor is the number that we put there.
func TestBaseSubject(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"Water damage", "Re: Water damage", "RE: re: Water  damage", "AW: WG: Water damage", "Antw: Water damage", "Fwd: FW: Water damage", "VS: Water damage",
		"Válasz: Water damage", "Odp: Water damage", "Отв: Water damage", "На: Water damage", "SV: Water damage", "RV: Water damage", "Re[2]: Water damage", "Re (3) : Water damage",
		"回复：Water damage", "[EXTERN] AW: Water damage", "Re: [CLM-2026-000123-7] Water damage", "Water damage - CLM-2026-000123-7", "AW: clm-2026-000123-7: Water damage",
		"Antwort: Water damage", "Válasz: Továbbítás: Water damage", "Odp: PD: Water damage", "Odpowiedź: Water damage", "Na: Posr: Water damage", "TR : Water damage",
		"RE^2: Water damage", "Re: Re: Water damage (fwd)", "[External] Re: Water damage", "[Külső] VÁ: Water damage",
	} {
		if got := BaseSubject(s); got != "water damage" {
			t.Errorf("%q: %q", s, got)
		}
	}
	for s, want := range map[string]string{"": "", "Re:": "", "Re: AW: ": "", "Report: x": "report: x", "Rent": "rent", "[family] Water": "[family] water",
		"Re: regarding: the door": "regarding: the door", "Recall: the door": "recall: the door", "AWS: the door": "aws: the door", "[extra] door": "[extra] door"} {
		if got := BaseSubject(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	if got := BaseSubject(strings.Repeat("ä", maxSubject)); !utf8.ValidString(got) || len(got) > maxSubject {
		t.Errorf("a long one: %d bytes", len(got))
	}
}

// Subjects that were cut off are the same, and others are not.
func TestSameSubject(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"water damage", "water damage", true},
		{"", "water damage", true},
		{"water damage in the cellar", "water damage in the ce...", true},
		{"water damage", "water", false},
		{"water damage", "new address", false},
	} {
		if got := sameSubject(c.a, c.b); got != c.want || sameSubject(c.b, c.a) != got {
			t.Errorf("%q, %q: %v", c.a, c.b, got)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	valid := func(n string) bool { return n != "CLM-2026-000123-8" }
	got := Numbers("Re: clm-2026-000123-7, CLM-2026-000123-7; CLM-2026-000123-8 X-2026-000123-1 ACLM-2026-000001-99", valid)
	if want := []string{"CLM-2026-000123-7"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

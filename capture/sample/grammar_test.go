package sample

import (
	"strings"
	"testing"

	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
)

// speakerOf reads rules and gives a speaker with one slot that reveals a field.
func speakerOf(t *testing.T, rules string, seed uint64) *speaker {
	t.Helper()
	g, err := parseGrammar(strings.NewReader(rules))
	if err != nil {
		t.Fatal(err)
	}
	s := newSpeaker(g, newDice(seed, 0))
	s.slots["amount"] = slot{text: "£5", field: taxonomy.Amount, value: "5.00 GBP"}
	return s
}

func TestSpeaking(t *testing.T) {
	t.Parallel()
	const rules = "table thing: one | many\n  sofa: sofa | sofas\nopen:\n  {missing} never\n  my {thing.sofa.one}\n"
	for _, test := range []struct {
		name, rule, want string
		female           bool
	}{
		{"a missing name gives up the alternative", "{open}", "my sofa", false},
		{"a capital after the end of a sentence", "Good day. {open}", "Good day. My sofa", false},
		{"no capital after an ordinal number", "am 3. {open}", "am 3. my sofa", false},
		{"forms by sex", "zamówił<em/am>", "zamówiłam", true},
		{"one choice alone is parentheses", "a sofa (red)", "a sofa (red)", false},
		{"what must be said is left out when it cannot be", "paid[! {missing}]", "paid", false},
		{"spaces before punctuation go", "paid [!{missing}], thanks", "paid, thanks", false},
		{"cap", "{thing.sofa.many.cap}", "Sofas", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := speakerOf(t, rules+"x:\n  "+test.rule+"\n", 1)
			s.female = test.female
			if diff := cmp.Diff(test.want, s.say("x")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFieldsAreThoseSaid throws the dice often: the field must be there exactly when its slot was said.
func TestFieldsAreThoseSaid(t *testing.T) {
	t.Parallel()
	said := 0
	for seed := range uint64(100) {
		s := speakerOf(t, "x:\n  [I paid {amount}] ({amount} {missing}|nothing)\n", seed)
		text, revealed := s.say("x"), s.fields[taxonomy.Amount] != ""
		if revealed != strings.Contains(text, "£5") {
			t.Errorf("%q: revealed is %v", text, revealed)
		}
		if revealed {
			said++
		}
	}
	if said == 0 || said == 100 {
		t.Errorf("an optional part was said %d times of 100", said)
	}
}

func TestGrammarSaysWhereItIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"x:\n  (a|b\n":               "line 2",
		"x:\n  {a\n":                 "line 2",
		"x:\n  <a>\n":                "two forms",
		"x\n":                        "colon",
		"  a\n":                      "no heading",
		"table t: a | b\n  r: one\n": "1 cells for 2 columns",
	} {
		if _, err := parseGrammar(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want one with %q", text, err, want)
		}
	}
}

package sample

import (
	"strings"
	"testing"
)

// TestEveryNameInThePhrasesIsKnown finds misspelt rules: a name must be a rule of the file or a slot of matters.
func TestEveryNameInThePhrasesIsKnown(t *testing.T) {
	t.Parallel()
	slots := strings.Fields(`house name last town address n k f story loss query matter ask amount iban phone client client.address
		customer_number contract_number policy_number invoice_number ticket_number
		incident incident.on incident.of deadline.by earlier.of ours.of date if.damage if.police`)
	for language, g := range mustGrammars(t) {
		known := map[string]bool{}
		for _, s := range slots {
			known[s] = true
		}
		for _, column := range g.tables["product"] {
			known["product."+column] = true
		}
		for name, alternatives := range g.rules {
			for _, p := range alternatives {
				for _, used := range p.names() {
					used = strings.TrimSuffix(used, ".cap")
					if !known[used] && len(g.rules[used]) == 0 {
						t.Errorf("%s: rule %s uses {%s}, which is no rule and no slot", language, name, used)
					}
				}
			}
		}
	}
}

// TestEveryLanguageHasTheRulesOfEnglish compares the rules, but for those of places and of names.
func TestEveryLanguageHasTheRulesOfEnglish(t *testing.T) {
	t.Parallel()
	all := mustGrammars(t)
	for name := range all["en"].rules {
		first, _, _ := strings.Cut(name, ".")
		if first == "street" || strings.HasPrefix(name, "closing.") {
			continue
		}
		for _, language := range Languages {
			if len(all[language].rules[name]) == 0 {
				t.Errorf("%s has no rule %s", language, name)
			}
		}
	}
}

// TestEveryLetterCanBePrinted looks up all characters of all phrases in all faces.
func TestEveryLetterCanBePrinted(t *testing.T) {
	t.Parallel()
	for _, language := range Languages {
		text, err := phrases.ReadFile("phrases/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range strings.ReplaceAll(string(text), "\n", "") + "€£§№×őűčšžłąęяж" {
			for _, f := range faces {
				if !f.has(r) && r != '¶' && r != '×' {
					t.Errorf("%s: face %s has no %q", language, f.name, r)
				}
			}
		}
	}
}

func mustGrammars(t *testing.T) map[string]*grammar {
	t.Helper()
	all, err := grammars()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// names are all names in a phrase.
func (p *phrase) names() []string {
	var all []string
	for _, part := range *p {
		if part.name != "" {
			all = append(all, part.name)
		}
		for _, c := range part.choices {
			all = append(all, c.names()...)
		}
	}
	return all
}

// has says whether the font has a sign.
func (f *face) has(r rune) bool {
	f.load.Do(f.read)
	_, ok := f.glyphs[r]
	return ok
}

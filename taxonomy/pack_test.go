package taxonomy

import (
	"testing"
	"testing/fstest"

	"docket/repository/fault"
)

func TestShippedPackIsComplete(t *testing.T) {
	t.Parallel()
	p, err := LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Classes {
		for _, l := range Languages {
			if c.ID == Unknown || c.ID == Container {
				continue
			}
			against := 0
			for _, cue := range c.Cues[l] {
				if cue.Weight < 0 {
					against++
				}
			}
			if n := len(c.Cues[l]); n < 25 || against < 3 {
				t.Errorf("class %s in %s has %d cues, %d against; want 25 and 3", c.ID, l, n, against)
			}
		}
	}
	for field, n := range map[FieldID]int{Subject: 26, Remedy: 11, Product: 22} {
		terms := p.Vocabularies[field]
		if len(terms) != n {
			t.Errorf("vocabulary %s has %d terms, want %d", field, len(terms), n)
		}
		for _, term := range terms {
			for _, l := range Languages {
				if len(term.Synonyms[l]) < 3 {
					t.Errorf("term %s in %s has only the synonyms %q", term.ID, l, term.Synonyms[l])
				}
			}
		}
	}
}

// TestCuesSayEachThingOnce finds a phrase that stands twice in one list, which would count double.
func TestCuesSayEachThingOnce(t *testing.T) {
	t.Parallel()
	p, err := LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Classes {
		for l, cues := range c.Cues {
			seen := map[string]bool{}
			for _, cue := range cues {
				key := Fold(cue.Phrase)
				if seen[key] {
					t.Errorf("class %s in %s: the cue %q stands twice", c.ID, l, cue.Phrase)
				}
				seen[key] = true
			}
		}
	}
}

func TestReadPackSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := readPack(fstest.MapFS{"pack/pack.json": {Data: []byte(`{"version": 1, "languages": "en"}`)}})
	if err == nil {
		t.Error("an unknown key was accepted")
	}
}

func TestStampsAreThereInEveryLanguage(t *testing.T) {
	t.Parallel()
	all, err := LoadStamps()
	if err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	seen := map[string]bool{}
	for _, s := range all {
		if seen[s.ID] {
			t.Errorf("the stamp %s is there twice", s.ID)
		}
		seen[s.ID] = true
		for _, l := range Languages {
			if s.Titles[l] == "" {
				t.Errorf("the stamp %s has no title in %s", s.ID, l)
			}
		}
	}
	if _, err := FindStamp("paid"); err != nil {
		t.Error(err)
	}
	if _, err := FindStamp("rejoice"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a stamp that the house has not: %v", err)
	}
}

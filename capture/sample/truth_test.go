package sample

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"docket/taxonomy"

	"github.com/nyaruka/phonenumbers"
)

// worded gives the contents of a bag without drawing them.
func worded(t *testing.T, o Options) (*Bag, []content) {
	t.Helper()
	bag, err := NewBag(o)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]content, bag.Len())
	for i := range all {
		all[i] = bag.content(i)
	}
	return bag, all
}

// TestTruthStandsOnThePage looks for the value of each field in the text of the sheets.
func TestTruthStandsOnThePage(t *testing.T) {
	t.Parallel()
	_, all := worded(t, Options{Pieces: 1500, Seed: 1})
	for i, c := range all {
		var lines []string
		for _, s := range c.pages {
			lines = append(lines, s.text())
		}
		text := strings.Join(lines, " ")
		bareText := bare(text)
		for field, value := range c.fields {
			for _, wanted := range written(field, value) {
				if !strings.Contains(bareText, bare(wanted)) {
					t.Errorf("piece %d (%s, %s): %s is %q, but %q is not in:\n%s", i, c.class, c.language, field, value, wanted, text)
				}
			}
		}
	}
}

// written are the parts of a normal form that any way of writing it holds.
func written(field taxonomy.FieldID, value string) []string {
	switch field {
	case taxonomy.LetterDate, taxonomy.IncidentDate:
		return []string{value[:4], strings.TrimPrefix(value[8:], "0")}
	case taxonomy.Amount:
		whole, _, _ := strings.Cut(value, ".")
		return []string{whole}
	case taxonomy.SenderPhone:
		return []string{value[len(value)-6:]}
	case taxonomy.SenderAddress:
		street, place, _ := strings.Cut(value, ", ")
		return append(strings.Fields(place), street)
	case taxonomy.SenderName:
		return strings.Fields(value) // on a card they stand apart
	case taxonomy.Product, taxonomy.Subject, taxonomy.Remedy, taxonomy.Deadline:
		return nil // said in words
	}
	return []string{value}
}

// between stands between letters and digits.
var between = strings.NewReplacer(" ", "", ".", "", ",", "", "-", "", "(", "", ")", "", "\n", "", "/", "")

// bare is a text without what stands between letters and digits.
func bare(s string) string { return between.Replace(strings.ToLower(s)) }

// TestTextsAreComplete finds letters without words, and marks of the grammar left in a text.
func TestTextsAreComplete(t *testing.T) {
	t.Parallel()
	_, all := worded(t, Options{Pieces: 1500, Seed: 2})
	for i, c := range all {
		if !typedClass(c.class) && c.class != taxonomy.Invoice {
			continue // these are laid out without the body of a letter
		}
		if text := c.plainText(); strings.ContainsAny(text, "{}[]|¶<>") || strings.Contains(text, "  ") && !strings.Contains(text, "   ") {
			t.Errorf("piece %d: a mark of the grammar is left in:\n%s", i, text)
		}
		for _, p := range c.body {
			if len(p) < 10 {
				t.Errorf("piece %d (%s, %s): paragraph %q is too short to say anything", i, c.class, c.language, p)
			}
		}
	}
}

// TestNothingLeavesThePageOrOverlaps checks where the texts of all sheets stand.
func TestNothingLeavesThePageOrOverlaps(t *testing.T) {
	t.Parallel()
	_, all := worded(t, Options{Pieces: 1500, Seed: 3})
	for i, c := range all {
		for n, s := range c.pages {
			var before []mark
			for _, k := range s.marks {
				if k.text == "" || k.angle != 0 {
					continue
				}
				b := k.inkBox()
				if b.x0 < 15 || b.y0 < 15 || b.x1 > sheetWidth-15 || b.y1 > sheetHeight-15 {
					t.Errorf("piece %d (%s) page %d: %q leaves the page: %.0f", i, c.class, n+1, k.text, b)
				}
				for _, o := range before {
					if b.overlaps(o.inkBox()) {
						t.Errorf("piece %d (%s, %s) page %d: %q runs into %q", i, c.class, c.headStyle, n+1, k.text, o.text)
					}
				}
				before = append(before, k)
			}
		}
	}
}

// inkBox is about where a text has ink: from the height of small letters to the baseline.
func (k mark) inkBox() box {
	return box{k.at.x, k.at.y - 0.6*k.size, k.at.x + k.face.width(k.text, k.size), k.at.y}
}

func TestPartiesAreValid(t *testing.T) {
	t.Parallel()
	d := newDice(1, 1)
	for language, g := range mustGrammars(t) {
		for range 200 {
			p := newParty(g, d, language, one(d, []string{"person", "firm", "lawyer"}))
			number, err := phonenumbers.Parse(p.country.e164(p.phone), "")
			if err != nil || !phonenumbers.IsValidNumber(number) || phonenumbers.GetRegionCodeForNumber(number) != p.country.code {
				t.Errorf("%s: phone %q, %s: not a number of %s (%v)", language, p.phone, p.country.e164(p.phone), p.country.code, err)
			}
			if p.iban != "" && mod97(p.iban[4:]+p.iban[:4]) != 1 {
				t.Errorf("%s: IBAN %s has wrong check digits", language, p.iban)
			}
			if !strings.HasSuffix(p.email, ".example") || strings.ContainsAny(p.email, " ") || strings.HasPrefix(p.email, "@") {
				t.Errorf("%s: mail address %q", language, p.email)
			}
		}
	}
}

// TestLinks checks what the truths say about each other.
func TestLinks(t *testing.T) {
	t.Parallel()
	bag, err := NewBag(Options{Pieces: 3000, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	followed, copied := 0, 0
	for i, p := range bag.plans {
		if p.follows >= 0 {
			followed++
			if before := bag.plans[p.follows]; p.follows >= i || before.matter != p.matter || before.language != p.language || before.class != p.class {
				t.Errorf("piece %d follows %d, but they are %+v and %+v", i, p.follows, p, before)
			}
		}
		if p.sameAs >= 0 {
			copied++
			if p.sameAs >= i || bag.plans[p.sameAs].kind != p.kind || bag.plans[p.sameAs].sameAs >= 0 {
				t.Errorf("piece %d is a copy of %d, but they are %+v and %+v", i, p.sameAs, p, bag.plans[p.sameAs])
			}
		}
	}
	for what, got := range map[string]float64{"follow-ups": float64(followed) / 3000 / followUps, "copies": float64(copied) / 3000 / copies} {
		if got < 0.6 || got > 1.4 {
			t.Errorf("%s: %.2f times the share that was meant", what, got)
		}
	}
}

// TestTicketNumber checks the check digit against the rule of ISO 7064.
func TestTicketNumber(t *testing.T) {
	t.Parallel()
	d := newDice(9, 9)
	for range 50 {
		n := ticketNumber(d, 2026)
		digits := strings.ReplaceAll(n[4:], "-", "")
		product := 10
		for _, c := range digits[:len(digits)-1] { // MOD 11,10, checked as the standard says: the whole must come out as 1
			sum := (product + int(c-'0')) % 10
			if sum == 0 {
				sum = 10
			}
			product = sum * 2 % 11
		}
		if last := int(digits[len(digits)-1] - '0'); (product+last)%10 != 1 {
			t.Errorf("%s: the check digit does not hold", n)
		}
	}
}

// TestOptionsRestrict asks for a narrow bag and looks at what comes.
func TestOptionsRestrict(t *testing.T) {
	t.Parallel()
	bag, err := NewBag(Options{Pieces: 6, Seed: 8, Kinds: []Kind{JPEG}, Classes: []taxonomy.ClassID{taxonomy.Claim}, Languages: []string{"sl"}, DPI: []int{100}, Clean: true, Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	for p, err := range bag.all() {
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(p.Truth.Kind, p.Truth.Class, p.Truth.Language, p.Truth.DPI, p.Truth.Skew, p.Truth.Pages, p.Truth.Follows, p.Truth.SameAs)
		if want := fmt.Sprint(JPEG, taxonomy.Claim, "sl", 100, 0, 1, "", ""); got != want {
			t.Errorf("%s: got %s, want %s", p.Name, got, want)
		}
	}
	if _, err := NewBag(Options{Pieces: 1, Kinds: []Kind{Docx}, Classes: []taxonomy.ClassID{taxonomy.Form}}); err == nil {
		t.Error("a form as docx: no error, though there is none")
	}
}

// all makes the pieces one after the other and ends at the first error.
func (b *Bag) all() iter.Seq2[Piece, error] {
	return func(yield func(Piece, error) bool) {
		for i := range b.plans {
			p, err := b.Piece(i)
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

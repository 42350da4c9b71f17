package detect

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
)

func TestMaterialCoversEveryClassInEveryLanguage(t *testing.T) {
	t.Parallel()
	pack, err := taxonomy.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	examples, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, e := range examples {
		count[e.Label+" "+e.Language]++
		if strings.ContainsAny(e.Text, "{}|") {
			t.Fatalf("%s %s: the grammar shows through:\n%s", e.Label, e.Language, e.Text)
		}
	}
	for _, c := range pack.Classes {
		if c.ID == taxonomy.Container { // told by its bytes
			continue
		}
		for _, l := range Languages {
			if count[string(c.ID)+" "+l] != shares*textsPerGroup {
				t.Errorf("%s, %s: %d texts", c.ID, l, count[string(c.ID)+" "+l])
			}
		}
	}
	again, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(examples, again); diff != "" {
		t.Error("the material is not the same at every call")
	}
}

// Every sentence of the material is recognised as its own language by the language model, most even alone.
func TestMaterialIsInItsLanguage(t *testing.T) {
	t.Parallel()
	lines, err := sentences()
	if err != nil {
		t.Fatal(err)
	}
	for language, all := range lines {
		wrong, n := 0, 0
		for _, line := range all {
			line = placeholder.ReplaceAllString(line, " ")
			if len(strings.Fields(line)) < 6 {
				continue
			}
			n++
			if got := DetectLanguage(line); got.Language != language {
				wrong++
			}
		}
		if wrong*100 > n {
			t.Errorf("%s: %d of %d sentences are taken for another language", language, wrong, n)
		}
	}
}

func TestGrammar(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"g.txt":     {Data: []byte("// note\n[text]\n{a}|no. ##{b?}\n[a]\none\n[b]\n two\n")},
		"loop.txt":  {Data: []byte("[text]\n{text}\n")},
		"open.txt":  {Data: []byte("[text]\n{a\n")},
		"early.txt": {Data: []byte("line\n[text]\n")},
	}
	sections, err := readGrammar(files, "g.txt")
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		text, err := grammar{own: sections}.write(random, 0)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(text, "one\nno. ") || strings.Contains(text, "#") {
			t.Errorf("wrote %q", text)
		}
	}
	for _, name := range []string{"loop.txt", "open.txt", "early.txt", "none.txt"} {
		sections, err := readGrammar(files, name)
		if err == nil {
			_, err = grammar{own: sections}.write(random, 0)
		}
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestTokenise(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Größe Łódź":                 "grosse lodz",
		"Versiche-\nrung":            "versicherung",
		"Haus- und Hof":              "haus und hof",
		"RE-2026/17":                 "re 0000 00",
		"Ver\u00adtrag":              "vertrag",
		"ёлка, йод":                  "елка иод",
		"a\r\n\r\nb-":                "a b",
		"":                           "",
		"Anna-\nMaria":               "anna maria",
		"ki-\nfizetés — öt\tszámla.": "kifizetes ot szamla",
	} {
		var got []string
		for _, tok := range tokenise(text) {
			got = append(got, tok.folded)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("tokenise(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	rules := NewRules([]taxonomy.Class{
		{ID: "complaint", Cues: map[string][]taxonomy.Cue{"en": {{Phrase: "complain*", Weight: 2}, {Phrase: "very unhappy", Weight: 1}}}},
		{ID: "thanks", Cues: map[string][]taxonomy.Cue{"en": {{Phrase: "complain*", Weight: -2}}, "de": {{Phrase: "danke", Weight: 1}}}},
	})
	body := strings.Repeat("and so the long day went on without anybody at all coming to see us ", 2)
	for _, c := range []struct {
		name, text, language string
		want                 []float64 // complaint, thanks
	}{
		{"running text", body + "I complained", "en", []float64{2, -2}},
		{"counted once", body + "complaints about complaints", "en", []float64{2, -2}},
		{"two words", body + "VERY\nunhappy", "en", []float64{1, 0}},
		{"other language", body + "danke", "en", []float64{0, 0}},
		{"any language", body + "danke", "", []float64{0, 1}},
		{"heading", "Complaint\n\nDear all,\n" + body, "en", []float64{3.2, -3.2}},
		{"address line", "Complaints Department\n12 Quay Road\nYork\n" + body, "en", []float64{0, 0}},
	} {
		got := []float64{0, 0}
		for _, h := range rules.Match(c.text, c.language) {
			got[map[taxonomy.ClassID]int{"complaint": 0, "thanks": 1}[h.Class]] += h.Weight
		}
		for i := range got {
			if math.Abs(got[i]-c.want[i]) > 1e-9 {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
				break
			}
		}
	}
	if hits := (*Rules)(nil).Match("complaint", "en"); hits != nil {
		t.Errorf("no rules hit %v", hits)
	}
}

// The mix is right when confidences are: texts whose right label the first voice knows in nine of ten cases get about 0.9.
func TestFitCalibrates(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	var texts []heard
	for range 2000 {
		label := random.IntN(2)
		said := label
		if random.Float64() < 0.1 {
			said = 1 - label
		}
		h := heard{label: label, weight: 1}
		for v := range h.scores {
			h.scores[v] = make([]float64, 2)
		}
		h.scores[0][said] = 1
		h.scores[1][random.IntN(2)] = 1 // noise
		texts = append(texts, h)
	}
	mix := fit(texts)
	var scores [voices][]float64
	for v := range scores {
		scores[v] = []float64{0, 0}
	}
	scores[0][1] = 1
	if p := mix.probabilities(scores)[1]; math.Abs(p-0.9) > 0.03 {
		t.Errorf("confidence %.3f, want 0.9; mix %v", p, mix)
	}
	if mix[1] > 0.2 || mix[2] != 0 {
		t.Errorf("noise and silence count: %v", mix)
	}
}

func TestSolve(t *testing.T) {
	t.Parallel()
	h := [voices][voices]float64{{0, 2, 0, 0}, {1, 1, 0, 0}, {0, 0, 4, 1}, {0, 0, 1, 3}}
	want := [voices]float64{3, -1, 2, 5}
	var g [voices]float64
	for r := range h {
		for c := range h {
			g[r] += h[r][c] * want[c]
		}
	}
	got := solve(h, g)
	for i := range got {
		if math.Abs(got[i]-want[i]) > 1e-9 {
			t.Fatalf("solve = %v, want %v", got, want)
		}
	}
}

func TestDrawKeepsTheSharesOfLabels(t *testing.T) {
	t.Parallel()
	var examples []Example
	for i := range 100 {
		label := "often"
		switch {
		case i%10 == 0:
			label = "seldom"
		case i == 33:
			label = "once"
		}
		examples = append(examples, Example{Text: string(rune('a' + i)), Label: label})
	}
	for _, c := range []struct {
		size int
		want map[string]int
	}{
		{20, map[string]int{"often": 18, "seldom": 2, "once": 1}},
		{50, map[string]int{"often": 45, "seldom": 5, "once": 1}},
		{100, map[string]int{"often": 89, "seldom": 10, "once": 1}},
		{500, map[string]int{"often": 89, "seldom": 10, "once": 1}},
	} {
		got, seen := map[string]int{}, map[string]bool{}
		for _, e := range draw(examples, c.size, 7) {
			got[e.Label]++
			if seen[e.Text] {
				t.Errorf("%d: %q was drawn twice", c.size, e.Text)
			}
			seen[e.Text] = true
		}
		for label, n := range c.want {
			if got[label] != n {
				t.Errorf("%d: %d texts of %q, want %d", c.size, got[label], label, n)
			}
		}
	}
}

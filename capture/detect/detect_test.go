package detect_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"docket/capture/detect"
	"docket/capture/detect/pretrained"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
)

// shipped is the model with which a new house starts: the one that is built in, or trained here when none is.
var shipped = sync.OnceValues(func() (*detect.Model, error) {
	pack, err := taxonomy.LoadPack()
	if err != nil {
		return nil, err
	}
	m, ok, err := pretrained.Model()
	if err != nil || !ok {
		return detect.Default(pack.Classes)
	}
	return m.WithClasses(pack.Classes), nil
})

func shippedModel(t testing.TB) *detect.Model {
	t.Helper()
	m, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestDetectTellsNeighbouringClassesApart(t *testing.T) {
	t.Parallel()
	m := shippedModel(t)
	for _, c := range []struct {
		want taxonomy.ClassID
		text string
	}{
		{"complaint", "Dear Sirs,\nI am very unhappy with your repairs. The dishwasher leaks again, for the third time, and nobody rings back. This is unacceptable. I expect you to put it right at once.\nYours faithfully,\nA. Marlow"},
		{"claim", "Dear Sirs,\nlast night the storm tore the gutter and a dozen tiles off our roof. I wish to report the damage under my home insurance, policy POL-2025-1112223. The roofer's estimate of £2,140 is enclosed. Please settle the claim.\nYours faithfully,\nA. Marlow"},
		{"question", "Hello,\ncould you tell me whether the travel insurance also covers my grandson, and what it would cost?\nThank you in advance,\nA. Marlow"},
		{"reply", "Your letter of 3 May 2026, reference CLM-2026-000123-7\n\nDear Sirs,\nthank you for your letter of 3 May. As you asked, I enclose the missing receipts and answer your two questions: the car was parked, and there were no witnesses.\nYours faithfully,\nA. Marlow"},
		{"correspondence", "To all partners\n\nDear Sirs,\nwe inform you that our office will be moving on 1 June. Please note our new address, 4 Harbour Road. Our telephone numbers remain the same.\nYours faithfully,\nMarlow & Sons"},
		{"complaint", "Sehr geehrte Damen und Herren,\nseit drei Wochen funktioniert mein Internetanschluss nicht, und Ihre Hotline legt einfach auf. Das ist eine Frechheit. Ich bin sehr verärgert und verlange, dass Sie die Störung sofort beheben.\nMit freundlichen Grüßen\nB. Reuss"},
		{"question", "Guten Tag,\nkönnen Sie mir sagen, ob ich meinen Stromtarif auch online wechseln kann und welche Angaben Sie dafür brauchen?\nViele Grüße\nB. Reuss"},
		{"cancellation", "Tisztelt Cím!\nEzúton felmondom a lakásbiztosításomat a lehető legkorábbi időponttal. Kérem a felmondás írásos visszaigazolását.\nTisztelettel:\nB. Réz"},
		{"thanks", "Szanowni Państwo,\nchciałabym serdecznie podziękować za szybką i życzliwą pomoc. Wszystko załatwiono wzorowo, jestem bardzo zadowolona.\nZ poważaniem\nB. Rys"},
		{"suggestion", "Здравствуйте!\nПредлагаю добавить в приложение тёмную тему и поиск по платежам. Было бы удобно, и многие клиенты были бы рады.\nС уважением,\nБ. Рысь"},
		{"claim", "Spoštovani,\nprijavljam škodo: včeraj je toča razbila strešno okno in poškodovala avto. Prilagam fotografije in predračun. Prosim za izplačilo odškodnine po polici.\nLep pozdrav\nB. Ris"},
	} {
		r := m.Detect(c.text, "")
		if r.Class != c.want || !r.Sure {
			t.Errorf("took for %s (%.2f, sure %v), want %s surely:\n%s\n%v", r.Class, r.Confidence, r.Sure, c.want, c.text, r.Reasons)
		}
		if len(r.Reasons) == 0 {
			t.Errorf("no reasons for %s", r.Class)
		}
	}
}

func TestDetectAbstainsWhereNothingIsSaid(t *testing.T) {
	t.Parallel()
	m := shippedModel(t)
	for _, text := range []string{
		"", "  \n\f\n", "17", "?", "xq zvv wrrt plok", "....\n----\n",
		"Document\n\nDear Sirs,\n\nplease see the file enclosed.\n\nYours faithfully,\nA. Marlow",
		"Whisk the eggs with the sugar until pale, fold in the flour and bake for thirty minutes.",
	} {
		if r := m.Detect(text, ""); r.Sure {
			t.Errorf("is sure that %q is a %s (%.3f)", text, r.Class, r.Confidence)
		}
	}
}

func TestConfidencesSumToOne(t *testing.T) {
	t.Parallel()
	r := shippedModel(t).Detect("Invoice no. 4711, amount due 120.00 EUR, payable within 14 days", "en")
	sum := 0.0
	for i, c := range r.Ranked {
		sum += c.Confidence
		if i > 0 && c.Confidence > r.Ranked[i-1].Confidence {
			t.Errorf("%s stands behind a class that is less likely", c.Class)
		}
	}
	if sum < 0.999 || sum > 1.001 {
		t.Errorf("confidences sum to %f", sum)
	}
}

func TestDetectLanguage(t *testing.T) {
	t.Parallel()
	for want, texts := range map[string][]string{
		"en": {"The lamp you sent me is broken", "Where is my parcel?", "I wish to end the agreement"},
		"de": {"Die Lampe ist zerbrochen", "Wo bleibt mein Paket?", "Ich moechte den Vertrag beenden"},
		"hu": {"A lámpa eltört", "Hol van a csomagom?", "Szeretnem megszuntetni a szerzodest"},
		"pl": {"Lampa jest rozbita", "Gdzie jest moja paczka?", "Chcialbym zakonczyc umowe z panstwem"},
		"ru": {"Лампа разбита", "Где моя посылка?", "Хочу прекратить договор"},
		"sl": {"Svetilka je razbita", "Kje je moj paket?", "Zelim prekiniti pogodbo z vami"},
	} {
		for _, text := range texts {
			if got := detect.DetectLanguage(text); got.Language != want {
				t.Errorf("DetectLanguage(%q) = %v, want %s", text, got, want)
			}
		}
	}
	if got := detect.DetectLanguage("12 34"); got.Language != "" {
		t.Errorf("figures are in %q", got.Language)
	}
}

func TestModelSurvivesEncoding(t *testing.T) {
	t.Parallel()
	pack, err := taxonomy.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	trained, err := detect.Train(toys(20), detect.Config{Classes: pack.Classes})
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]*detect.Model{"shipped": shippedModel(t), "trained just now": trained} {
		var kept bytes.Buffer
		if err := m.Encode(&kept); err != nil {
			t.Fatal(err)
		}
		if kept.Len() > 12<<20 {
			t.Errorf("%s: the model takes %d bytes", name, kept.Len())
		}
		again, err := detect.Decode(bytes.NewReader(kept.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		const text = "I hereby cancel my contract V-123456 for a boat and ask for written confirmation."
		if diff := cmp.Diff(m.Detect(text, ""), again.WithClasses(pack.Classes).Detect(text, "")); diff != "" {
			t.Errorf("%s: the decoded model answers otherwise:\n%s", name, diff)
		}
		if diff := cmp.Diff(m.Quality(), again.Quality()); diff != "" {
			t.Errorf("%s: the decoded model has another quality:\n%s", name, diff)
		}
		for _, damaged := range [][]byte{nil, kept.Bytes()[:kept.Len()/2], []byte("docket detect")} {
			if _, err := detect.Decode(bytes.NewReader(damaged)); !errors.Is(err, detect.ErrFormat) {
				t.Errorf("%s: Decode of %d damaged bytes: %v", name, len(damaged), err)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	m, err := detect.Train(toys(8), detect.Config{})
	if err != nil {
		f.Fatal(err)
	}
	var kept bytes.Buffer
	if err := m.Encode(&kept); err != nil {
		f.Fatal(err)
	}
	f.Add(kept.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := detect.Decode(bytes.NewReader(data)); err == nil {
			m.Detect("a word and another", "en")
		}
	})
}

func FuzzDetect(f *testing.F) {
	m, err := detect.Train(toys(8), detect.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("Versiche-\nrung \u00ad\xff 12.3", "de")
	f.Fuzz(func(t *testing.T, text, language string) {
		if r := m.Detect(text, language); r.Confidence < 0 || r.Confidence > 1 || r.Known < 0 || r.Known > 1 {
			t.Errorf("Detect(%q) = %+v", text, r)
		}
	})
}

// toys are n texts each on cats and on boats.
func toys(n int) []detect.Example {
	var all []detect.Example
	for i := range n {
		tail := strings.Repeat(" indeed", i%4)
		all = append(all,
			detect.Example{Text: "the cat purrs and chases mice" + tail, Label: "cat", Language: "en"},
			detect.Example{Text: "the boat sails across the lake" + tail, Label: "boat", Language: "en"})
	}
	return all
}

func TestTrainIsRepeatable(t *testing.T) {
	t.Parallel()
	var kept [2]bytes.Buffer
	for i := range kept {
		m, err := detect.Train(toys(20), detect.Config{Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Encode(&kept[i]); err != nil {
			t.Fatal(err)
		}
		if r := m.Detect("a boat on the lake", "en"); r.Class != "boat" {
			t.Errorf("took a boat for a %s", r.Class)
		}
	}
	if !bytes.Equal(kept[0].Bytes(), kept[1].Bytes()) {
		t.Error("two trainings with the same seed gave two models")
	}
	if _, err := detect.Train(toys(20)[:1], detect.Config{}); !errors.Is(err, detect.ErrTooFew) {
		t.Errorf("Train on one text: %v", err)
	}
}

// Outcomes must stand in the order of their examples, whichever part each was tested in.
func TestCrossValidateKeepsTheOrder(t *testing.T) {
	t.Parallel()
	texts := toys(20)
	for _, size := range []int{12, len(texts)} {
		score, outcomes, err := detect.CrossValidateOn(texts, size, 4, detect.Config{Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		if len(outcomes) != len(texts) || score.Texts != len(texts) {
			t.Fatalf("%d outcomes, a score of %d texts, want %d", len(outcomes), score.Texts, len(texts))
		}
		for i, o := range outcomes {
			if o.Label != texts[i].Label {
				t.Errorf("trained on %d: outcome %d is of a %s, the text of a %s", size, i, o.Label, texts[i].Label)
			}
		}
		if score.Accuracy != 1 {
			t.Errorf("trained on %d: cats and boats are told apart in %.2f of all cases", size, score.Accuracy)
		}
	}
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	got := detect.Measure([]detect.Outcome{
		{Label: "a", Got: "a", Confidence: 0.97, Sure: true},
		{Label: "a", Got: "b", Confidence: 0.85, Sure: true},
		{Label: "b", Got: "b", Confidence: 0.6},
		{Label: "b", Got: "b", Confidence: 0.91, Sure: true},
	})
	if got.Accuracy != 0.75 || got.Decided != (detect.Point{Coverage: 0.75, Precision: 2.0 / 3}) {
		t.Errorf("accuracy %f, decided %+v", got.Accuracy, got.Decided)
	}
	want := map[string]detect.Label{
		"a": {Texts: 2, Precision: 1, Recall: 0.5, F1: 2.0 / 3},
		"b": {Texts: 2, Precision: 2.0 / 3, Recall: 1, F1: 0.8},
	}
	if diff := cmp.Diff(want, got.Labels); diff != "" {
		t.Error(diff)
	}
}

func TestSplitHoldsTheSameTextsBackForEver(t *testing.T) {
	t.Parallel()
	var texts []detect.Example
	for i := range 200 {
		texts = append(texts, detect.Example{Text: strings.Repeat("word ", i+1), Label: "a"})
	}
	_, few := detect.Split(texts[:100])
	train, held := detect.Split(texts)
	if diff := cmp.Diff(few, held[:len(few)]); diff != "" {
		t.Errorf("more texts changed which are held back:\n%s", diff)
	}
	if len(train)+len(held) != 200 || len(held) < 20 || len(held) > 60 {
		t.Errorf("held back %d of 200", len(held))
	}
}

func TestBetterRefusesAWorseModel(t *testing.T) {
	t.Parallel()
	good, err := detect.Train(toys(20), detect.Config{})
	if err != nil {
		t.Fatal(err)
	}
	swapped := toys(20)
	for i := range swapped {
		swapped[i].Label = map[string]string{"cat": "boat", "boat": "cat"}[swapped[i].Label]
	}
	bad, err := detect.Train(swapped, detect.Config{})
	if err != nil {
		t.Fatal(err)
	}
	held := []detect.Example{{Text: "my cat purrs", Label: "cat"}, {Text: "a boat on the lake", Label: "boat"}}
	if c := detect.Better(good, bad, held); c.Take {
		t.Errorf("a worse model was taken: %s", c.Why)
	}
	if c := detect.Better(bad, good, held); !c.Take {
		t.Errorf("a better model was refused: %s", c.Why)
	}
}

func BenchmarkDetect(b *testing.B) {
	m := shippedModel(b)
	text := "Dear Sirs,\n" + strings.Repeat("The parcel that you promised for Monday has still not arrived, and nobody answers the telephone.\n", 20)
	for b.Loop() {
		m.Detect(text, "")
	}
}

func BenchmarkDecode(b *testing.B) {
	var kept bytes.Buffer
	if err := shippedModel(b).Encode(&kept); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := detect.Decode(bytes.NewReader(kept.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}

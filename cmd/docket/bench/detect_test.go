package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/capture/detect"
	"docket/capture/detect/pretrained"
	"docket/capture/sample"
	"docket/repository/fault"
	"docket/taxonomy"
)

// A new house has nothing but the shipped material. On post that nobody trained on, the classes must be right nearly
// always where no person is asked, and most post must need no person.
func TestShippedMaterialOnFreshPost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := sample.Generate(dir, sample.Options{Pieces: 240, Seed: 4242, Kinds: []sample.Kind{sample.Text}}); err != nil {
		t.Fatal(err)
	}
	r, err := DetectReport{Train: ShippedMaterial, Test: dir}.judge(shippedModel(t), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if r.MacroF1 < 0.9 {
		t.Errorf("macro-F1 %.3f; %v", r.MacroF1, r.Confusions)
	}
	if r.Decided.Precision < 0.99 {
		t.Errorf("%.2f %% of what is decided without a person is wrong; %v", 100-100*r.Decided.Precision, r.Confusions)
	}
	if r.Decided.Coverage < 0.75 {
		t.Errorf("only %.0f %% is decided without a person", 100*r.Decided.Coverage)
	}
}

// shippedModel is the model that is built in, or trained here when none is.
func shippedModel(t *testing.T) *detect.Model {
	t.Helper()
	pack, err := taxonomy.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	m, ok, err := pretrained.Model()
	if err == nil && !ok {
		m, err = detect.Default(pack.Classes)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m.WithClasses(pack.Classes)
}

func TestDetectTrainsOnOneCollectionAndTestsOnAnother(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	collection := func(name string, lines ...string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var train []string
	for i := range 20 {
		train = append(train, "cat\tthe cat purrs and chases mice"+strings.Repeat(" indeed", i%4), "boat\tthe boat sails across the lake"+strings.Repeat(" indeed", i%4))
	}
	r, err := Detect(collection("train.tsv", train...), collection("test.tsv", "cat\tmy cat purrs", "boat\ta boat on the lake", "boat\tthe cat purrs too"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if r.Examples != 40 || r.Classes != 2 || r.Texts != 3 || r.Accuracy != 2.0/3 || r.ModelBytes == 0 {
		t.Errorf("%+v", r)
	}
	if c := r.Confusions; len(c) != 1 || c[0].Class != "boat" || c[0].Taken != "cat" || c[0].Texts != 1 {
		t.Errorf("confusions %+v", c)
	}
}

func TestReadLabelled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"plain.tsv":         "spam\tbuy now\nham\tsee you\r\n\n",
		"named.tsv":         "id\tcategory\ttext\n1\tspam\tbuy now\n2\tham\tsee you\n",
		"c.csv":             "text,category\n\"buy now\",spam\nsee you,ham\n",
		"o.json":            `[{"input":"buy now","output":"spam"},{"input":"see you","output":"ham"}]`,
		"labels/spam/1.txt": "buy now",
		"labels/ham/2.txt":  "see you",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"plain.tsv", "named.tsv", "c.csv", "o.json", "labels"} {
		got, err := readLabelled(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		texts := map[string]string{}
		for _, e := range got {
			texts[e.Label] = e.Text
		}
		if len(got) != 2 || texts["spam"] != "buy now" || texts["ham"] != "see you" {
			t.Errorf("%s: %v", name, got)
		}
	}
	bad := filepath.Join(dir, "bad.tsv")
	if err := os.WriteFile(bad, []byte("no tab here\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readLabelled(bad); !fault.Is(err, fault.Invalid) {
		t.Errorf("a line without a tab: %v", err)
	}
}

package letter

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"docket/repository/fault"
)

// The acknowledgements say all that a customer needs, in each language, and leave out what is not known.
func TestAcknowledgements(t *testing.T) {
	t.Parallel()
	for language, day := range map[string][]string{
		"en": {"16 March 2026", "7 April 2026"}, "de": {"16. März 2026", "7. April 2026"}, "hu": {"2026. március 16.", "2026. április 7."},
		"pl": {"16 marca 2026 r.", "7 kwietnia 2026 r."}, "ru": {"16 марта 2026 г.", "7 апреля 2026 г."}, "sl": {"16. marca 2026", "7. aprila 2026"},
	} {
		text, got, err := Acknowledgement("", language, "en")
		if err != nil || got != language {
			t.Fatalf("%s: %s %v", language, got, err)
		}
		subject, all, err := text.Render(example, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range append(day, "CLM-2026-000123-7", "09:41", "invoice.pdf", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "Harbour Electrics service") {
			if !strings.Contains(all, want) {
				t.Errorf("%s: %q is missing from:\n%s", language, want, all)
			}
		}
		if subject == "" || strings.Contains(all, "{{") || strings.Contains(all, "\n\n\n") {
			t.Errorf("%s: %q\n%s", language, subject, all)
		}
		_, bare, err := text.Render(Facts{Number: "CLM-2026-000123-7", House: "Us", At: example.At}, time.UTC)
		if err != nil || strings.Contains(bare, "SHA-256") || strings.Contains(bare, "\n\n\n") || regexp.MustCompile(` [,!]`).MatchString(bare) {
			t.Errorf("%s: with little known %v\n%s", language, err, bare)
		}
	}
	if _, language, err := Acknowledgement("fr", "it"); language != "en" || err != nil {
		t.Errorf("in no language of ours: %s %v", language, err)
	}
}

// What a stranger sent is a word in the text and nothing more.
func TestFactsAreText(t *testing.T) {
	t.Parallel()
	_, text, err := mustParse(t, "{{.Name}}|{{range .Received}}{{.Name}} {{.Size}}{{end}}").Render(Facts{Name: "{{.Number}}\r\nx",
		Received: []Received{{Name: "a\r\n\r\nb\u202e.pdf", Size: 0}}}, time.UTC)
	if text != "{{.Number}} x|a b.pdf 0 kB" || err != nil {
		t.Errorf("%q %v", text, err)
	}
}

func mustParse(t *testing.T, text string) *Template {
	t.Helper()
	p, err := ParseTemplate("en", "Subject: s\n\n"+text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A template can write what is known of a ticket, within bounds, and nothing else.
func TestTemplatesAreBounded(t *testing.T) {
	t.Parallel()
	for text, kind := range map[string]fault.Kind{
		"{{.Nobody}}":                                            fault.Invalid,
		"{{range .Received}}{{.Path}}{{end}}":                    fault.Invalid,
		"{{range 1000000000}}x{{end}}":                           fault.Invalid,
		"{{with 1000000000}}{{range .}}x{{end}}{{end}}":          fault.Invalid,
		"{{range .Received}}{{range $.Received}}x{{end}}{{end}}": fault.Invalid,
		"{{printf \"%1000000000d\" 1}}":                          fault.Invalid,
		"{{if (call .Number)}}x{{end}}":                          fault.Invalid,
		"{{define \"x\"}}y{{end}}":                               fault.Invalid,
		"{{block \"x\" .}}y{{end}}":                              fault.Invalid,
		"{{template \"text\" .}}":                                fault.Invalid,
		"{{.Number.String}}":                                     fault.Invalid,
		"{{":                                                     fault.Invalid,
		"{{range .Received}}" + strings.Repeat("x", 10_000) + strings.Repeat("{{.SHA256}}", 300) + "{{end}}": "",
		strings.Repeat("x", maxTemplate+1):                                       fault.TooLarge,
		"{{if and .Due (gt (len .Received) 1)}}{{.Due}}{{else}}{{.Date}}{{end}}": "",
	} {
		p, err := ParseTemplate("en", "Subject: s\n\n"+text)
		if kind != "" {
			if !fault.Is(err, kind) {
				t.Errorf("%.60s: %v", text, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%.60s: %v", text, err)
			continue
		}
		many := example
		for range 100 {
			many.Received = append(many.Received, example.Received...)
		}
		if _, out, err := p.Render(many, time.UTC); len(out) > maxOutput || len(text) > 1000 != fault.Is(err, fault.TooLarge) {
			t.Errorf("%.60s: %d characters, %v", text, len(out), err)
		}
	}
	if _, err := ParseTemplate("en", "no subject"); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a subject: %v", err)
	}
}

// Each variable that is documented is there, and the preview shows it.
func TestVariablesAreThoseThatAreThere(t *testing.T) {
	t.Parallel()
	for _, v := range Variables {
		text := "{{" + v.Name + "}}"
		if v.Name == ".Received" {
			text = v.Example
		}
		_, got, err := mustParse(t, text).Example()
		if err != nil || v.Name != ".Received" && got != v.Example {
			t.Errorf("%s: %q %v", v.Name, got, err)
		}
	}
}

// Whoever makes a mistake is told what and where: the line, the words, and a sentence about them.
func TestMistakesSayWhatAndWhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		subject, text string
		part          Part
		line          int
		at, say       string
	}{
		{"{{.Titel}}", "x", InSubject, 1, ".Titel", "Nothing that is known of a ticket is called “.Titel”."},
		{"s", "Dear {{.Name}},\n\nabout {{.Nombre}}", InText, 3, ".Nombre", "Nothing that is known of a ticket is called “.Nombre”."},
		{"s", "{{if .Due}}by {{.Due}}{{else}}{{.Later}}{{end}}", InText, 1, ".Later", "Nothing that is known of a ticket is called “.Later”."},
		{"s", "a\n{{Name}}", InText, 2, "Name", "“Name” means nothing here. What is known of a ticket begins with a dot: {{.Name}}."},
		{"s", "a\n{{.Name", InText, 2, "{{", "What begins with {{ does not end with }}."},
		{"s", "{{if .Name}}Dear {{.Name}},\nx", InText, 2, "x", "The text ends before an {{end}}: each {{if}}, {{with}} and {{range}} needs one."},
		{"s", "x\n{{end}}", InText, 2, "{{end}}", "{{end}} stands where nothing was begun by {{if}}, {{with}} or {{range}}."},
		{"s", "{{if}}x{{end}}", InText, 1, "{{if}}x{{end}}", "{{if}} does not say what it looks at, as {{if .Name}} does."},
		{"s", "{{$x}}", InText, 1, "$x", "Nothing that is known of a ticket is called “$x”."},
		{"s", "{{.Size}}", InText, 1, ".Size", "“.Size” is known only of what was received: between {{range .Received}} and {{end}}."},
		{"s", "{{range .Received}}{{.Number}}{{end}}", InText, 1, ".Number", "Between {{range .Received}} and {{end}} write “$.Number”, with a dollar sign."},
		{"s", "{{lt .Name 3}}", InText, 1, "lt .Name 3", "What stands between {{ and }} cannot be worked out."},
		{"s", "{{printf .Name}}", InText, 1, "printf", "A text cannot use “printf”."},
		{"s", "{{.Name.First}}", InText, 1, ".Name.First", "Nothing that is known of a ticket is called “.Name.First”."},
		{"s", "{{define \"x\"}}y{{end}}", InText, 0, "", "A text cannot hold other texts."},
	} {
		_, err := NewTemplate("de", c.subject, c.text)
		m, ok := errors.AsType[*Mistake](err)
		if !ok || !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if m.Language != "de" || m.Part != c.part || m.Line != c.line || m.At != c.at || m.Say != c.say {
			t.Errorf("%s:\n got %s, line %d, %q, %s\nwant %s, line %d, %q, %s", c.text, m.Part, m.Line, m.At, m.Say, c.part, c.line, c.at, c.say)
		}
	}
	if _, err := NewTemplate("en", "", "Dear {{.Name}}, {{range .Received}}{{.Name}} of {{$.Number}}{{end}} {{with .Due}}{{.}}{{end}} {{$x := .House}}{{$x}}"); err != nil {
		t.Errorf("a good one: %v", err)
	}
}

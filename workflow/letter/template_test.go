package letter

import (
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
		strings.Repeat("x", maxTemplate):                                         fault.TooLarge,
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
		_, got, err := Preview("en", "Subject: s\n\n"+text)
		if err != nil || v.Name != ".Received" && got != v.Example {
			t.Errorf("%s: %q %v", v.Name, got, err)
		}
	}
}

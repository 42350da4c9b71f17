package taxonomy

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"docket/repository/fault"
)

func TestPreview(t *testing.T) {
	t.Parallel()
	all := map[string]string{"date": "2026-03-14", "class": "Complaint", "party": "Anna", "subject": "late delivery", "ticket": "CLM-1"}
	without := func(names ...string) map[string]string {
		left := map[string]string{}
		for k, v := range all {
			left[k] = v
		}
		for _, n := range names {
			delete(left, n)
		}
		return left
	}
	const template = "{date} {class} – {party} – {subject} – {ticket}"
	tests := []struct {
		template string
		values   map[string]string
		want     string
	}{
		{template, all, "2026-03-14 Complaint – Anna – late delivery – CLM-1"},
		{template, without("party"), "2026-03-14 Complaint – late delivery – CLM-1"},
		{template, without("party", "subject", "ticket"), "2026-03-14 Complaint"},
		{template, without("date"), "Complaint – Anna – late delivery – CLM-1"},
		{template, without("date", "class"), "Anna – late delivery – CLM-1"},
		{template, nil, ""},
		{"{class}[ ({ticket})]", all, "Complaint (CLM-1)"},
		{"{class}[ ({ticket})]", without("ticket"), "Complaint"},
		{"{class}[ no. {ticket} of {date}] – {party}", without("date"), "Complaint – Anna"},
		{"[{ticket}: ]{class}", without("ticket"), "Complaint"},
		{"[{ticket}: ]{class}", all, "CLM-1: Complaint"},
		{"Letter of {party}", all, "Letter of Anna"},
	}
	for _, test := range tests {
		got, err := Preview(test.template, test.values)
		if err != nil || got != test.want {
			t.Errorf("%q gives %q, %v; want %q", test.template, got, err, test.want)
		}
	}
}

func TestTemplateErrorsAreSentences(t *testing.T) {
	t.Parallel()
	pack, err := LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	for template, want := range map[string]string{
		"{date":               "closing }",
		"date}":               "opening {",
		"{}":                  "without a name",
		"{dat{e}}":            "without a name",
		"fixed":               "no placeholder",
		"":                    "no placeholder",
		"{colour}":            "{colour}",
		"{date} [x]":          "needs a placeholder inside",
		"{date} [{class}":     "closing ]",
		"{date} {class}]":     "opening [",
		"[{date} [{class}] ]": "cannot stand inside",
	} {
		err := pack.CheckTemplate(template)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Sentence(err), want) {
			t.Errorf("%q is answered with %v, want something about %q", template, err, want)
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"FV/123/2026":                    "FV-123-2026",
		`..\..\etc`:                      "-..-etc",
		"a\u202egnp.exe":                 "agnp.exe",
		"tab\tand\nline \u00a0 spaces":   "tab and line spaces",
		" .hidden. ":                     "hidden",
		"what? <is> \"this\": *":         "what is this",
		"bad \xff bytes\x00":             "bad bytes",
		"Anna\u200bKovač\ufeff":          "AnnaKovač",
		strings.Repeat("word ", 20):      "word word word word word…",
		strings.Repeat("ž", 40):          strings.Repeat("ž", 29) + "…",
		"":                               "",
		"Müller & Söhne (Wien), c/o Eva": "Müller & Söhne (Wien), c-o Eva",
	} {
		if got := Clean(in, 30); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a/b\\c\u202e..", 10)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = 2 + max(limit, -limit)%200
		if limit < 2 {
			limit = 2
		}
		got := Clean(s, limit)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > limit || strings.ContainsAny(got, "/\\\x00") ||
			strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("Clean(%q, %d) = %q", s, limit, got)
		}
	})
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"{date} {class} – {party}", "[ {x} ]", "{", "]", "[[", "{a}[{b}]{c}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out, err := Preview(s, map[string]string{"a": "1", "date": "2026-03-14"})
		if err == nil && strings.ContainsAny(out, "{}") {
			t.Errorf("%q leaves a placeholder: %q", s, out)
		}
	})
}

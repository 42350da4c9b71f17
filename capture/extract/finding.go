package extract

import (
	"slices"
	"strings"

	"docket/repository/say"
	"docket/taxonomy"
)

// A finding is a candidate for the value of a field.
type finding struct {
	value       string // normalised
	text        string // as it stands; empty for all of its tokens
	first, last int    // its tokens
	parts       []span // where it stands in several places; empty for the tokens from first to before last
	confidence  float64
	how         string
}

// What doubts a finding, whatever it is.
var (
	misreadDigits = say.Text("misread digits put right")
	misreadAt     = say.Text("the sign @ was misread")
)

// value turns a finding into a field's value. The confidence of its characters lowers its own.
func (s *sheet) value(f finding) taxonomy.Value {
	v := taxonomy.Value{Value: f.value, Text: f.text, Confidence: f.confidence, How: f.how}
	if len(f.parts) == 0 {
		f.parts = []span{{f.first, f.last}}
	}
	var texts []string
	sure := 0.0
	for _, p := range f.parts {
		page, box, c := s.box(p.first, p.last)
		if v.Page == 0 {
			v.Page = page
		}
		if page == v.Page {
			v.Box = v.Box.Union(box)
		}
		sure += c / float64(len(f.parts))
		texts = append(texts, s.text(p.first, p.last))
	}
	if v.Text == "" {
		v.Text = strings.Join(texts, ", ")
	}
	v.Confidence *= 0.6 + 0.4*min(1, max(0, sure))
	v.Confidence = min(0.99, max(0, v.Confidence))
	return v
}

// best is the finding of the highest confidence, the earliest of equals. Those that agree with it on the value and stand
// elsewhere make it surer.
func best(all []finding) (finding, bool) {
	if len(all) == 0 {
		return finding{}, false
	}
	top := all[0]
	for _, f := range all[1:] {
		if f.confidence > top.confidence {
			top = f
		}
	}
	doubt := 1.0
	for _, f := range all {
		switch {
		case f.value == top.value && f.first != top.first:
			doubt *= 0.6
		case f.value != top.value && f.confidence > top.confidence-0.1:
			top.confidence -= 0.1
		}
	}
	if doubt < 1 {
		top.confidence += (0.98 - top.confidence) * (1 - doubt)
	}
	return top, true
}

// drop removes the findings for which not is true.
func drop(all []finding, not func(finding) bool) []finding { return slices.DeleteFunc(all, not) }

package capture

import (
	"docket/capture/detect"
	"docket/repository/say"
	"docket/taxonomy"
)

// Below these a person is asked.
const (
	leastFieldConfidence = 0.5 // of a required field
	leastPageConfidence  = 0.5 // of the words on the pages, weighted by their length
)

// doubts says why a person should look at a document before it is filed, in sentences; none when the machine is sure
// enough. It is a pure function of what was understood.
func doubts(c *taxonomy.Catalogue, r Reading, sure bool, legible float64, words int) []string {
	var out []string
	switch {
	case words == 0:
		return []string{say.Text("No text was found on it. Look at the page and choose what it is.")}
	case !sure:
		out = append(out, uncertain(c, r.Ranked))
	}
	if legible < leastPageConfidence {
		out = append(out, say.Text("The pages are hard to read: about %.0f%% of the text is certain.", 100*legible))
	}
	return append(out, missing(c, r)...)
}

// missing says which fields that its class requires a document lacks or holds uncertainly.
func missing(c *taxonomy.Catalogue, r Reading) (out []string) {
	class, _ := c.Class(r.Class)
	for _, f := range class.Fields {
		if !f.Required {
			continue
		}
		field, _ := c.Field(f.Field)
		title := field.Titles.In(c.Language, string(f.Field))
		switch v, ok := r.Fields[f.Field]; {
		case !ok || v.Value == "":
			out = append(out, say.Text("“%s” was not found.", title))
		case v.Confidence < leastFieldConfidence:
			out = append(out, say.Text("“%s” is uncertain: %s.", title, v.Value))
		}
	}
	return out
}

// uncertain names the likeliest classes with their confidences, rounded down as screens do, without those that hardly count.
func uncertain(c *taxonomy.Catalogue, ranked []detect.Ranked) string {
	var chances []any // title and per cent of each
	for i, r := range ranked[:min(3, len(ranked))] {
		if i > 0 && r.Confidence < 0.05 {
			break
		}
		chances = append(chances, title(c, r.Class), int(100*r.Confidence+1e-9))
	}
	switch len(chances) / 2 {
	case 1:
		return say.Text("It is not certain what this is: “%s” (%d%%).", chances...)
	case 2:
		return say.Text("It is not certain what this is: “%s” (%d%%) or “%s” (%d%%).", chances...)
	case 3:
		return say.Text("It is not certain what this is: “%s” (%d%%), “%s” (%d%%) or “%s” (%d%%).", chances...)
	}
	return say.Text("It is not certain what this is: nothing speaks for any class.")
}

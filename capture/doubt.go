package capture

import (
	"fmt"
	"strings"

	"docket/capture/detect"
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
		return []string{"No text was found on it. Look at the page and choose what it is."}
	case !sure:
		out = append(out, "It is not certain what this is: "+chances(c, r.Ranked)+".")
	}
	if legible < leastPageConfidence {
		out = append(out, fmt.Sprintf("The pages are hard to read: about %.0f %% of the text is certain.", 100*legible))
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
			out = append(out, fmt.Sprintf("“%s” was not found.", title))
		case v.Confidence < leastFieldConfidence:
			out = append(out, fmt.Sprintf("“%s” is uncertain: %s.", title, v.Value))
		}
	}
	return out
}

// chances names the likeliest classes with their confidences, without those that hardly count.
func chances(c *taxonomy.Catalogue, ranked []detect.Ranked) string {
	var parts []string
	for i, r := range ranked[:min(3, len(ranked))] {
		if i > 0 && r.Confidence < 0.05 {
			break
		}
		class, _ := c.Class(r.Class)
		parts = append(parts, fmt.Sprintf("%s %.0f %%", strings.ToLower(class.Titles.In(c.Language, string(r.Class))), 100*r.Confidence))
	}
	if len(parts) == 0 {
		return "nothing speaks for any class"
	}
	return strings.Join(parts, ", ")
}

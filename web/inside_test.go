package web

import (
	"strings"
	"testing"
)

// A document's page leads to what came inside it and to what it came in, as far as the person may see it.
func TestPartsAndWhatIsAroundThem(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	part := h.receiveInside(t, h.filed, "enclosure.pdf", "enclosed")
	outer, inner := "/documents/"+h.filed.Document.String(), "/documents/"+part.Document.String()
	ben, rosa := h.as(t, "ben"), h.as(t, "rosa")
	if page := h.as(t, "mia").get(outer).body; !strings.Contains(page, inner) || !strings.Contains(page, "enclosure.pdf") {
		t.Error("the message's page lacks its part")
	}
	if page := ben.get(outer).body; strings.Contains(page, inner) {
		t.Error("an agent is led to what is not filed yet")
	}
	h.exec(t, "update taxonomy.record set class = 'container' where document = $1", h.filed.Document)
	h.exec(t, "delete from repository.rendition where document = $1", h.filed.Document)
	h.exec(t, "delete from repository.page_text where document = $1", h.filed.Document)
	if page := h.as(t, "mia").get(outer).body; strings.Contains(page, "Not read yet") || strings.Count(page, inner) != 1 {
		t.Error("a container does not show its parts in place of pages")
	}
	h.read(t, part, letters[0], 0.97)
	h.file(t, part, letters[0])
	h.exec(t, "update taxonomy.record set part_of = $2 where document = $1", part.Document, h.filed.Document)
	if page := ben.get(inner).body; !strings.Contains(page, outer) || !strings.Contains(page, "Part of") {
		t.Error("the part's page lacks its message")
	}
	h.exec(t, "update taxonomy.record set readers = '{role:records-manager}' where document = $1", h.filed.Document)
	if page := ben.get(inner).body; strings.Contains(page, outer) {
		t.Error("the part's page leads to what the person may not see")
	}
	if page := rosa.get(inner).body; !strings.Contains(page, outer) {
		t.Error("the part's page hides its message from who may see it")
	}
}

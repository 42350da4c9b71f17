package capture

import (
	"docket/capture/page"
	"docket/repository/say"
	"docket/taxonomy"
)

// container is the reading of an archive. It is told by its bytes and says nothing itself: what it held are documents of their
// own, part of it, and it is kept as it came. A person is asked only when something could not be taken out.
func container(r Reading, found page.Document) Reading {
	r.Class, r.Confidence, r.Fields = taxonomy.Container, 1, taxonomy.Values{}
	for _, f := range found.Flags {
		if f == page.Incomplete {
			r.Doubts = []string{say.Text("Not everything in this archive could be taken out. What could is on its way; look whether the rest matters.")}
		}
	}
	return r
}

// howTold says why a document is of its class.
func howTold(r Reading) string {
	switch {
	case r.Class == taxonomy.Container:
		return say.Text("an archive, told by its bytes")
	case r.Cover:
		return say.Text("recognised by the machine, with what is attached")
	}
	return say.Text("recognised by the machine")
}

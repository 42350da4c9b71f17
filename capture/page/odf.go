package page

import (
	"archive/zip"
	"context"
	"strings"

	"docket/repository/fault"
)

// readODF reads an OpenDocument text, sheet or presentation, all of which keep their text in one part.
func readODF(w *reading, ctx context.Context) error {
	return w.readPackage(ctx, func(z *zip.Reader) ([]block, error) {
		if odfEncrypted(z) {
			return nil, fault.New(fault.Invalid, "The office file is encrypted and opens only with a password. Please ask the sender for a copy without one.")
		}
		return odfMarkup().blocks(z, "content.xml")
	})
}

func odfEncrypted(z *zip.Reader) bool {
	found := false
	_ = visit(z, "META-INF/manifest.xml", visitor{start: func(e element) { found = found || e.name == "encryption-data" }})
	return found
}

// odfMarkup leaves out what was deleted while changes were tracked.
func odfMarkup() markup {
	return markup{text: "body", paragraphs: []string{"p", "h"}, table: "table", row: "table-row", cell: "table-cell",
		left: []string{"tracked-changes"}, start: func(f *flow, e element) {
			switch e.name {
			case "h":
				f.bold = true
			case "s":
				f.text.WriteString(strings.Repeat(" ", min(max(e.number("c"), 1), 200)))
			case "tab":
				f.text.WriteByte('\t')
			case "line-break":
				f.text.WriteByte('\n')
			case "page": // of a presentation
				f.flush()
				f.breaks = len(f.blocks) > 0
			}
		}}
}

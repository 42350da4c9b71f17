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
		return odfBlocks(z)
	})
}

func odfEncrypted(z *zip.Reader) bool {
	found := false
	_ = visit(z, "META-INF/manifest.xml", visitor{start: func(e element) { found = found || e.name == "encryption-data" }})
	return found
}

func odfBlocks(z *zip.Reader) ([]block, error) {
	f := &flow{}
	inBody, left := false, 0
	err := visit(z, "content.xml", visitor{
		start: func(e element) {
			switch e.name {
			case "body":
				inBody = true
			case "h":
				f.bold = true
			case "s":
				f.text.WriteString(strings.Repeat(" ", min(max(e.number("c"), 1), 200)))
			case "tab":
				f.text.WriteByte('\t')
			case "line-break":
				f.text.WriteByte('\n')
			case "table":
				f.beginTable()
			case "tracked-changes":
				left++
			case "page": // of a presentation
				f.flush()
				f.breaks = len(f.blocks) > 0
			}
		},
		end: func(name string) {
			switch name {
			case "p", "h":
				f.flush()
			case "table-cell":
				f.endCell()
			case "table-row":
				f.endRow()
			case "table":
				f.endTable()
			case "tracked-changes":
				left--
			}
		},
		text: func(s string) {
			if inBody && left == 0 {
				f.text.WriteString(visible(s))
			}
		},
	})
	return f.end(), err
}

package page

import (
	"archive/zip"
	"slices"
)

// A markup says how a kind of office file writes its text: by which elements, named without their namespace.
type markup struct {
	text             string   // holds all text
	paragraphs       []string // end a paragraph
	table, row, cell string
	left             []string             // are left out with all that they hold
	start            func(*flow, element) // does what else begins: tabs, breaks, styles
}

// officeText is the markup that Word and the drawings of presentations share.
var officeText = markup{text: "t", paragraphs: []string{"p"}, table: "tbl", row: "tr", cell: "tc"}

// blocks reads the paragraphs and tables of one part. With errBroken it gives what was read before the part broke off.
func (m markup) blocks(z *zip.Reader, part string) ([]block, error) {
	f := &flow{}
	inText, left := false, 0
	err := visit(z, part, visitor{
		start: func(e element) {
			switch {
			case e.name == m.text:
				inText = true
			case e.name == m.table:
				f.beginTable()
			case slices.Contains(m.left, e.name):
				left++
			default:
				m.start(f, e)
			}
		},
		end: func(name string) {
			switch {
			case name == m.text:
				inText = false
			case slices.Contains(m.left, name):
				left--
			default:
				m.end(f, name)
			}
		},
		text: func(s string) {
			if inText && left <= 0 {
				f.text.WriteString(visible(s))
			}
		},
	})
	return f.end(), err
}

func (m markup) end(f *flow, name string) {
	switch name {
	case m.cell:
		f.endCell()
	case m.row:
		f.endRow()
	case m.table:
		f.endTable()
	default:
		if slices.Contains(m.paragraphs, name) {
			f.flush()
		}
	}
}

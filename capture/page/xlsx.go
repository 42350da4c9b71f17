package page

import (
	"archive/zip"
	"context"
	"path"
	"strconv"
	"strings"
	"time"
)

// readXLSX reads a workbook: each sheet begins a page, each row is a row.
func readXLSX(w *reading, ctx context.Context) error {
	return w.readPackage(ctx, func(z *zip.Reader) ([]block, error) {
		book := &workbook{}
		if err := book.readShared(z); err != nil {
			return nil, err
		}
		if err := book.readStyles(z); err != nil {
			return nil, err
		}
		names, err := sheetNames(z)
		if err != nil {
			return nil, err
		}
		var all []block
		for i, part := range numbered(z, "xl/worksheets/sheet") {
			title := path.Base(part)
			if i < len(names) {
				title = names[i]
			}
			head := heading(title)
			head.breaks = true
			rows, err := book.sheet(z, part)
			if len(rows) > 0 {
				all = append(append(all, head), rows...)
			}
			if err != nil {
				return all, err
			}
		}
		return all, nil
	})
}

// A workbook is what the sheets share.
type workbook struct {
	shared []string
	dates  map[int]bool // cell styles that show a date
}

// maxShared bounds the shared strings held in memory.
const maxShared = 64 << 20

func (b *workbook) readShared(z *zip.Reader) error {
	var s strings.Builder
	inText, phonetic, total := false, false, 0
	return visit(z, "xl/sharedStrings.xml", visitor{
		start: func(e element) {
			inText = e.name == "t"
			phonetic = phonetic || e.name == "rPh"
		},
		end: func(name string) {
			inText = false
			switch name {
			case "rPh":
				phonetic = false
			case "si":
				b.shared = append(b.shared, s.String())
				s.Reset()
			}
		},
		text: func(t string) {
			if inText && !phonetic && total < maxShared {
				total += len(t)
				s.WriteString(visible(t))
			}
		},
	})
}

// readStyles finds the cell styles whose number format shows a date (ECMA-376, part 1, 18.8.30).
func (b *workbook) readStyles(z *zip.Reader) error {
	b.dates = map[int]bool{}
	custom := map[int]bool{}
	inCells, style := false, 0
	return visit(z, "xl/styles.xml", visitor{
		start: func(e element) {
			switch e.name {
			case "numFmt":
				code := strings.ToLower(e.attr("formatCode"))
				custom[e.number("numFmtId")] = strings.Contains(code, "yy") || strings.Contains(code, "d") && strings.Contains(code, "m") && !strings.Contains(code, "[red]")
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells {
					id := e.number("numFmtId")
					b.dates[style] = id >= 14 && id <= 17 || id == 22 || custom[id]
					style++
				}
			}
		},
		end: func(name string) { inCells = inCells && name != "cellXfs" },
	})
}

func sheetNames(z *zip.Reader) ([]string, error) {
	var names []string
	err := visit(z, "xl/workbook.xml", visitor{start: func(e element) {
		if e.name == "sheet" {
			names = append(names, e.attr("name"))
		}
	}})
	return names, err
}

// A cell is what is gathered of one cell.
type cell struct {
	kind  string // s shared, inlineStr, str, b, e, n
	style int
	value strings.Builder
}

// sheet reads the rows of a sheet that hold anything. Columns that are empty throughout a row take no room.
func (b *workbook) sheet(z *zip.Reader, part string) ([]block, error) {
	var all []block
	var cells []string
	var c cell
	inValue := false
	err := visit(z, part, visitor{
		start: func(e element) {
			switch e.name {
			case "row":
				cells = nil
			case "c":
				c = cell{kind: e.attr("t"), style: e.number("s")}
			case "v", "t":
				inValue = true
			}
		},
		end: func(name string) {
			switch name {
			case "v", "t":
				inValue = false
			case "c":
				if s := b.show(&c); s != "" {
					cells = append(cells, s)
				}
			case "row":
				all = append(all, row(cells)...)
			}
		},
		text: func(s string) {
			if inValue {
				c.value.WriteString(visible(s))
			}
		},
	})
	return all, err
}

// show gives a cell as a person sees it, near enough: shared strings, dates, yes and no, numbers as they are.
func (b *workbook) show(c *cell) string {
	s := strings.TrimSpace(c.value.String())
	switch c.kind {
	case "s":
		if i, err := strconv.Atoi(s); err == nil && i >= 0 && i < len(b.shared) {
			return strings.TrimSpace(b.shared[i])
		}
		return ""
	case "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[s]
	case "", "n":
		if v, err := strconv.ParseFloat(s, 64); err == nil {
			return b.number(v, s, c.style)
		}
	}
	return s
}

// number shows a number; dates count days since 30 December 1899, so that 1 March 1900 comes out right.
func (b *workbook) number(v float64, s string, style int) string {
	if b.dates[style] && v >= 1 && v < 2958466 {
		day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Add(time.Duration(v * 24 * float64(time.Hour)))
		if v == float64(int(v)) {
			return day.Format(time.DateOnly)
		}
		return day.Round(time.Minute).Format("2006-01-02 15:04")
	}
	if len(s) > 12 { // 0.30000000000000004
		return strconv.FormatFloat(v, 'g', 12, 64)
	}
	return s
}

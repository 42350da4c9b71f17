package web

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"docket/repository/fault"
	"docket/web/api"
)

// Tables to take away: CSV, and the format of spreadsheets (ECMA-376, "xlsx"). Rows are sent as they are read, so a large table needs
// no memory and begins at once.

// exportRows is the most rows that a table has.
const exportRows = 10_000

// A sheet is a table that is being sent. A cell is a string, an int or a time.Time, which is a day.
type sheet interface {
	row(cells ...any) error
	flush() error // sends what there is
	close() error
}

// sendSheet answers with a table in the format that the address ends in. When something goes wrong on the way the connection is
// cut, so that nobody takes half a table for all of it.
func (v *visit) sendSheet(name string, head []any, fill func(sheet) error) error {
	format := v.param("format")
	if format != "csv" && format != "xlsx" {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	out := v.startSheet(name, format)
	err := out.row(head...)
	if err == nil {
		err = fill(out)
	}
	if err == nil {
		err = out.close()
	}
	if err != nil {
		v.server.logFailure(v, http.StatusInternalServerError, err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

func (v *visit) startSheet(name, format string) sheet {
	w := v.gin.Writer
	media := "text/csv; charset=utf-8"
	if format == "xlsx" {
		media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", api.Attachment(fmt.Sprintf("%s-%s.%s", name, v.now.Format(time.DateOnly), format)))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	if format == "xlsx" {
		return newWorkbook(w)
	}
	return newCSV(w)
}

// flushed sends what has been written so far.
func flushed(w io.Writer) error {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	return nil
}

// A csvSheet begins with a byte order mark, without which spreadsheets take UTF-8 for something older.
type csvSheet struct {
	to io.Writer
	*csv.Writer
}

func newCSV(w io.Writer) *csvSheet {
	_, _ = io.WriteString(w, "\ufeff") // an error comes again with the first row
	s := &csvSheet{w, csv.NewWriter(w)}
	s.UseCRLF = true
	return s
}

func (s *csvSheet) row(cells ...any) error {
	texts := make([]string, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case time.Time:
			if !c.IsZero() {
				texts[i] = c.Format(time.DateOnly)
			}
		case string:
			texts[i] = harmless(c)
		default:
			texts[i] = fmt.Sprint(c)
		}
	}
	return s.Write(texts)
}

// harmless keeps a spreadsheet from taking somebody's text for a formula (OWASP, "CSV Injection").
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func (s *csvSheet) flush() error {
	s.Flush()
	if err := s.Error(); err != nil {
		return err
	}
	return flushed(s.to)
}

func (s *csvSheet) close() error { return s.flush() }

// A workbook has one sheet whose texts stand in their cells. Its first row is the head: bold, and it stays in sight.
type workbook struct {
	to   io.Writer
	zip  *zip.Writer
	body *bufio.Writer
	rows int
	err  error
}

// workbookParts are the files of a workbook beside its one sheet. Style 1 is a day, style 2 bold.
var workbookParts = []struct{ name, body string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Docket" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="14" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`},
}

func newWorkbook(w io.Writer) *workbook {
	b := &workbook{to: w, zip: zip.NewWriter(w)}
	create := func(name string) io.Writer {
		part, err := b.zip.Create(name)
		if err != nil {
			b.err = err
			return io.Discard
		}
		_, b.err = io.WriteString(part, xml.Header)
		return part
	}
	for _, p := range workbookParts {
		if _, err := io.WriteString(create(p.name), p.body); err != nil {
			b.err = err
		}
	}
	b.body = bufio.NewWriter(create("xl/worksheets/sheet1.xml"))
	_, _ = b.body.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><sheetData>`)
	return b
}

// epoch is day 0 of spreadsheets, such that days from 1 March 1900 on are right (ECMA-376-1, 18.17.4.1).
var epoch = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// maxCell is the longest text of a cell, in characters.
const maxCell = 32_767

func (b *workbook) row(cells ...any) error {
	if b.err != nil {
		return b.err
	}
	b.rows++
	_, _ = b.body.WriteString("<row>")
	for _, c := range cells {
		b.cell(c)
	}
	_, err := b.body.WriteString("</row>") // bufio keeps the first error
	return err
}

func (b *workbook) cell(c any) {
	switch c := c.(type) {
	case int:
		fmt.Fprintf(b.body, "<c><v>%d</v></c>", c)
	case time.Time:
		if c.IsZero() {
			_, _ = b.body.WriteString("<c/>")
			return
		}
		day := time.Date(c.Year(), c.Month(), c.Day(), 0, 0, 0, 0, time.UTC)
		fmt.Fprintf(b.body, `<c s="1"><v>%d</v></c>`, int(day.Sub(epoch).Hours()/24))
	default:
		text := []rune(fmt.Sprint(c))
		style := ""
		if b.rows == 1 {
			style = ` s="2"`
		}
		fmt.Fprintf(b.body, `<c%s t="inlineStr"><is><t xml:space="preserve">`, style)
		_ = xml.EscapeText(b.body, []byte(string(text[:min(len(text), maxCell)])))
		_, _ = b.body.WriteString("</t></is></c>")
	}
}

func (b *workbook) flush() error {
	if err := b.body.Flush(); err != nil {
		return err
	}
	if err := b.zip.Flush(); err != nil {
		return err
	}
	return flushed(b.to)
}

func (b *workbook) close() error {
	_, _ = b.body.WriteString("</sheetData></worksheet>")
	if err := b.body.Flush(); err != nil {
		return err
	}
	return b.zip.Close()
}

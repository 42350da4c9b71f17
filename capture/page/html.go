package page

import (
	"bytes"
	"context"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// readHTML reads a web page as text; nothing it refers to is fetched.
func readHTML(w *reading, ctx context.Context) error {
	data, err := w.readAll()
	if err != nil {
		return err
	}
	title, blocks := htmlBlocks(decodeHTML(data))
	w.doc.Meta.Title = title
	return w.setBlocks(ctx, blocks)
}

// decodeHTML heeds the charset that the page declares in its head.
func decodeHTML(data []byte) string {
	_, name, certain := charset.DetermineEncoding(data, "text/html")
	if name == "windows-1252" && !certain {
		name = ""
	}
	return decodeText(data, name)
}

// setBlocks sets blocks that are held in memory.
func (w *reading) setBlocks(ctx context.Context, blocks []block) error {
	return w.setText(ctx, func(yield func(block) bool) {
		for _, b := range blocks {
			if !yield(b) {
				return
			}
		}
	})
}

// A flow gathers text into blocks: paragraphs, and rows of cells within tables.
type flow struct {
	blocks []block
	text   strings.Builder
	bold   bool     // the paragraph is a heading
	row    []string // cells of the row that is open
	depth  int      // of tables: only the outermost makes rows
	breaks bool     // the next block begins a page
}

// flush ends a paragraph. In a cell it only ends a line.
func (f *flow) flush() {
	s := strings.TrimSpace(f.text.String())
	if f.depth > 0 {
		if s != "" && !strings.HasSuffix(f.text.String(), "\n") {
			f.text.WriteByte('\n')
		}
		return
	}
	f.text.Reset()
	if s != "" {
		f.add(block{cells: []string{s}, bold: f.bold})
	}
	f.bold = false
}

func (f *flow) add(b block) {
	b.breaks = f.breaks
	f.breaks = false
	f.blocks = append(f.blocks, b)
}

func (f *flow) beginTable() {
	f.flush()
	f.depth++
}

// endCell ends a cell of the outermost table.
func (f *flow) endCell() {
	if f.depth != 1 {
		f.flush()
		return
	}
	f.row = append(f.row, strings.TrimSpace(f.text.String()))
	f.text.Reset()
}

func (f *flow) endRow() {
	if f.depth != 1 {
		return
	}
	if strings.TrimSpace(f.text.String()) != "" {
		f.endCell()
	}
	f.text.Reset()
	row := trimCells(f.row)
	f.row = nil
	if len(row) > 0 {
		f.add(block{cells: row})
	}
}

func (f *flow) endTable() {
	if f.depth == 1 {
		f.endRow()
	}
	f.depth = max(0, f.depth-1)
}

// end gives all blocks.
func (f *flow) end() []block {
	if f.depth > 0 {
		f.depth = 1
		f.endTable()
	}
	f.flush()
	return f.blocks
}

// trimCells drops empty cells at the end.
func trimCells(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// htmlBlocks takes the text out of a page. It goes by tags alone and builds no tree, so nesting costs nothing.
func htmlBlocks(page string) (title string, blocks []block) {
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(maxText)
	f := &flow{}
	hidden, inTitle := atom.Atom(0), false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return title, f.end()
		case html.TextToken:
			switch {
			case inTitle:
				title += strings.TrimSpace(cleanText(html.UnescapeString(string(z.Raw()))))
			case hidden == 0:
				f.text.Write(collapse(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			switch tag {
			case atom.Script, atom.Style, atom.Template, atom.Noscript:
				if hidden == 0 {
					hidden = tag
				}
			case atom.Title:
				inTitle = true
			default:
				f.htmlStart(tag)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			inTitle = inTitle && tag != atom.Title
			if tag == hidden {
				hidden = 0
			}
			f.htmlEnd(tag)
		}
	}
}

// collapse turns runs of white space into single spaces, as a browser does.
func collapse(text []byte) []byte {
	fields := bytes.Fields(text)
	if len(fields) == 0 {
		if len(text) > 0 {
			return []byte(" ")
		}
		return nil
	}
	out := bytes.Join(fields, []byte(" "))
	if isSpace(text[0]) {
		out = append([]byte(" "), out...)
	}
	if isSpace(text[len(text)-1]) {
		out = append(out, ' ')
	}
	return []byte(visible(string(out)))
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' || b == '\f' }

func (f *flow) htmlStart(tag atom.Atom) {
	switch tag {
	case atom.Br:
		f.text.WriteByte('\n')
	case atom.Li:
		f.flush()
		f.text.WriteString("• ")
	case atom.H1, atom.H2, atom.H3, atom.H4:
		f.flush()
		f.bold = true
	case atom.Table:
		f.beginTable()
	case atom.P, atom.Div, atom.Ul, atom.Ol, atom.Hr, atom.Blockquote, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Pre, atom.H5, atom.H6, atom.Dt, atom.Dd, atom.Form, atom.Address, atom.Option:
		f.flush()
	}
}

func (f *flow) htmlEnd(tag atom.Atom) {
	switch tag {
	case atom.Td, atom.Th:
		f.endCell()
	case atom.Tr:
		f.endRow()
	case atom.Table:
		f.endTable()
	case atom.P, atom.Div, atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Pre, atom.Dt, atom.Dd, atom.Form, atom.Address:
		f.flush()
	}
}

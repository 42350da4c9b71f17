package page

import (
	"archive/zip"
	"context"
	"errors"
	"path"
	"slices"
	"strings"
)

// readDOCX reads a Word document: headers, body, notes, footers.
func readDOCX(w *reading, ctx context.Context) error {
	return w.readPackage(ctx, func(z *zip.Reader) ([]block, error) {
		var all []block
		for _, part := range docxParts(z) {
			blocks, err := docxMarkup().blocks(z, part)
			all = append(all, blocks...)
			if err != nil {
				return all, err
			}
		}
		return all, nil
	})
}

// readPackage reads the text of an office file and sets it. What is broken is read as far as it goes.
func (w *reading) readPackage(ctx context.Context, read func(*zip.Reader) ([]block, error)) error {
	z, err := openPackage(w.file)
	if err != nil {
		return err
	}
	defer z.Close()
	blocks, err := read(&z.Reader)
	if errors.Is(err, errBroken) {
		w.flag(Repaired)
	} else if err != nil {
		return err
	}
	w.doc.Meta = properties(&z.Reader)
	for _, f := range z.File {
		if path.Base(f.Name) == "vbaProject.bin" {
			w.flag(Macros)
		}
		if strings.HasPrefix(f.Name, "_xmlsignatures/") || f.Name == "META-INF/documentsignatures.xml" {
			w.flag(Signed)
		}
	}
	return w.setBlocks(ctx, blocks)
}

// docxParts are the parts with text in the order in which they are read.
func docxParts(z *zip.Reader) []string {
	var headers, footers []string
	for _, f := range z.File {
		switch name := path.Base(f.Name); {
		case path.Dir(f.Name) != "word":
		case strings.HasPrefix(name, "header"):
			headers = append(headers, f.Name)
		case strings.HasPrefix(name, "footer"):
			footers = append(footers, f.Name)
		}
	}
	slices.Sort(headers)
	slices.Sort(footers)
	return slices.Concat(headers, []string{"word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml"}, footers)
}

// docxMarkup leaves out text that was deleted, and the alternative for old programs.
func docxMarkup() markup {
	m := officeText
	m.left = []string{"Fallback", "del"}
	m.start = func(f *flow, e element) {
		switch e.name {
		case "tab", "ptab":
			f.text.WriteByte('\t')
		case "br", "cr":
			if e.attr("type") == "page" {
				f.flush()
				f.breaks = true
			}
			f.text.WriteByte('\n')
		case "noBreakHyphen":
			f.text.WriteByte('-')
		case "pStyle":
			f.bold = headingStyle(e.attr("val"))
		}
	}
	return m
}

func headingStyle(style string) bool {
	style = strings.ToLower(style)
	return strings.HasPrefix(style, "heading") || strings.HasPrefix(style, "title") || strings.HasPrefix(style, "berschrift") || strings.HasPrefix(style, "überschrift")
}

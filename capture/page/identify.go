package page

import (
	"bytes"
	"context"
	"strings"

	"docket/repository/fault"

	"github.com/gabriel-vasile/mimetype"
)

type readFunc = func(*reading, context.Context) error

// formats maps media types told by bytes to what reads them.
var formats = map[string]struct {
	kind Kind
	read readFunc
}{
	"application/pdf": {PDF, readPDF},
	"image/jpeg":      {Image, readImages},
	"image/png":       {Image, readImages},
	"image/tiff":      {Image, readImages},
	"image/webp":      {Image, readImages},
	"image/bmp":       {Image, readImages},
	"image/gif":       {Image, readImages},
	"image/jp2":       {Image, readImages},
	"text/plain":      {Text, readText},
}

// named maps endings of names to the kind that they promise.
var named = map[string]Kind{
	".pdf": PDF, ".jpg": Image, ".jpeg": Image, ".png": Image, ".tif": Image, ".tiff": Image, ".webp": Image, ".bmp": Image, ".gif": Image,
	".txt": Text, ".md": Text, ".htm": HTML, ".html": HTML, ".csv": CSV, ".rtf": RTF, ".docx": Word, ".odt": Word, ".xlsx": Sheet, ".ods": Sheet,
	".pptx": Presentation, ".odp": Presentation, ".eml": Mail, ".zip": Archive, ".doc": "old word", ".xls": "old sheet", ".exe": "program",
}

// alike says whether two kinds are both plain text, which only the name can tell apart.
func alike(a, b Kind) bool {
	plain := func(k Kind) bool { return k == Text || k == HTML || k == CSV || k == Mail || k == RTF }
	return plain(a) && plain(b)
}

// identify tells what a file is by the bytes at its beginning and, for plain text, by its ending.
func identify(m *mimetype.MIME, head []byte, ext string) format {
	if i := bytes.Index(head[:min(len(head), 1024)], []byte("%PDF-")); i >= 0 {
		return known("application/pdf")
	}
	for t := m; t != nil; t = t.Parent() {
		media, _, _ := strings.Cut(t.String(), ";")
		if f := known(media); f.read != nil {
			return f
		}
	}
	media, _, _ := strings.Cut(m.String(), ";")
	return format{mediaType: media}
}

func known(media string) format {
	f, ok := formats[media]
	if !ok {
		return format{mediaType: media}
	}
	return format{kind: f.kind, mediaType: media, read: f.read}
}

// unsupported says what a file is that cannot be read.
func unsupported(media, ext string) error {
	switch {
	case executables[media]:
		return fault.New(fault.Unsupported, "The file is a program, not a document. It was kept but will not be opened.")
	case media == "application/octet-stream":
		return fault.New(fault.Unsupported, "The file is of a kind that is not known. It was kept; please look at it by hand.")
	}
	return fault.New(fault.Unsupported, "Files of the kind %s cannot be read. It was kept; please look at it by hand.", media)
}

var executables = map[string]bool{
	"application/vnd.microsoft.portable-executable": true, "application/x-elf": true, "application/x-executable": true, "application/x-sharedlib": true,
	"application/x-object": true, "application/x-coredump": true, "application/x-mach-binary": true, "application/x-msdownload": true, "application/jar": true,
	"application/java-archive": true, "application/x-java-applet": true, "application/wasm": true, "application/x-ms-installer": true, "application/x-ms-shortcut": true,
}

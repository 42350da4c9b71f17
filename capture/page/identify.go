package page

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/say"

	"github.com/gabriel-vasile/mimetype"
)

// A reader of one kind of file.
type readFunc = func(*reading, context.Context) error

const (
	ooxml       = "application/vnd.openxmlformats-officedocument."
	odf         = "application/vnd.oasis.opendocument."
	unknownType = "application/octet-stream"
	outlookType = "application/vnd.ms-outlook"
)

// formats maps media types told by bytes to what reads them.
var formats = map[string]struct {
	kind Kind
	read readFunc
}{
	"application/pdf":                     {PDF, readPDF},
	"image/jpeg":                          {Image, readImages},
	"image/png":                           {Image, readImages},
	"image/tiff":                          {Image, readImages},
	"image/webp":                          {Image, readImages},
	"image/bmp":                           {Image, readImages},
	"image/gif":                           {Image, readImages},
	"image/jp2":                           {Image, readImages},
	"text/html":                           {HTML, readHTML},
	"text/csv":                            {CSV, readCSV},
	"text/rtf":                            {RTF, readRTF},
	"text/plain":                          {Text, readText},
	"message/rfc822":                      {Mail, readMail},
	outlookType:                           {Mail, readOutlook},
	"application/zip":                     {Archive, readZip},
	ooxml + "wordprocessingml.document":   {Word, readDOCX},
	ooxml + "spreadsheetml.sheet":         {Sheet, readXLSX},
	ooxml + "presentationml.presentation": {Presentation, readPPTX},
	odf + "text":                          {Word, readODF},
	odf + "spreadsheet":                   {Sheet, readODF},
	odf + "presentation":                  {Presentation, readODF},
}

// packages maps a part that a zip archive holds to the media type that this makes it.
var packages = map[string]string{
	"word/document.xml":    ooxml + "wordprocessingml.document",
	"xl/workbook.xml":      ooxml + "spreadsheetml.sheet",
	"ppt/presentation.xml": ooxml + "presentationml.presentation",
}

// named maps endings of names to the kind that they promise.
var named = map[string]Kind{
	".pdf": PDF, ".jpg": Image, ".jpeg": Image, ".png": Image, ".tif": Image, ".tiff": Image, ".webp": Image, ".bmp": Image, ".gif": Image,
	".txt": Text, ".md": Text, ".htm": HTML, ".html": HTML, ".csv": CSV, ".rtf": RTF, ".docx": Word, ".docm": Word, ".odt": Word, ".xlsx": Sheet,
	".xlsm": Sheet, ".ods": Sheet, ".pptx": Presentation, ".odp": Presentation, ".eml": Mail, ".msg": Mail, ".zip": Archive, ".doc": "old word", ".xls": "old sheet",
	".exe": "program",
}

// identify tells what a file is by the bytes at its beginning, for a zip archive by what it holds, and for plain text by
// its ending, since kinds of plain text look alike.
func identify(file string, head []byte, ext string) format {
	if repository.NamedMessage("x"+ext, head) {
		return known("message/rfc822")
	}
	if bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) {
		return known("application/pdf")
	}
	m := mimetype.Detect(head)
	switch {
	case m.Is("application/zip") || m.Parent() != nil && descends(m, "application/zip"):
		return known(zipType(file))
	case m.Is("application/x-ole-storage") || descends(m, "application/x-ole-storage"):
		if outlook, err := contains(file, outlookNames); err == nil && outlook && !m.Is("application/msword") {
			return known(outlookType)
		}
		return format{mediaType: m.String()}
	case descends(m, "text/plain") || looksUTF16(head, 0) || looksUTF16(head, 1):
		return known(textType(m, head, ext))
	}
	for t := m; t != nil; t = t.Parent() {
		media, _, _ := strings.Cut(t.String(), ";")
		if f := known(media); f.read != nil {
			return f
		}
	}
	if m.Is(unknownType) && mostlyText(head) {
		return known(textType(m, head, ext))
	}
	media, _, _ := strings.Cut(m.String(), ";")
	return format{mediaType: media}
}

// descends says whether m is of a media type or of a kind of it.
func descends(m *mimetype.MIME, media string) bool {
	for ; m != nil; m = m.Parent() {
		if m.Is(media) {
			return true
		}
	}
	return false
}

// zipType looks into an archive. An office file need not begin with its telling part.
func zipType(file string) string {
	z, err := zip.OpenReader(file)
	if err != nil {
		return "application/zip"
	}
	defer z.Close()
	for _, f := range z.File {
		if media := packages[f.Name]; media != "" {
			return media
		}
	}
	if has(&z.Reader, "content.xml") {
		media := make([]byte, 100)
		if f, err := z.Open("mimetype"); err == nil {
			defer f.Close()
			n, _ := f.Read(media)
			media = media[:n]
		}
		name := strings.TrimSuffix(strings.TrimSpace(string(media)), "-template")
		if known(name).read != nil {
			return name
		}
		return odf + "text"
	}
	return "application/zip"
}

// textType tells kinds of plain text apart: by a beginning that is telling, else by the ending of the name.
func textType(m *mimetype.MIME, head []byte, ext string) string {
	media, _, _ := strings.Cut(m.String(), ";")
	switch {
	case media == "text/rtf" || bytes.HasPrefix(bytes.TrimLeft(head, " \r\n\t\xef\xbb\xbf"), []byte(`{\rtf`)):
		return "text/rtf"
	case repository.IsMessage(head):
		return "message/rfc822"
	case media == "text/html" || media == "application/xhtml+xml":
		return "text/html"
	case named[ext] == HTML && bytes.Contains(head, []byte("</")):
		return "text/html"
	case named[ext] == CSV:
		return "text/csv"
	}
	return "text/plain"
}

// mostlyText says whether bytes in an unknown charset are text: control characters other than line ends are rare in it.
func mostlyText(head []byte) bool {
	odd := 0
	for _, b := range head {
		if b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 0x1a && b != 0x1b {
			odd++
		}
	}
	return odd*200 <= len(head)
}

func known(media string) format {
	f, ok := formats[media]
	if !ok {
		return format{mediaType: media}
	}
	return format{kind: f.kind, mediaType: media, read: f.read}
}

// misnamed says whether a name promises another kind than the bytes keep. Kinds of plain text are not told apart.
func misnamed(ext string, kind Kind) bool {
	promised := named[ext]
	plain := func(k Kind) bool { return k == Text || k == HTML || k == CSV || k == Mail }
	return promised != "" && promised != kind && !(plain(promised) && plain(kind))
}

// unsupported says of a file that cannot be read what it is.
func unsupported(file string, f format) error {
	media := f.mediaType
	switch {
	case executables[media]:
		return fault.New(fault.Unsupported, "The file is a program, not a document. It was kept but will not be opened.")
	case media == unknownType:
		return fault.New(fault.Unsupported, "The file is of a kind that is not known. It was kept; please look at it by hand.")
	case old[media] != "":
		if locked, err := contains(file, encryptedPackage); err == nil && locked {
			return fault.New(fault.Invalid, "The office file is encrypted and opens only with a password. Please ask the sender for a copy without one.")
		}
		return fault.New(fault.Unsupported, "%s cannot be read. The file was kept; please ask the sender for a PDF, or convert it by hand.", old[media])
	}
	return fault.New(fault.Unsupported, "Files of the kind “%s” cannot be read. The file was kept; please look at it by hand.", media)
}

// encryptedPackage is the name, in UTF-16, of the stream in which an encrypted office file lies.
var encryptedPackage = utf16Name("EncryptedPackage")

// outlookNames is the name, in UTF-16, of a folder that every message saved by Outlook has.
var outlookNames = utf16Name("__nameid_version1.0")

// utf16Name writes an ASCII name as compound files do.
func utf16Name(name string) []byte {
	return []byte(strings.Join(strings.Split(name, ""), "\x00") + "\x00")
}

// old are the binary office formats from before 2007.
var old = map[string]string{
	"application/msword": say.Text("Files of Word from before 2007 (.doc)"), "application/vnd.ms-excel": say.Text("Files of Excel from before 2007 (.xls)"),
	"application/vnd.ms-powerpoint": say.Text("Files of PowerPoint from before 2007 (.ppt)"),
	"application/x-ole-storage":     say.Text("Office files from before 2007"),
}

var executables = map[string]bool{
	"application/vnd.microsoft.portable-executable": true, "application/x-elf": true, "application/x-executable": true, "application/x-sharedlib": true,
	"application/x-object": true, "application/x-coredump": true, "application/x-mach-binary": true, "application/x-java-applet": true,
	"application/wasm": true, "application/x-ms-installer": true, "application/x-ms-shortcut": true,
}

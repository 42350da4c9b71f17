package web

import (
	"cmp"
	"strings"

	"docket/repository/say"
)

// mediaNames are what people call the media types that are received most. Those without a name are shown as they are.
var mediaNames = map[string]string{
	"application/pdf":          "PDF",
	"image/jpeg":               say.Text("JPEG image"),
	"image/png":                say.Text("PNG image"),
	"image/tiff":               say.Text("TIFF image"),
	"image/webp":               say.Text("WebP image"),
	"image/gif":                say.Text("GIF image"),
	"image/bmp":                say.Text("BMP image"),
	"message/rfc822":           say.Text("e-mail message"),
	"text/plain":               say.Text("plain text"),
	"text/html":                say.Text("web page (HTML)"),
	"text/csv":                 say.Text("table (CSV)"),
	"text/rtf":                 say.Text("formatted text (RTF)"),
	"application/zip":          say.Text("ZIP archive"),
	"application/octet-stream": say.Text("file of an unknown kind"),

	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   say.Text("Word document"),
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         say.Text("Excel workbook"),
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": say.Text("PowerPoint presentation"),
	"application/vnd.oasis.opendocument.text":                                   say.Text("OpenDocument text"),
	"application/vnd.oasis.opendocument.spreadsheet":                            say.Text("OpenDocument spreadsheet"),
	"application/vnd.oasis.opendocument.presentation":                           say.Text("OpenDocument presentation"),
}

// mediaName is what people call a media type.
func (l *Locale) mediaName(mediaType string) string {
	kind, _, _ := strings.Cut(mediaType, ";")
	return l.Phrase(cmp.Or(mediaNames[kind], kind))
}

package sample

import "docket/taxonomy"

// A Kind is what a piece is made of.
type Kind string

// The kinds.
const (
	JPEG    Kind = "jpeg"     // a scanned page as a picture
	PNG     Kind = "png"      // a scanned page as a picture
	TIFF    Kind = "tiff"     // scanned pages in one file, grey or black and white
	Fax     Kind = "fax"      // black and white TIFF of fax resolution
	PDFScan Kind = "pdf-scan" // scanned pages in a PDF, without text
	PDF     Kind = "pdf"      // born digital, with text
	Docx    Kind = "docx"
	Mail    Kind = "eml"
	Text    Kind = "txt"
)

// extension of a kind's files.
func (k Kind) extension() string {
	switch k {
	case JPEG:
		return "jpg"
	case TIFF, Fax:
		return "tif"
	case PDFScan:
		return "pdf"
	}
	return string(k)
}

// A Truth is what a perfect reader would find on a piece. Its file is the piece's with the extension json.
type Truth struct {
	File     string           `json:"file"` // name without folder; of an attachment, its name in the mail
	Class    taxonomy.ClassID `json:"class"`
	Language string           `json:"language"`
	Kind     Kind             `json:"kind"`

	// How it was scanned; all zero when it was not.
	DPI    int     `json:"dpi,omitempty"`    // across; down the page it is less for some faxes
	Skew   float64 `json:"skew,omitempty"`   // degrees, clockwise; the page is straight again when turned back by it
	Turned int     `json:"turned,omitempty"` // 90, 180 or 270 degrees, clockwise

	Pages     int                         `json:"pages"`
	Fields    map[taxonomy.FieldID]string `json:"fields"`               // in normal form, only those that can be read on it
	Text      string                      `json:"text"`                 // all pages, parted by form feeds
	PageTexts []string                    `json:"page_texts,omitempty"` // page by page, when there are several

	Attachments []Truth `json:"attachments,omitempty"`

	Party   string `json:"party"`             // who sent it: the same for the same sender all over the bag
	Matter  string `json:"matter"`            // the same for pieces that belong to one ticket
	Follows string `json:"follows,omitempty"` // the earlier piece on this matter
	SameAs  string `json:"same_as,omitempty"` // the earlier piece of which this is a copy, byte for byte
}

package repository

import (
	"time"

	"docket/repository/blob"
	"docket/repository/journal"

	"github.com/google/uuid"
)

// A DocumentID names a document for as long as the repository exists. It is a UUIDv7, so it sorts by time.
type DocumentID = uuid.UUID

// NewDocumentID makes an ID before the document's bytes are stored under it.
func NewDocumentID() DocumentID { return uuid.Must(uuid.NewV7()) }

// A Document is a thing received or made. What it means is not known here.
type Document struct {
	ID           DocumentID
	CreatedAt    time.Time
	CreatedBy    journal.Actor
	Latest       int           // number of the newest version, 1 or more
	CheckedOutBy journal.Actor // empty when nobody holds it
	CheckedOutAt time.Time
}

// A Version is one fixed state of a document. It is never changed, only followed by another.
type Version struct {
	Document  DocumentID
	Number    int    // 1, 2, 3 ... without gaps
	Name      string // the file name it came with
	MediaType string // as sniffed from the bytes, not as claimed
	Size      int64  // bytes
	SHA256    blob.SHA256
	Object    string // the store's version ID of the document's content key
	By        journal.Actor
	At        time.Time
	Comment   string
}

// A RenditionKind says what a rendition is.
type RenditionKind string

// The kinds of renditions.
const (
	PageImage     RenditionKind = "page"    // what a person looks at: JPEG or PNG, straightened
	Thumbnail     RenditionKind = "thumb"   // a small JPEG of a page
	FineImage     RenditionKind = "fine"    // the page image with more pixels, for who looks closely; made on demand
	PageLayout    RenditionKind = "layout"  // a Layout as JSON
	SearchablePDF RenditionKind = "archive" // the whole version as PDF with a text layer; page 0
)

// A Rendition is something derived from a version that can be made again.
type Rendition struct {
	Document  DocumentID
	Version   int
	Kind      RenditionKind
	Page      int // 1-based; 0 for renditions of the whole version
	Key       string
	Object    string // the store's version ID
	MediaType string
	Size      int64
	SHA256    blob.SHA256
	Width     int // pixels; 0 when it is no image
	Height    int
}

// A PageText is the plain text of one page of a version.
type PageText struct {
	Page       int
	Text       string
	Language   string  // two letters, empty when unknown
	Confidence float64 // 0 to 1
}

package transfer

import (
	"encoding/hex"
	"encoding/json"
	"iter"
	"time"

	"docket/capture"
	"docket/capture/detect"
	"docket/capture/page"
	"docket/repository"
	"docket/repository/blob"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// A Line is all that an export says of one document. Times are RFC 3339.
type Line struct {
	Document  repository.DocumentID `json:"document"`
	CreatedAt time.Time             `json:"created_at"`
	CreatedBy journal.Actor         `json:"created_by"`
	Versions  []Version             `json:"versions"`         // 1, 2, 3 ...
	Record    *Record               `json:"record,omitempty"` // absent when it was never filed
	Ticket    *Ticket               `json:"ticket,omitempty"` // that it belongs to; for information
	Intake    []Piece               `json:"intake"`           // how it came in; further lines are the same bytes again
	Reading   *Reading              `json:"reading,omitempty"`
	Events    []Event               `json:"events"` // the journal's lines about it, oldest first
}

// A File is a file of the bag.
type File struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 Digest `json:"sha256"`
}

// A Digest is a SHA-256, written in hexadecimal.
type Digest blob.SHA256

// MarshalText implements encoding.TextMarshaler.
func (d Digest) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(d[:])), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Digest) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(d)) {
		return hex.ErrLength
	}
	_, err := hex.Decode(d[:], text)
	return err
}

// A Version is one state of a document.
type Version struct {
	Number     int           `json:"number"`
	Name       string        `json:"name"` // the file name it came with
	MediaType  string        `json:"media_type"`
	By         journal.Actor `json:"by"`
	At         time.Time     `json:"at"`
	Comment    string        `json:"comment,omitempty"`
	File       *File         `json:"file,omitempty"` // its bytes; absent when they could not be read, and Problem says why
	Problem    string        `json:"problem,omitempty"`
	Text       *File         `json:"text,omitempty"` // JSON lines, one for each page
	Rendered   int           `json:"rendered"`       // how many renditions there are of it, exported or not
	Renditions []Rendition   `json:"renditions,omitempty"`

	Annotations []Annotation `json:"annotations,omitempty"` // by page; those that were withdrawn as well
}

// A Rendition is a page image, thumbnail, layout or searchable PDF.
type Rendition struct {
	File
	Kind      repository.RenditionKind `json:"kind"`
	Page      int                      `json:"page"`
	MediaType string                   `json:"media_type"`
	Width     int                      `json:"width,omitempty"`
	Height    int                      `json:"height,omitempty"`
}

// A PageText is a line of a version's text file.
type PageText struct {
	Page       int     `json:"page"`
	Text       string  `json:"text"`
	Language   string  `json:"language,omitempty"`
	Confidence float64 `json:"confidence"`
}

// A Record is what the document was filed as.
type Record struct {
	Class      taxonomy.ClassID      `json:"class"`
	ClassTitle string                `json:"class_title"`
	Confidence float64               `json:"confidence"`
	DecidedBy  journal.Actor         `json:"decided_by"`
	How        string                `json:"how"`
	Title      string                `json:"title"`
	Category   string                `json:"category"` // code
	Folder     string                `json:"folder"`   // under the category
	Path       string                `json:"path"`     // the whole of it, in words
	Party      *Party                `json:"party,omitempty"`
	LetterDate string                `json:"letter_date,omitempty"` // 2006-01-02
	ReceivedAt time.Time             `json:"received_at"`
	Language   string                `json:"language,omitempty"`
	Original   string                `json:"original"`
	Ticket     string                `json:"ticket,omitempty"`  // number
	PartOf     repository.DocumentID `json:"part_of,omitzero"`  // the message it was attached to
	Fields     taxonomy.Values       `json:"fields"`            // by ID, normalised, with where they stand
	Readers    []string              `json:"readers,omitempty"` // who might see it; for information
	Closed     bool                  `json:"closed,omitempty"`  // only administrators may see it, there and here
	Version    int                   `json:"version"`
	FiledAt    time.Time             `json:"filed_at"`
	FiledBy    journal.Actor         `json:"filed_by"`
}

// A Party is whom the document is from or about.
type Party struct {
	ID          taxonomy.PartyID   `json:"id"`
	Kind        taxonomy.PartyKind `json:"kind"`
	Name        string             `json:"name"`
	Provisional bool               `json:"provisional,omitempty"`
	CreatedAt   time.Time          `json:"created_at"`
	CreatedBy   journal.Actor      `json:"created_by"`
	Contacts    []Contact          `json:"contacts"`
}

// A Contact is one way to reach a party.
type Contact struct {
	Kind taxonomy.ContactKind `json:"kind"`
	Text string               `json:"text"`
}

// A Ticket says what was done about the document.
type Ticket struct {
	Number   string    `json:"number"`
	Title    string    `json:"title"`
	State    string    `json:"state"`
	Owner    string    `json:"owner,omitempty"`
	Team     string    `json:"team,omitempty"`
	OpenedAt time.Time `json:"opened_at"`
	DueAt    time.Time `json:"due_at"`
	ClosedAt time.Time `json:"closed_at,omitzero"`
}

// A Piece is a line of the intake ledger.
type Piece struct {
	Receipt    uuid.UUID     `json:"receipt"`
	Number     int64         `json:"number"` // in the ledger of the house that exported it
	Source     string        `json:"source"`
	Name       string        `json:"name"`
	ReceivedAt time.Time     `json:"received_at"`
	ReceivedBy journal.Actor `json:"received_by"`
	Parent     uuid.UUID     `json:"parent,omitzero"` // the piece it was attached to
	Root       uuid.UUID     `json:"root"`
	Depth      int           `json:"depth,omitempty"`
	Batch      string        `json:"batch,omitempty"`
	State      capture.State `json:"state"`
	Reason     string        `json:"reason,omitempty"`
}

// A Reading is what was understood of the newest version.
type Reading struct {
	Version    int               `json:"version"`
	Rev        int               `json:"rev"`
	Kind       page.Kind         `json:"kind,omitempty"`  // what the file is by its bytes
	Cover      bool              `json:"cover,omitempty"` // a message that says little itself
	Pages      int               `json:"pages"`
	Language   string            `json:"language,omitempty"`
	Class      taxonomy.ClassID  `json:"class"`
	Confidence float64           `json:"confidence"`
	Ranked     []detect.Ranked   `json:"ranked,omitempty"`
	Reasons    []detect.Reason   `json:"reasons,omitempty"`
	Fields     taxonomy.Values   `json:"fields,omitempty"`
	Doubts     []string          `json:"doubts,omitempty"`
	Flags      []string          `json:"flags,omitempty"`
	Meta       map[string]string `json:"meta,omitempty"`
	ReadAt     time.Time         `json:"read_at"`
	DecidedBy  string            `json:"decided_by,omitempty"`
	DecidedAt  time.Time         `json:"decided_at,omitzero"`
}

// An Event is a line of the journal.
type Event struct {
	At     time.Time       `json:"at"`
	Actor  journal.Actor   `json:"actor"`
	Verb   journal.Verb    `json:"verb"`
	Detail json.RawMessage `json:"detail,omitempty"`
}

// Files are the files of the bag that belong to the document.
func (l *Line) Files() iter.Seq[File] {
	return func(yield func(File) bool) {
		for _, v := range l.Versions {
			for _, f := range []*File{v.File, v.Text} {
				if f != nil && !yield(*f) {
					return
				}
			}
			for _, r := range v.Renditions {
				if !yield(r.File) {
					return
				}
			}
		}
	}
}

// unread says whether the newest version had not been read when the document was exported.
func (l *Line) unread() bool {
	p, ok := l.brought()
	switch {
	case !ok || p.State == capture.Exception || p.State == capture.Rejected:
		return false
	case p.State == capture.Stored || p.State == capture.BeingRead:
		return true
	}
	return l.Reading == nil || l.Reading.Version < len(l.Versions)
}

package search

import (
	"time"

	"docket/repository"
	"docket/repository/blob"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// An Entry is what the index knows of one document: all that can be searched, and the digest of the version it was made from.
type Entry struct {
	Document  repository.DocumentID
	Version   int
	Digest    blob.SHA256 // of the version's content; what verification compares
	Title     string
	FileName  string
	Class     taxonomy.ClassID
	State     string    // "validate", "filed", ...
	Source    string    // way in: "scan", "email", ...
	Party     uuid.UUID // whom it is from or about; zero when unknown
	PartyName string    // so that words find it; shown names come from the taxonomy, not from here
	Language  string    // two letters, empty when unknown
	Date      time.Time // of the letter, a calendar day; zero when unknown
	Received  time.Time // when it came in; the calendar day in Received's own time zone is what is searched
	Folders   []string  // IDs of the folder it is filed in and of those above it: a rename changes no entry
	Tickets   []string  // numbers of the tickets it belongs to
	Desk      []string  // how far these tickets are: their states, and for whom they wait
	Labels    []string
	Fields    map[taxonomy.FieldID]string // normalised values
	Readers   []string                    // access tokens that may see it
	Pages     []string                    // the text of each page, page 1 first
	Notes     []Note                      // what people wrote on its pages, of all versions
	Message   Message                     // of a message: what its header says
}

// A Message is what the header of a message says, as it is written there: names and addresses. Its zero value is no message's.
type Message struct{ From, To, Cc, Subject string }

// A Note is what an annotation says. It is in whatever language its author writes.
type Note struct {
	Annotation uuid.UUID `json:"a"`
	Version    int       `json:"v"`
	Page       int       `json:"p"` // 1-based
	Text       string    `json:"t"`
}

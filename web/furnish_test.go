package web

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/blob"

	"github.com/google/uuid"
)

// furnish fills a house with what a mailroom sees on an ordinary morning, and with names that want to break the page.
func (h *house) furnish(t *testing.T) {
	t.Helper()
	pool := h.config.Pool
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	for i := range 70 {
		p := samplePiece(i)
		receipt, document, sum := uuid.Must(uuid.NewV7()), repository.NewDocumentID(), blob.SHA256(sha256.Sum256([]byte{byte(i)}))
		exec("insert into repository.document (id, created_by) values ($1, 'mia')", document)
		exec(`insert into repository.version (document, number, name, media_type, size, sha256, object, by, comment)
			values ($1, 1, $2, 'application/pdf', $3, $4, 'x', 'mia', '')`, document, p.Name, 100000+i*7919, sum[:])
		exec(`insert into capture.piece (receipt, seq, document, source, name, media_type, size, sha256, received_at, received_by, batch, state, reason)
			values ($1, $2, $3, $4, $5, 'application/pdf', $6, $7, $8, 'mia', 'mia-20261122-074012', $9, $10)`,
			receipt, i+1, document, p.Source, p.Name, 100000+i*7919, sum[:], now.Add(-time.Duration(70-i)*time.Minute/10), p.State, p.Reason)
		exec(`insert into repository.event (actor, verb, subject_kind, subject, detail) values ('mia', 'piece.received', 'document', $1, $2)`,
			document, map[string]any{"name": p.Name, "source": p.Source, "seq": i + 1})
		if p.State == capture.Exception {
			h.exception = receipt
			exec(`insert into repository.event (actor, verb, subject_kind, subject, detail) values ('system:capture', 'piece.exception', 'document', $1, $2)`,
				document, map[string]any{"reason": p.Reason})
		}
	}
}

func samplePiece(i int) capture.Piece {
	names := []string{"scan_0%d.pdf", "Beschwerde Küchenmaschine %d.pdf", "Panasz – késedelmes szállítás %d.tif", "Жалоба %d.jpg", "reklamacja_%d.docx", "IMG_20260314_%d.jpeg"}
	p := capture.Piece{Name: fmt.Sprintf(names[i%len(names)], i), Source: []string{"scanner", "upload", "hotfolder/branch-graz"}[i%3], State: capture.Filed}
	switch i {
	case 3:
		p.State, p.Reason = capture.Exception, "The PDF is protected by a password and cannot be opened. It is kept as it came. Ask the sender for one without a password, or reject it."
	case 41:
		p.State, p.Reason = capture.Exception, "The file ends too early: it was cut off on the way. It is kept as it came. Ask the sender to send it again."
		p.Name = "<script>alert(1)</script> \u202efdp.exe " + longName
	case 10, 11, 50:
		p.State = capture.Waiting
	case 69:
		p.State = capture.Stored
	case 68:
		p.State = capture.BeingRead
	case 20:
		p.State = capture.Duplicate
	case 30:
		p.State, p.Reason = capture.Rejected, "Advertising."
	}
	return p
}

var longName = func() string {
	s := "a"
	for range 8 {
		s += s
	}
	return s + ".pdf"
}()

// screens are the pages that TestScreens looks at.
func (h *house) screens(t *testing.T) []screen {
	t.Helper()
	return []screen{
		{name: "home", path: "/"},
		{name: "board", path: "/mailroom"},
		{name: "piece", path: "/mailroom/pieces/" + h.exception.String()},
		{name: "upload", path: "/upload?batch=mia-20261122-074012"},
		{name: "error", path: "/nowhere", expected: "404"},
	}
}

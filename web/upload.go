package web

import (
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"unicode/utf8"

	"docket/capture"
	"docket/workflow"
)

// uploadSource is the source of pieces that come by the upload page.
const uploadSource = "upload"

// uploadPage takes files in and shows what becomes of them.
type uploadPage struct {
	Frame
	Batch    string
	Pieces   []pieceRow
	Mailroom bool // the person may see the batch's own page
}

// showUpload answers GET /upload: the form, and below it the pieces of the batch that the address names.
func (s *Server) showUpload(v *visit) error {
	page := uploadPage{Batch: v.query("batch"), Mailroom: v.user.Has(workflow.Mailroom)}
	if page.Batch != "" {
		if err := s.batch(v, &page); err != nil {
			return err
		}
	} else {
		page.Batch = v.T("upload.batch_name", v.user.Title, v.Instant(v.now))
	}
	if v.partial() {
		return v.showPart("upload.html", "live", page)
	}
	page.Frame = v.frame(v.T("upload.title"), v.mailroomCrumb()...)
	return v.show(http.StatusOK, "upload.html", page)
}

// batch fills in the pieces of a batch that the person handed in, or all of them for the mailroom.
func (s *Server) batch(v *visit, page *uploadPage) error {
	all, err := capture.Pieces(v.ctx(), v.pool(), capture.Filter{Batch: page.Batch, Limit: 200})
	if err != nil {
		return err
	}
	for _, p := range all {
		if v.user.Has(workflow.Mailroom) || p.ReceivedBy == v.actor() {
			page.Pieces = append(page.Pieces, pieceRow{Piece: p})
		}
	}
	return s.addOutcomes(v, page.Pieces)
}

// upload answers POST /upload. Parts are read as they arrive and go straight through the door: no file lies whole in memory
// or in a temporary file. A form comes back to its batch; the script is answered with a line of text.
func (s *Server) upload(v *visit) error {
	batch := v.query("batch")
	taken, err := v.takeFiles(func(part *multipart.Part) (bool, error) {
		if part.FileName() == "" {
			return false, readBatch(part, &batch)
		}
		_, err := s.config.Intake.Receive(v.ctx(), capture.Item{
			Source: uploadSource, Name: part.FileName(), By: v.actor(), Batch: limited(batch, 100), Content: part})
		return true, err
	})
	if err != nil || v.tellTaken(taken) {
		return err
	}
	v.flash("success", v.N("upload.taken", taken))
	return v.redirect("/upload?batch=" + url.QueryEscape(batch))
}

// readBatch takes the batch's name from a field of the form.
func readBatch(part *multipart.Part, batch *string) error {
	raw, err := io.ReadAll(io.LimitReader(part, 200))
	if err == nil && part.FormName() == "batch" && len(raw) > 0 {
		*batch = string(raw)
	}
	return err
}

// limited is s cut to n bytes at most, which is only ever needed for what no page of ours sends.
func limited(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

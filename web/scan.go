package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"docket/capture"
	"docket/capture/page"
	"docket/repository"
	"docket/repository/fault"
	"docket/web/api"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A scanPage is a person's scan desk: the files of one batch to be, their pages, and how they become pieces.
type scanPage struct {
	Frame
	Draft  capture.Draft
	Path   string
	Others []capture.Draft // what else lies on the person's desk
	Pieces []deskPiece
	Files  []deskFile // of which something is to be said
	Counts deskCounts
}

// A deskFile is a file on the desk.
type deskFile struct {
	capture.Scan
	Twice bool // the same bytes lie there already
}

// deskCounts sum up a desk.
type deskCounts struct {
	Files, Pages, Pieces, Blank, Removed, Drawing int
}

// A deskPiece is a run of pages that will be one piece.
type deskPiece struct {
	Number int // 0 when no page of it is kept
	Kept   int
	Leaves []deskLeaf
}

// A deskLeaf is a page on the desk.
type deskLeaf struct {
	capture.DraftPage
	Document repository.DocumentID
	Version  int
	File     string
	Position int // on the desk, from 1
}

// Turned is the class that turns the page's picture.
func (l deskLeaf) Turned() string {
	return map[int]string{90: "turn-90", 180: "turn-180", 270: "turn-270"}[l.Turn]
}

// showDesk answers GET /mailroom/scan: the draft the person worked on last, or a new one.
func (s *Server) showDesk(v *visit) error {
	drafts, err := capture.Drafts(v.ctx(), v.pool(), v.actor())
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(drafts, func(d capture.Draft) bool { return !d.Sending }); i >= 0 {
		return v.redirect("/mailroom/scan/" + drafts[i].ID.String())
	}
	return s.newDraft(v)
}

// newDraft answers POST /mailroom/scan.
func (s *Server) newDraft(v *visit) error {
	var id uuid.UUID
	err := v.inTx(func(tx pgx.Tx) (err error) {
		id, err = capture.NewDraft(v.ctx(), tx, v.actor(), v.T("upload.batch_name", v.user.Title, v.Instant(v.now)), scanSource)
		return err
	})
	if err != nil {
		return err
	}
	return v.redirect("/mailroom/scan/" + id.String())
}

// scanSource is the source of pieces from the scan desk when nothing else is said.
const scanSource = "scan desk"

// draftID is the draft that the address names.
func (v *visit) draftID() (uuid.UUID, error) {
	id, err := uuid.Parse(v.param("draft"))
	return id, fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
}

// showDraft answers GET /mailroom/scan/:draft. One that has been sent leads to its batch.
func (s *Server) showDraft(v *visit) error {
	id, err := v.draftID()
	if err != nil {
		return err
	}
	page, err := s.desk(v, id)
	if err != nil {
		return err
	}
	if v.partial() {
		if page.Draft.Sending || page.Draft.Sent {
			return v.redirect(batchPath(page.Draft.Name))
		}
		return v.showPart("scan.html", "strip", page)
	}
	if page.Draft.Sending || page.Draft.Sent {
		return v.redirect(batchPath(page.Draft.Name))
	}
	drafts, err := capture.Drafts(v.ctx(), v.pool(), v.actor())
	if err != nil {
		return err
	}
	page.Others = slices.DeleteFunc(drafts, func(d capture.Draft) bool { return d.ID == id || d.Sending })
	page.Frame = v.frame(v.T("scan.title"), v.mailroomCrumb()...)
	return v.show(http.StatusOK, "scan.html", page)
}

func batchPath(name string) string { return "/mailroom/batches/named?name=" + url.QueryEscape(name) }

// desk reads a draft with its pages.
func (s *Server) desk(v *visit, id uuid.UUID) (scanPage, error) {
	d, err := capture.FindDraft(v.ctx(), v.pool(), v.actor(), id)
	if err != nil {
		return scanPage{}, err
	}
	scans, err := capture.Scans(v.ctx(), v.pool(), id)
	if err != nil {
		return scanPage{}, err
	}
	pages, err := capture.DraftPages(v.ctx(), v.pool(), id)
	if err != nil {
		return scanPage{}, err
	}
	p := scanPage{Draft: d, Path: "/mailroom/scan/" + id.String()}
	p.lay(scans, pages)
	return p, nil
}

// lay arranges files and pages as the page shows them.
func (p *scanPage) lay(scans []capture.Scan, pages []capture.DraftPage) {
	files, seen := map[uuid.UUID]capture.Scan{}, map[repository.DocumentID]bool{}
	for _, s := range scans {
		twice := seen[s.Document]
		files[s.ID], seen[s.Document] = s, true
		if s.State == capture.ScanNew {
			p.Counts.Drawing++
		}
		if s.State != capture.ScanPages || s.Known > 0 || twice {
			p.Files = append(p.Files, deskFile{s, twice})
		}
	}
	p.Counts.Files, p.Counts.Pages = len(scans), len(pages)
	position := 0
	for _, piece := range capture.PiecesOf(pages) {
		d := deskPiece{Kept: len(piece.Kept())}
		if d.Kept > 0 {
			p.Counts.Pieces++
			d.Number = p.Counts.Pieces
		}
		for _, page := range piece.Pages {
			position++
			f := files[page.Scan]
			d.Leaves = append(d.Leaves, deskLeaf{page, f.Document, f.Version, f.Name, position})
			if page.Removed {
				p.Counts.Removed++
			} else if page.Blank {
				p.Counts.Blank++
			}
		}
		p.Pieces = append(p.Pieces, d)
	}
}

// layFiles answers POST /mailroom/scan/:draft/files. Parts go straight to the store as they arrive.
func (s *Server) layFiles(v *visit) error {
	id, err := v.draftID()
	if err != nil {
		return err
	}
	taken, err := v.takeFiles(func(part *multipart.Part) (bool, error) {
		if part.FileName() == "" {
			return false, nil
		}
		_, err := s.config.Intake.Lay(v.ctx(), v.actor(), id, part.FileName(), part)
		return true, err
	})
	if err != nil || v.tellTaken(taken) {
		return err
	}
	return v.redirect("/mailroom/scan/" + id.String())
}

// arrangeDraft answers POST /mailroom/scan/:draft/arrange with op, page (several) and at.
func (s *Server) arrangeDraft(v *visit) error {
	id, err := v.draftID()
	if err != nil {
		return err
	}
	op := capture.Arrangement(v.form("op"))
	var chosen []int64
	for _, raw := range v.gin.Request.PostForm["page"] {
		n, err := strconv.ParseInt(raw, 10, 64)
		if err != nil {
			return fault.Wrap(err, fault.Invalid, "%q is no page.", raw)
		}
		chosen = append(chosen, n)
	}
	at, _ := strconv.ParseInt(v.form("at"), 10, 64)
	if err := v.inTx(func(tx pgx.Tx) error { return capture.ArrangeDraft(v.ctx(), tx, v.actor(), id, op, chosen, at) }); err != nil {
		return err
	}
	return s.answerDesk(v, id)
}

// answerDesk shows what the desk looks like now.
func (s *Server) answerDesk(v *visit, id uuid.UUID) error {
	if !v.partial() {
		return v.redirect("/mailroom/scan/" + id.String())
	}
	page, err := s.desk(v, id)
	if err != nil {
		return err
	}
	return v.showPart("scan.html", "strip", page)
}

// nameDraft answers POST /mailroom/scan/:draft/name.
func (s *Server) nameDraft(v *visit) error {
	id, err := v.draftID()
	if err != nil {
		return err
	}
	name, source := v.form("name"), v.form("source")
	if err := v.inTx(func(tx pgx.Tx) error { return capture.NameDraft(v.ctx(), tx, v.actor(), id, name, source) }); err != nil {
		return err
	}
	return s.answerDesk(v, id)
}

// sendDraft answers POST /mailroom/scan/:draft/send and leads to the batch, where the pieces appear.
func (s *Server) sendDraft(v *visit) error {
	id, err := v.draftID()
	if err != nil {
		return err
	}
	if err := v.inTx(func(tx pgx.Tx) error { return s.config.Intake.Send(v.ctx(), tx, v.actor(), id) }); err != nil {
		return err
	}
	d, err := capture.FindDraft(v.ctx(), v.pool(), v.actor(), id)
	if err != nil {
		return err
	}
	v.flash("success", v.T("scan.sent"))
	return v.redirect(batchPath(d.Name))
}

// dropDraft answers POST /mailroom/scan/:draft/drop.
func (s *Server) dropDraft(v *visit) error {
	id, err := v.draftID()
	if err != nil {
		return err
	}
	if err := v.inTx(func(tx pgx.Tx) error { return capture.DropDraft(v.ctx(), tx, v.actor(), id) }); err != nil {
		return err
	}
	v.flash("success", v.T("scan.dropped"))
	return v.redirect("/mailroom/scan")
}

// serveSeparator answers GET /mailroom/separator.pdf with a sheet to be printed.
func (s *Server) serveSeparator(v *visit) error {
	var b bytes.Buffer
	if err := page.Separator(&b, v.T("scan.separator"), v.T("scan.separator_use")); err != nil {
		return err
	}
	v.gin.Header("Content-Disposition", api.Attachment(v.T("scan.separator")+".pdf"))
	v.gin.Data(http.StatusOK, "application/pdf", b.Bytes())
	return nil
}

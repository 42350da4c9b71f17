package web

import (
	"time"

	"docket/capture"
	"docket/capture/clamd"
	"docket/repository"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// shown is nil when what was made of a version may be shown: the virus scanner found nothing, or nobody asked it (rule 42).
func (s *Server) shown(v *visit, version repository.Version) error {
	screening, err := capture.FindScreening(v.ctx(), v.pool(), version.Document, version.Number)
	if err != nil {
		return err
	}
	return screening.Show()
}

// handed is nil when a version's bytes may be handed out as they came.
func (s *Server) handed(v *visit, version repository.Version) error {
	screening, err := capture.FindScreening(v.ctx(), v.pool(), version.Document, version.Number)
	if err != nil {
		return err
	}
	return screening.Hand()
}

// A screened is what the virus scanner said of the versions of a document.
type screened struct {
	all   []capture.Screening
	Here  capture.Screening // of the version that is shown
	Held  string            // why nothing of it is shown, a sentence; empty when it is
	Given string            // why it is not given as it came; empty when it is
}

func (s *Server) screened(v *visit, version repository.Version) (c screened, err error) {
	if c.all, err = capture.Screenings(v.ctx(), v.pool(), version.Document); err != nil {
		return c, err
	}
	for _, one := range c.all {
		if one.Version == version.Number {
			c.Here = one
		}
	}
	if err := c.Here.Show(); err != nil {
		c.Held = v.Sentence(err)
	}
	if err := c.Here.Hand(); err != nil {
		c.Given = v.Sentence(err)
	}
	return c, nil
}

// Gives says whether a version is handed out as it came.
func (c screened) Gives(version int) bool {
	for _, one := range c.all {
		if one.Version == version {
			return one.Open()
		}
	}
	return true
}

// Checking says whether the version that is shown waits for the scanner, which is a matter of moments.
func (c screened) Checking() bool { return c.Here.Verdict == capture.ScreenPending }

// A pieceScreening is what the scanner said of the newest version that a piece brought, and who may let it in.
type pieceScreening struct {
	capture.Screening
	What string // in words
	May  bool   // the person may let it in
}

func (s *Server) pieceScreening(v *visit, p capture.Piece) (c pieceScreening, err error) {
	all, err := capture.Screenings(v.ctx(), v.pool(), p.Document)
	if err != nil || len(all) == 0 {
		return c, err
	}
	c.Screening = all[len(all)-1]
	c.What = v.T("screening."+string(c.Verdict), c.Found)
	c.May = c.Verdict == capture.ScreenOversize || c.Verdict == capture.ScreenInfected && v.user.Has(workflow.Administrator)
	return c, nil
}

// releasePiece answers POST /mailroom/pieces/:receipt/release: a person takes it upon them to let in what the virus scanner holds.
func (s *Server) releasePiece(v *visit) error {
	p, err := v.piece()
	if err != nil {
		return err
	}
	reason := v.form("reason")
	if err := v.inTx(func(tx pgx.Tx) error {
		return s.config.Intake.Release(v.ctx(), tx, v.actor(), v.user.Has(workflow.Administrator), p.Receipt, reason)
	}); err != nil {
		return err
	}
	v.flash("success", v.T("piece.released", p.Seq))
	return v.redirect("/mailroom/pieces/" + p.Receipt.String())
}

// oldSignatures is the age from which signatures are a worry: new ones come every day.
const oldSignatures = 4 * 24 * time.Hour

// scannerHealth says which scanner it is, how old its signatures are, and what waits for it.
func (s *Server) scannerHealth(v *visit, p *partHealth) {
	if s.config.Intake.Scanner == nil {
		return
	}
	version, err := s.config.Intake.Scanner.Version(v.ctx())
	if err != nil {
		return // the check has just said that it works; the next look will tell
	}
	p.Say = v.scannerWords(version)
	if !version.Built.IsZero() && v.now.Sub(version.Built) > oldSignatures {
		p.State, p.Do = "warn", v.T("health.do.signatures")
	}
}

func (v *visit) scannerWords(version clamd.Version) string {
	if version.Built.IsZero() {
		return v.T("health.scanner_undated", version.Engine)
	}
	return v.T("health.scanner", version.Engine, version.Signatures, v.Date(version.Built))
}

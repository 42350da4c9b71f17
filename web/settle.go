package web

import (
	"github.com/jackc/pgx/v5"
)

// retryPiece answers POST /mailroom/pieces/:receipt/retry.
func (s *Server) retryPiece(v *visit) error {
	p, err := v.piece()
	if err != nil {
		return err
	}
	if err := v.inTx(func(tx pgx.Tx) error { return s.config.Intake.Retry(v.ctx(), tx, v.actor(), p.Receipt) }); err != nil {
		return err
	}
	v.flash("success", v.T("piece.retried", p.Seq))
	return v.redirect(refererPath(v.gin.Request))
}

// rejectPiece answers POST /mailroom/pieces/:receipt/reject.
func (s *Server) rejectPiece(v *visit) error {
	p, err := v.piece()
	if err != nil {
		return err
	}
	reason := v.form("reason")
	if err := v.inTx(func(tx pgx.Tx) error {
		return s.config.Intake.Reject(v.ctx(), tx, v.actor(), s.config.Plan, p.Receipt, reason)
	}); err != nil {
		return err
	}
	v.flash("success", v.T("piece.was_rejected", p.Seq))
	return v.redirect(local(v.form("next")))
}

package web

import (
	"docket/repository/fault"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// moveTicket answers POST /tickets/:number/move.
func (s *Server) moveTicket(v *visit) error {
	version, transition, comment := atoi(v.form("version")), v.form("transition"), v.form("comment")
	return s.work(v, v.T("ticket.was_moved"), func(tx pgx.Tx, t workflow.Ticket, by workflow.User) error {
		_, err := s.config.Desk.Move(v.ctx(), tx, by, t.ID, transition, version, comment)
		return err
	})
}

// assignTicket answers POST /tickets/:number/assign.
func (s *Server) assignTicket(v *visit) error {
	version, owner, team := atoi(v.form("version")), v.form("owner"), v.form("team")
	return s.work(v, v.T("ticket.was_assigned"), func(tx pgx.Tx, t workflow.Ticket, by workflow.User) error {
		_, err := s.config.Desk.Assign(v.ctx(), tx, by, t.ID, owner, team, version)
		return err
	})
}

// noteTicket answers POST /tickets/:number/notes.
func (s *Server) noteTicket(v *visit) error {
	text := v.form("text")
	return s.work(v, v.T("ticket.was_noted"), func(tx pgx.Tx, t workflow.Ticket, by workflow.User) error {
		return s.config.Desk.Note(v.ctx(), tx, by, t.ID, text)
	})
}

// answerTask answers POST /tickets/:number/tasks/:task: what a person decides about a task of the ticket.
func (s *Server) answerTask(v *visit) error {
	t, err := v.ticket()
	if err != nil {
		return err
	}
	task, err := uuid.Parse(v.param("task"))
	if err != nil {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	answer := v.form("answer")
	err = v.inTx(func(tx pgx.Tx) (err error) {
		t, err = s.config.Desk.AnswerTask(v.ctx(), tx, v.user, t.ID, task, answer)
		return err
	})
	if err != nil {
		return err
	}
	v.flash("success", v.T("todo.was_done"))
	return v.redirect("/tickets/" + t.Number)
}

// work does something with the ticket that the address names and comes back to its page.
func (s *Server) work(v *visit, done string, f func(tx pgx.Tx, t workflow.Ticket, by workflow.User) error) error {
	t, err := v.ticket()
	if err != nil {
		return err
	}
	by := v.user
	by.Language = v.Code
	if err := v.inTx(func(tx pgx.Tx) error { return f(tx, t, by) }); err != nil {
		return err
	}
	v.flash("success", done)
	return v.redirect("/tickets/" + t.Number)
}

package api

import (
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

type transitionInput struct {
	Number string `path:"number" maxLength:"40"`
	Body   struct {
		Name    string `json:"name" minLength:"1" maxLength:"100" doc:"of a step"`
		Version int    `json:"version,omitempty" minimum:"0" doc:"the version that was seen; another one is a conflict; absent does not check"`
		Comment string `json:"comment,omitempty" maxLength:"20000"`
	}
}

// move answers POST /tickets/{number}/transitions.
func (s *server) move(v *visit, in *transitionInput) (*ticketOutput, error) {
	return s.changeTicket(v, in.Number, func(tx pgx.Tx, id workflow.TicketID) error {
		_, err := s.Desk.Move(v.ctx(), tx, v.who, id, in.Body.Name, in.Body.Version, in.Body.Comment)
		return err
	})
}

type assignInput struct {
	Number string `path:"number" maxLength:"40"`
	Body   struct {
		Owner   string `json:"owner" maxLength:"100" doc:"user name; empty takes it from whoever has it"`
		Team    string `json:"team" maxLength:"100"`
		Version int    `json:"version,omitempty" minimum:"0" doc:"the version that was seen; absent does not check"`
	}
}

// assign answers POST /tickets/{number}/assign.
func (s *server) assign(v *visit, in *assignInput) (*ticketOutput, error) {
	return s.changeTicket(v, in.Number, func(tx pgx.Tx, id workflow.TicketID) error {
		_, err := s.Desk.Assign(v.ctx(), tx, v.who, id, in.Body.Owner, in.Body.Team, in.Body.Version)
		return err
	})
}

type noteInput struct {
	Number string `path:"number" maxLength:"40"`
	Body   struct {
		Text string `json:"text" minLength:"1" maxLength:"20000" doc:"for colleagues; customers never see it"`
	}
}

// note answers POST /tickets/{number}/notes.
func (s *server) note(v *visit, in *noteInput) (*ticketOutput, error) {
	return s.changeTicket(v, in.Number, func(tx pgx.Tx, id workflow.TicketID) error {
		return s.Desk.Note(v.ctx(), tx, v.who, id, in.Body.Text)
	})
}

// changeTicket does something to a ticket that the person may see and answers with what it is then.
func (s *server) changeTicket(v *visit, number string, f func(tx pgx.Tx, id workflow.TicketID) error) (*ticketOutput, error) {
	t, err := s.find(v, number)
	if err != nil {
		return nil, err
	}
	if err := s.inTx(v, func(tx pgx.Tx) error { return f(tx, t.ID) }); err != nil {
		return nil, err
	}
	return s.ticket(v, &numberInput{t.Number})
}

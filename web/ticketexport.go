package web

import "docket/workflow"

// exportTickets answers GET /tickets/export/:format with the list that the address asks for, as far as the person may see it.
func (s *Server) exportTickets(v *visit) error {
	filter, _ := v.ticketFilter()
	filter.Limit = exportPage
	words, err := s.ticketWords(v)
	if err != nil {
		return err
	}
	head := []any{v.T("tickets.number"), v.T("tickets.matter"), v.T("document.class"), v.T("list.state"), v.T("tickets.waiting"), v.T("tickets.still_days"),
		v.T("document.party"), v.T("piece.received"), v.T("ticket.opened"), v.T("ticket.due"), v.T("ticket.closed"), v.T("ticket.owner"), v.T("ticket.team"),
		v.T("ticket.amount"), v.T("search.address")}
	return v.sendSheet("tickets", head, func(out sheet) error {
		for n := 0; n < exportRows; n += exportPage {
			tickets, err := s.config.Desk.List(v.ctx(), v.pool(), v.reader(), filter)
			if err != nil {
				return err
			}
			for _, t := range tickets {
				if err := s.exportTicket(v, out, words, t); err != nil {
					return err
				}
			}
			if err := out.flush(); err != nil || len(tickets) < exportPage {
				return err
			}
			filter.After = filter.Order.After(tickets[len(tickets)-1])
		}
		return nil
	})
}

func (s *Server) exportTicket(v *visit, out sheet, words ticketWords, t workflow.Ticket) error {
	r, err := s.ticketRow(v, words, t)
	if err != nil {
		return err
	}
	zone := v.now.Location()
	closed := t.ClosedAt
	if !closed.IsZero() {
		closed = closed.In(zone)
	}
	return out.row(t.Number, t.Title, r.ClassTitle, r.StateTitle, v.T("tickets.waiting."+string(t.WaitingOn)), r.Days, t.PartyName,
		t.ReceivedAt.In(zone), t.OpenedAt.In(zone), t.DueAt.In(zone), closed, r.OwnerTitle, t.Team, t.Amount, v.origin()+"/tickets/"+t.Number)
}

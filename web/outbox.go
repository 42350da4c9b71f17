package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"docket/repository/fault"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// outboxRows is how many messages a page of the outbox shows.
const outboxRows = 50

// An outboxPage lists what is to be sent, what was, and what came back.
type outboxPage struct {
	Frame
	States   []stateChoice
	Messages []outgoingRow
	More     string
	Ready    bool // sending is set up
	Problem  string
}

// A stateChoice narrows the list to one state.
type stateChoice struct {
	choice
	Count int // how many there are; 0 where nobody counts
	Tone  string
}

// An outgoingRow is a message as lists show it.
type outgoingRow struct {
	workflow.Outgoing
	Author string
}

// Tone is the colour of its state.
func (r outgoingRow) Tone() string { return outgoingTone(r.State) }

// Path is the address that what is done with it is sent to.
func (r outgoingRow) Path() string { return "/outbox/" + r.ID.String() }

// Recallable says whether it can still be called back.
func (r outgoingRow) Recallable() bool {
	return (r.State == workflow.Held || r.State == workflow.Queued) && !r.Stored
}

// Repeatable says whether it can be sent again.
func (r outgoingRow) Repeatable() bool {
	return r.State == workflow.Failed || r.State == workflow.Bounced
}

func outgoingTone(s workflow.OutgoingState) string {
	switch s {
	case workflow.Sent:
		return "good"
	case workflow.Failed, workflow.Bounced:
		return "bad"
	case workflow.Cancelled:
		return "plain"
	}
	return "busy"
}

// showOutbox answers GET /outbox?state=&after=.
func (s *Server) showOutbox(v *visit) error { return s.sendOutbox(v, http.StatusOK, outboxPage{}) }

func (s *Server) sendOutbox(v *visit, status int, page outboxPage) error {
	filter := workflow.OutgoingFilter{State: workflow.OutgoingState(v.query("state")), Limit: outboxRows + 1}
	if !slices.Contains(workflow.OutgoingStates, filter.State) {
		filter.State = ""
	}
	var err error
	if after := v.query("after"); after != "" {
		if filter.After, err = uuid.Parse(after); err != nil {
			return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
		}
	}
	list, err := s.config.Outbox.List(v.ctx(), v.pool(), v.reader(), filter)
	if err != nil {
		return err
	}
	if len(list) > outboxRows {
		list = list[:outboxRows]
		page.More = "/outbox?" + url.Values{"state": {string(filter.State)}, "after": {list[outboxRows-1].ID.String()}}.Encode()
	}
	page.Messages = v.outgoingRows(list)
	page.Frame, page.Ready = v.frame(v.T("outbox.title")), s.config.Outbox.Ready
	counts := page.waiting.Outbox
	page.States = append(page.States, stateChoice{choice{v.T("outbox.all"), "/outbox", filter.State == ""}, 0, ""})
	for _, state := range workflow.OutgoingStates {
		page.States = append(page.States, stateChoice{choice{v.T("outbox.state." + string(state)), "/outbox?state=" + string(state), filter.State == state}, counts[state], outgoingTone(state)})
	}
	if lost := counts[workflow.Failed] + counts[workflow.Bounced]; lost > 0 {
		page.Lead = v.N("outbox.lead", lost)
	}
	return v.show(status, "outbox.html", page)
}

// outgoingRows calls the authors of messages by their titles.
func (v *visit) outgoingRows(list []workflow.Outgoing) []outgoingRow {
	rows := make([]outgoingRow, len(list))
	for i, m := range list {
		rows[i] = outgoingRow{m, v.actorName(m.By)}
	}
	return rows
}

// changeOutgoing answers POST /outbox/:message: do=cancel calls it back, do=resend sends it once more, to=... to somebody else. next is
// the page to come back to.
func (s *Server) changeOutgoing(v *visit) error {
	id, err := uuid.Parse(v.param("message"))
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	var m workflow.Outgoing
	do := v.form("do")
	err = v.inTx(func(tx pgx.Tx) (err error) {
		if do == "resend" {
			m, err = s.config.Outbox.Resend(v.ctx(), tx, v.user, id, addressesIn(v.form("to")))
			return err
		}
		m, err = s.config.Outbox.Cancel(v.ctx(), tx, v.user, id)
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return s.sendOutbox(v, Status(err), outboxPage{Problem: v.Sentence(err)})
	}
	if err != nil {
		return err
	}
	if do == "resend" {
		v.flash("success", v.T("outbox.resent"))
		return v.redirect("/outbox")
	}
	v.flash("success", v.T("outbox.recalled"))
	if v.form("next") == "ticket" {
		return v.redirect("/tickets/" + m.TicketNumber + "#reply")
	}
	return v.redirect("/outbox")
}

// addressesIn are the addresses that somebody typed, parted by commas, semicolons or lines.
func addressesIn(text string) (all []string) {
	for _, a := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' }) {
		if a = strings.TrimSpace(a); a != "" && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}

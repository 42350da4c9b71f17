package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A Step is one transition that a ticket's page offers to a user.
type Step struct {
	Transition
	Refused string // why it cannot be done now, a sentence in the user's language; empty when it can
}

// Steps are the transitions that lead away from a ticket's state and that the user's roles allow, in the process's order.
func (p *Process) Steps(t Ticket, u User, f Facts) []Step {
	var all []Step
	for _, step := range p.From(t.State) {
		if !u.Has(step.Roles...) {
			continue
		}
		s := Step{Transition: step}
		if yes, err := holds(step.Guard, f); err != nil || !yes {
			s.Refused = step.Refusal.In(u.Language, "This cannot be done now.")
		}
		all = append(all, s)
	}
	return all
}

// FactsFor are what guards may ask about a ticket when a user acts on it.
func (d *Desk) FactsFor(t Ticket, u User) Facts {
	f := Facts{Class: string(t.Class), State: t.State, Owner: t.Owner, Team: t.Team, Priority: string(t.Priority), Language: t.Language,
		Subject: t.Subject, Product: t.Product, Documents: t.Documents, Opened: t.OpenedAt, Now: d.now(), User: u.Name, Teams: postgres.Array(u.Teams), Roles: []string{}}
	f.Amount, f.Currency = amountOf(t.Amount)
	for _, r := range u.Roles {
		f.Roles = append(f.Roles, string(r))
	}
	return f
}

// Move takes a ticket along a transition. The version is the one that the user saw; somebody else's change in between is a
// Conflict. A role or a guard that does not allow it is Denied, with a sentence that says why.
func (d *Desk) Move(ctx context.Context, tx pgx.Tx, by User, id TicketID, transition string, version int, comment string) (Ticket, error) {
	t, err := d.lockFor(ctx, tx, by, id, version)
	if err != nil {
		return Ticket{}, err
	}
	p, err := d.Process(ctx, tx, t.Process, t.ProcessVersion)
	if err != nil {
		return Ticket{}, err
	}
	step, ok := p.Transition(transition)
	if !ok || !slices.Contains(step.From, t.State) {
		return Ticket{}, fault.New(fault.Conflict, "The ticket %s is in a state in which this cannot be done. Nothing was changed; look at it again.", t.Number)
	}
	if !by.Has(step.Roles...) {
		return Ticket{}, fault.New(fault.Denied, "Your role does not allow this. Ask somebody with one of the roles %s.", listed(step.Roles))
	}
	if yes, err := holds(step.Guard, d.FactsFor(t, by)); err != nil || !yes {
		return Ticket{}, fault.Wrap(orRefused(err), fault.Denied, "%s", step.Refusal.In(by.Language, say.Text("This cannot be done now.")))
	}
	if comment = strings.TrimSpace(comment); step.Comment && comment == "" {
		return Ticket{}, fault.New(fault.Invalid, "Say why: this step needs a comment.")
	}
	if err := d.move(ctx, tx, by.Actor(), t, p, step, comment); err != nil {
		return Ticket{}, err
	}
	return selectTicket(ctx, tx, "where t.id = $1", id)
}

func orRefused(err error) error {
	if err == nil {
		return fmt.Errorf("the guard does not hold")
	}
	return err
}

// lockFor locks a ticket that the user may see.
func (d *Desk) lockFor(ctx context.Context, tx pgx.Tx, by User, id TicketID, version int) (Ticket, error) {
	t, err := lock(ctx, tx, id, version)
	if err != nil && !fault.Is(err, fault.Conflict) {
		return t, err
	}
	if _, denied := d.Ticket(ctx, tx, by.Reader(), id); denied != nil {
		return Ticket{}, denied
	}
	return t, err
}

// move writes the new state of a locked ticket.
func (d *Desk) move(ctx context.Context, tx pgx.Tx, by journal.Actor, t Ticket, p *Process, step Transition, comment string) error {
	to, _ := p.State(step.To)
	now := d.now()
	_, err := tx.Exec(ctx, `update workflow.ticket set state = $2, waiting_on = $3, active_at = $4, version = version + 1,
		closed_at = case when $3 = 'closed' then $4::timestamptz end where id = $1`, t.ID, to.ID, to.WaitingOn, now)
	if err != nil {
		return fmt.Errorf("move ticket %s: %w", t.Number, err)
	}
	_, err = d.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: TicketMoved, Subject: subject(t.ID),
		Detail: map[string]any{"transition": step.ID, "from": t.State, "to": to.ID, "comment": comment}})
	return err
}

// happen takes a locked ticket along the transition that its process has for an event, and says whether there is one.
func (d *Desk) happen(ctx context.Context, tx pgx.Tx, by journal.Actor, t Ticket, event string) (moved bool, err error) {
	p, err := d.Process(ctx, tx, t.Process, t.ProcessVersion)
	if err != nil {
		return false, err
	}
	for _, step := range p.From(t.State) {
		if step.HappensOn(event) {
			return true, d.move(ctx, tx, by, t, p, step, "")
		}
	}
	return false, nil
}

// Assign gives a ticket to a person, a team, or both; an empty owner takes it from whoever had it.
func (d *Desk) Assign(ctx context.Context, tx pgx.Tx, by User, id TicketID, owner, team string, version int) (Ticket, error) {
	if !by.Has(Agent) {
		return Ticket{}, fault.New(fault.Denied, "Your role does not allow you to assign tickets.")
	}
	t, err := d.lockFor(ctx, tx, by, id, version)
	if err != nil {
		return Ticket{}, err
	}
	if owner != "" {
		var can bool
		err := tx.QueryRow(ctx, "select exists (select from workflow.person where name = $1 and active)", owner).Scan(&can)
		if err != nil {
			return Ticket{}, fmt.Errorf("assign ticket %s: %w", t.Number, err)
		}
		if !can {
			return Ticket{}, fault.New(fault.Invalid, "There is no active user %q. The ticket stays as it is.", owner)
		}
	}
	if utf8.RuneCountInString(team) > maxTeamName {
		return Ticket{}, fault.New(fault.Invalid, "There is no team %q. The ticket stays as it is.", team)
	}
	if owner == t.Owner && team == t.Team {
		return t, nil
	}
	_, err = tx.Exec(ctx, "update workflow.ticket set owner = $2, team = $3, version = version + 1 where id = $1", id, owner, team)
	if err != nil {
		return Ticket{}, fmt.Errorf("assign ticket %s: %w", t.Number, err)
	}
	_, err = d.journal.Append(ctx, tx, journal.Event{Actor: by.Actor(), Verb: TicketAssigned, Subject: subject(id), Detail: map[string]any{
		"owner": map[string]string{"old": t.Owner, "new": owner}, "team": map[string]string{"old": t.Team, "new": team}}})
	if err != nil {
		return Ticket{}, err
	}
	return selectTicket(ctx, tx, "where t.id = $1", id)
}

// maxNote is the longest note, in bytes.
const maxNote = 20_000

// Note writes a note for colleagues. It is never shown to a customer.
func (d *Desk) Note(ctx context.Context, tx pgx.Tx, by User, id TicketID, text string) error {
	return d.addNote(ctx, tx, by, id, text, map[string]any{})
}

// addNote is Note, with what else its event tells.
func (d *Desk) addNote(ctx context.Context, tx pgx.Tx, by User, id TicketID, text string, detail map[string]any) error {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxNote {
		return fault.New(fault.Invalid, "A note is not empty and at most %d characters long.", maxNote)
	}
	if _, err := d.lockFor(ctx, tx, by, id, 0); err != nil {
		return err
	}
	note := uuid.Must(uuid.NewV7())
	_, err := tx.Exec(ctx, "insert into workflow.note (id, ticket, by, text) values ($1, $2, $3, $4)", note, id, by.Name, text)
	if err != nil {
		return fmt.Errorf("note on ticket %s: %w", id, err)
	}
	detail["note"] = note
	_, err = d.journal.Append(ctx, tx, journal.Event{Actor: by.Actor(), Verb: TicketNoted, Subject: subject(id), Detail: detail})
	return err
}

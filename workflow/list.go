package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// An Order says in which order a list of tickets stands.
type Order string

// The orders.
const (
	Newest Order = "newest" // opened last first
	ByDue  Order = "due"    // due first
	ByWait Order = "wait"   // those first of which nothing has been heard for longest
)

// Soon is how near a due date is that a list calls soon.
const Soon = 3 * 24 * time.Hour

// A Filter says which tickets a list shows. The zero Filter shows all that the reader may see, the newest first.
type Filter struct {
	State     string
	WaitingOn WaitingOn
	Process   string
	Class     taxonomy.ClassID
	Team      string
	Owner     string // a user's name; Nobody for those without an owner
	Party     taxonomy.PartyID
	Text      string     // the number's beginning, or words that begin words of the party's name
	Open      bool       // only those not closed
	Overdue   bool       // only open ones past their due date
	DueSoon   bool       // only open ones that are due soon and not past their due date
	Numbers   []string   // only these; nil for no such limit
	IDs       []TicketID // likewise
	Order     Order
	After     Cursor
	Limit     int // 0 means 50
}

// Nobody is the owner of tickets that have none, in a Filter.
const Nobody = "-"

// A Cursor is where a page of a list ended: the last ticket's ID and, where the order has one, its time. The zero Cursor is the
// beginning.
type Cursor struct {
	At time.Time
	ID TicketID
}

// After is the cursor behind a ticket in a list of this order.
func (o Order) After(t Ticket) Cursor {
	if o == ByWait {
		return Cursor{t.ActiveAt, t.ID}
	}
	return Cursor{t.DueAt, t.ID}
}

// List gives tickets page by page by key.
func (d *Desk) List(ctx context.Context, q postgres.Querier, reader taxonomy.Reader, f Filter) ([]Ticket, error) {
	w := d.conditions(reader, f)
	order := "t.id desc"
	switch column := map[Order]string{ByDue: "t.due_at", ByWait: "t.active_at"}[f.Order]; {
	case column != "":
		order = column + ", t.id"
		if f.After.ID != uuid.Nil {
			w.add("("+column+", t.id) > (?, ?)", f.After.At, f.After.ID)
		}
	case f.After.ID != uuid.Nil:
		w.add("t.id < ?", f.After.ID)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return selectTickets(ctx, q, fmt.Sprintf("where %s order by %s limit %d", w, order, f.Limit), w.args...)
}

// Count is how many tickets a list has in all, most at most: whoever has a thousand before them does not ask for how many more.
func (d *Desk) Count(ctx context.Context, q postgres.Querier, reader taxonomy.Reader, f Filter, most int) (int, error) {
	w := d.conditions(reader, f)
	var n int
	err := q.QueryRow(ctx, fmt.Sprintf("select count(*) from (select from %s where %s limit %d) t", ticketTables, w, most), w.args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count tickets of a list: %w", err)
	}
	return n, nil
}

// conditions are what tickets of a list fulfil.
func (d *Desk) conditions(reader taxonomy.Reader, f Filter) *where {
	w := &where{}
	access, tokens := reader.Where("t.readers", 1)
	w.args = append(w.args, tokens)
	w.parts = append(w.parts, access)
	w.equal("t.state", f.State)
	w.equal("t.waiting_on", string(f.WaitingOn))
	w.equal("t.process", f.Process)
	w.equal("t.class", string(f.Class))
	w.equal("t.team", f.Team)
	if f.Owner == Nobody {
		w.add("t.owner = ''")
	} else {
		w.equal("t.owner", f.Owner)
	}
	if f.Party != uuid.Nil {
		w.add("t.party = ?", f.Party)
	}
	if f.Open || f.Overdue || f.DueSoon {
		w.add("t.closed_at is null")
	}
	if f.Overdue {
		w.add("t.due_at < ?", d.now())
	}
	if f.DueSoon {
		w.add("t.due_at >= ? and t.due_at < ?", d.now(), d.now().Add(Soon))
	}
	if f.IDs != nil {
		w.add("t.id = any(?)", f.IDs)
	}
	if f.Numbers != nil {
		w.add("t.number = any(?)", f.Numbers)
	}
	w.text(f.Text)
	return w
}

// where gathers conditions and their values; each ? becomes the next placeholder.
type where struct {
	parts []string
	args  []any
}

// String is the conditions in SQL.
func (w *where) String() string { return strings.Join(w.parts, " and ") }

func (w *where) add(condition string, values ...any) {
	for _, v := range values {
		w.args = append(w.args, v)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.parts = append(w.parts, condition)
}

func (w *where) equal(column, value string) {
	if value != "" {
		w.add(column+" = ?", value)
	}
}

func (w *where) text(text string) {
	var words []string
	for _, t := range taxonomy.Tokens(text) {
		words = append(words, t.Folded+":*")
	}
	if len(words) > 0 {
		// Parties are found first, by their index, rather than one for each ticket.
		w.add("(starts_with(t.number, ?) or t.party in (select id from taxonomy.party where to_tsvector('simple', name_key) @@ to_tsquery('simple', ?)))",
			strings.ToUpper(strings.TrimSpace(text)), strings.Join(words, " & "))
	}
}

// Counts are numbers of open tickets that a reader may see.
type Counts struct {
	Open       int
	NotStarted int
	OnUs       int
	OnCustomer int
	Overdue    int
	DueSoon    int // see Soon; not overdue
	Mine       int // owned by the asker
	Unowned    int
}

// Counts counts the open tickets in one query. Me is the asker's name.
func (d *Desk) Counts(ctx context.Context, q postgres.Querier, reader taxonomy.Reader, me string) (Counts, error) {
	var c Counts
	access, tokens := reader.Where("t.readers", 1)
	now := d.now()
	err := q.QueryRow(ctx, `select count(*), count(*) filter (where waiting_on = 'not-started'), count(*) filter (where waiting_on = 'us'),
			count(*) filter (where waiting_on = 'customer'), count(*) filter (where due_at < $2),
			count(*) filter (where due_at >= $2 and due_at < $3), count(*) filter (where owner = $4 and $4 <> ''), count(*) filter (where owner = '')
		from workflow.ticket t where closed_at is null and `+access, tokens, now, now.Add(Soon), me).
		Scan(&c.Open, &c.NotStarted, &c.OnUs, &c.OnCustomer, &c.Overdue, &c.DueSoon, &c.Mine, &c.Unowned)
	if err != nil {
		return c, fmt.Errorf("count tickets: %w", err)
	}
	return c, nil
}

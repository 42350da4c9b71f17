package taxonomy

import (
	"context"
	"fmt"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/postgres"

	"github.com/google/uuid"
)

// An Order says in which order a list of records stands.
type Order string

// The orders.
const (
	Latest  Order = ""      // received last first
	ByDay   Order = "date"  // the latest letter first, those without a date last
	ByTitle Order = "title" // as a dictionary has them, numbers by their value
)

// Orders are all orders.
var Orders = []Order{Latest, ByDay, ByTitle}

// A Filter says which records a list shows. The zero Filter shows all that the reader may see.
type Filter struct {
	Folder   FolderID
	Category string // code; folders of categories below are not included
	Class    ClassID
	Party    PartyID
	Year     int // of the letter; 0 for any
	Order    Order
	After    Cursor
	Limit    int // 0 means 50
}

// A Cursor is where a page of a list ended: the last record's ID and what it was ordered by. The zero Cursor is the beginning.
type Cursor struct {
	Key string // the day of the letter or the title, as the order compares it
	ID  repository.DocumentID
}

// Cursor is the place behind a record in a list of this order.
func (o Order) Cursor(r Record) Cursor {
	c := Cursor{ID: r.Document}
	switch o {
	case ByDay:
		if c.Key = noDay; !r.LetterDate.IsZero() {
			c.Key = r.LetterDate.Format(time.DateOnly)
		}
	case ByTitle:
		c.Key = r.Title
	}
	return c
}

// Has says whether a place of the order can have a key. Keys come back from addresses.
func (o Order) Has(key string) bool {
	_, err := time.Parse(time.DateOnly, key)
	return o == ByTitle || o == Latest && key == "" || o == ByDay && (key == noDay || err == nil)
}

// noDay is the day of letters that have none, behind all others.
const noDay = "-infinity"

// byDay is the day of the letter as an index has it.
const byDay = "coalesce(r.letter_date, date '-infinity')"

// byTitle is the title in the order of a dictionary, as an index has it.
const byTitle = "r.title collate taxonomy.reading"

// orders say for each order by what records stand, and which come after a place. An index begins with the folder for each of them.
var orders = map[Order]struct{ by, after string }{
	Latest:  {"r.document desc", "r.document < ?"},
	ByDay:   {byDay + " desc, r.document desc", "(" + byDay + ", r.document) < (?::date, ?)"},
	ByTitle: {byTitle + ", r.document", "(" + byTitle + ", r.document) > (?, ?)"},
}

// List gives records page by page by key.
//
// Of a category, the first of each folder are read by an index, and of these the first: no record is read that might not be shown.
// A party has few records, so these are sorted.
func (p *Plan) List(ctx context.Context, q postgres.Querier, reader Reader, f Filter) ([]Record, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	order, ok := orders[f.Order]
	if !ok {
		return nil, fmt.Errorf("records: there is no order %q", f.Order)
	}
	w := f.conditions(reader, order.after)
	folders := f.places(w)
	if len(folders.parts) == 0 || f.Party != uuid.Nil {
		w.parts = append(w.parts, folders.parts...)
		return p.list(ctx, q, fmt.Sprintf("%s order by %s limit %d", w, order.by, f.Limit), w.args...)
	}
	first := fmt.Sprintf(`select k.document from taxonomy.folder f cross join lateral (
			select r.document, r.letter_date, r.title from taxonomy.record r where r.folder = f.id and %s order by %s limit %d) k
		where %s order by %s limit %d`, w, order.by, f.Limit, folders, strings.ReplaceAll(order.by, "r.", "k."), f.Limit)
	return p.list(ctx, q, "r.document in ("+first+") order by "+order.by, w.args...)
}

// Count is how many records a list has in all. Ask it of lists that are known to be short.
func (p *Plan) Count(ctx context.Context, q postgres.Querier, reader Reader, f Filter) (n int, err error) {
	f.After = Cursor{}
	w := f.conditions(reader, "")
	w.parts = append(w.parts, f.places(w).parts...)
	err = q.QueryRow(ctx, "select count(*) from "+recordTables+" where "+w.String(), w.args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count records: %w", err)
	}
	return n, nil
}

// places are where the records of a list lie; their values are those of w.
func (f Filter) places(w *where) *where {
	folders := &where{}
	if f.Folder != uuid.Nil {
		folders.add(w.value("f.id = ?", f.Folder))
	}
	if f.Category != "" {
		folders.add(w.value("f.category = ?", f.Category))
	}
	if len(folders.parts) > 0 && f.Class != "" { // the tally knows where there are any
		folders.add(w.value("f.id in (select folder from taxonomy.tally where class = ?)", f.Class))
	}
	if len(folders.parts) > 0 && f.Year != 0 {
		folders.add(w.value("f.id in (select folder from taxonomy.tally where year = ?)", f.Year))
	}
	return folders
}

// conditions are what the records of a list fulfil, besides where they lie.
func (f Filter) conditions(reader Reader, after string) *where {
	access, tokens := reader.Where("r.readers", 1)
	w := &where{parts: []string{access}, args: []any{tokens}}
	if f.Class != "" {
		w.add("r.class = ?", f.Class)
	}
	if f.Party != uuid.Nil {
		w.add("r.party = ?", f.Party)
	}
	if f.Year != 0 {
		column := "r.letter_date"
		if f.Order == ByDay {
			column = byDay // a range of the order's own index
		}
		w.add(column+" >= ? and "+column+" < ?", day(f.Year), day(f.Year+1))
	}
	if f.After.ID != uuid.Nil {
		if f.Order == Latest {
			w.add(after, f.After.ID)
		} else {
			w.add(after, f.After.Key, f.After.ID)
		}
	}
	return w
}

func day(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }

// where gathers conditions and their values. Only what is asked for is in it, so that the planner can use its index.
type where struct {
	parts []string
	args  []any
}

// String is the conditions in SQL.
func (w *where) String() string { return strings.Join(w.parts, " and ") }

func (w *where) add(condition string, values ...any) {
	w.parts = append(w.parts, w.value(condition, values...))
}

// value is a condition in which each ? became the placeholder of its value.
func (w *where) value(condition string, values ...any) string {
	for _, v := range values {
		w.args = append(w.args, v)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	return condition
}

package web

import (
	"fmt"
	"net/url"
	"strings"

	"docket/repository/fault"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Limits of what a person keeps.
const (
	maxSavedName  = 80   // characters
	maxSavedQuery = 4000 // bytes
	maxSaved      = 40   // of one page
)

// savedPages are the lists that can be kept, with their addresses.
var savedPages = map[string]string{"search": "/search", "tickets": "/tickets"}

// A savedList is a list that somebody keeps under a name: nobody else sees it.
type savedList struct {
	ID    uuid.UUID
	Name  string
	Query string // what follows the question mark
	Path  string
	Here  bool // it is the one that is shown
}

// A savedBar is what a page shows of the lists that are kept: those there are, and the form that keeps this one.
type savedBar struct {
	Page  string
	Query string // of this page, empty when there is nothing to keep
	Lists []savedList
}

// Here is the kept list that the page shows, nil when it shows none.
func (b savedBar) Here() *savedList {
	for i := range b.Lists {
		if b.Lists[i].Here {
			return &b.Lists[i]
		}
	}
	return nil
}

// savedBar reads what the person keeps of a page. query is that of this page in its canonical form.
func (v *visit) savedBar(page, query string) (savedBar, error) {
	bar := savedBar{Page: page, Query: query}
	rows, err := v.pool().Query(v.ctx(), "select id, name, query from web.saved where user_id = $1 and page = $2 order by id limit $3",
		v.user.ID, page, maxSaved)
	if err != nil {
		return bar, fmt.Errorf("saved lists: %w", err)
	}
	bar.Lists, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (savedList, error) {
		var l savedList
		err := row.Scan(&l.ID, &l.Name, &l.Query)
		l.Path, l.Here = savedPages[page]+"?"+l.Query, l.Query == query
		return l, err
	})
	sortBy(v.Locale, bar.Lists, func(l savedList) string { return l.Name })
	return bar, err
}

// canonical is the address of a list without its place in the list, its parameters in order.
func canonical(q url.Values) string {
	kept := url.Values{}
	for name, values := range q {
		if len(values) > 0 && values[0] != "" && name != "cursor" && name != "after" {
			kept.Set(name, values[0])
		}
	}
	return kept.Encode()
}

// saveList answers POST /saved: it keeps a list under a name, or gives a name to another list.
func (s *Server) saveList(v *visit) error {
	page, name := v.form("page"), strings.TrimSpace(v.form("name"))
	values, err := url.ParseQuery(v.form("query"))
	query := canonical(values)
	path := savedPages[page]
	if path == "" || err != nil || query == "" || len(query) > maxSavedQuery {
		return fault.New(fault.Invalid, "%s", v.T("saved.cannot"))
	}
	if n := len([]rune(name)); n == 0 || n > maxSavedName {
		return fault.New(fault.Invalid, "%s", v.T("saved.name_wrong", maxSavedName))
	}
	err = v.inTx(func(tx pgx.Tx) error { return v.keep(tx, page, name, query) })
	if err != nil {
		return err
	}
	v.flash("success", v.T("saved.kept", name))
	return v.redirect(path + "?" + query)
}

func (v *visit) keep(tx pgx.Tx, page, name, query string) error {
	tag, err := tx.Exec(v.ctx(), `insert into web.saved (id, user_id, page, name, query)
		select $1, $2, $3, $4, $5 where (select count(*) from web.saved where user_id = $2 and page = $3 and name <> $4) < $6
		on conflict (user_id, page, name) do update set query = excluded.query, at = now()`,
		uuid.Must(uuid.NewV7()), v.user.ID, page, name, query, maxSaved)
	if err != nil {
		return fmt.Errorf("save list %s: %w", name, err)
	}
	if tag.RowsAffected() == 0 {
		return fault.New(fault.Invalid, "%s", v.T("saved.too_many", maxSaved))
	}
	return nil
}

// dropSaved answers POST /saved/:id/delete. The list itself stays open, so that it can be kept again.
func (s *Server) dropSaved(v *visit) error {
	id, err := uuid.Parse(v.param("id"))
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	var page, name, query string
	err = v.inTx(func(tx pgx.Tx) error {
		return tx.QueryRow(v.ctx(), "delete from web.saved where id = $1 and user_id = $2 returning page, name, query", id, v.user.ID).Scan(&page, &name, &query)
	})
	if err == pgx.ErrNoRows {
		return fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	if err != nil {
		return fmt.Errorf("drop saved list %s: %w", id, err)
	}
	v.flash("success", v.T("saved.dropped", name))
	return v.redirect(savedPages[page] + "?" + query)
}

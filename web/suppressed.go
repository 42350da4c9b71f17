package web

import (
	"net/http"
	"net/url"
	"strings"

	"docket/repository/fault"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// A suppressedPage lists the addresses that nothing is sent to any more.
type suppressedPage struct {
	Frame
	Text      string // that is looked for
	Addresses []suppressedRow
	More      string
	Problem   string
	Reason    string // that was typed
}

// A suppressedRow is an address as its list shows it.
type suppressedRow struct {
	workflow.Suppression
	Open bool // its reason is being typed
}

// showSuppressed answers GET /outbox/suppressed?q=&after=.
func (s *Server) showSuppressed(v *visit) error {
	return s.sendSuppressed(v, http.StatusOK, suppressedPage{Text: strings.TrimSpace(limited(v.query("q"), 254))}, "")
}

// sendSuppressed sends the list; address is the one whose reason is being typed.
func (s *Server) sendSuppressed(v *visit, status int, page suppressedPage, address string) error {
	list, err := s.config.Outbox.Suppressions(v.ctx(), v.pool(), v.reader(), workflow.SuppressionFilter{Text: page.Text, After: v.query("after"), Limit: outboxRows + 1})
	if err != nil {
		return err
	}
	if len(list) > outboxRows {
		list = list[:outboxRows]
		page.More = "/outbox/suppressed?" + url.Values{"q": {page.Text}, "after": {list[outboxRows-1].Address}}.Encode()
	}
	for _, x := range list {
		page.Addresses = append(page.Addresses, suppressedRow{x, x.Address == address})
	}
	page.Frame = v.frame(v.T("suppressed.title"), Crumb{v.T("outbox.title"), "/outbox"})
	return v.show(status, "suppressed.html", page)
}

// restoreAddress answers POST /outbox/suppressed: mail is sent to an address again, for a reason.
func (s *Server) restoreAddress(v *visit) error {
	address, page := limited(v.form("address"), 300), suppressedPage{Text: strings.TrimSpace(limited(v.form("q"), 254)), Reason: v.form("reason")}
	err := v.inTx(func(tx pgx.Tx) error { return s.config.Outbox.Restore(v.ctx(), tx, v.user, address, page.Reason) })
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) {
		page.Problem = v.Sentence(err)
		return s.sendSuppressed(v, Status(err), page, address)
	}
	if err != nil {
		return err
	}
	v.flash("success", v.T("event.address.restored", address))
	return v.redirect("/outbox/suppressed?" + url.Values{"q": {page.Text}}.Encode())
}

package web

import (
	"context"
	"strings"

	"docket/capture"
	"docket/workflow"
)

// waiting is how much work waits where, for the numbers in the navigation.
type waiting struct {
	Exceptions int // pieces that could not be read
	Validation int // documents that a person must look at
	Tickets    int // open tickets of the user
	Overdue    int // open tickets past their due date
	Unowned    int // open tickets that nobody has taken
	Quarantine int // messages of which a person must say where they belong
	Outbox     workflow.OutgoingCounts
	Desk       *workflow.Counts // all counts of tickets, nil for who does not work them
}

// waiting counts what waits for a user.
func (s *Server) waiting(ctx context.Context, u workflow.User) (waiting, error) {
	var w waiting
	if u.Has(workflow.Mailroom) {
		open, err := capture.OpenCounts(ctx, s.config.Pool)
		if err != nil {
			return w, err
		}
		w.Exceptions, w.Validation = open[capture.Exception], open[capture.Waiting]
	}
	if u.Has(workflow.Agent) {
		counts, err := s.config.Desk.Counts(ctx, s.config.Pool, u.Reader(), u.Name)
		if err != nil {
			return w, err
		}
		w.Desk, w.Tickets, w.Overdue, w.Unowned = &counts, counts.Mine, counts.Overdue, counts.Unowned
	}
	if u.Has(workflow.Agent) && s.config.Outbox != nil {
		counts, err := s.config.Outbox.Counts(ctx, s.config.Pool, u.Reader())
		if err != nil {
			return w, err
		}
		w.Outbox = counts
	}
	if u.Has(deciders...) {
		n, err := s.config.Desk.CountQuarantined(ctx, s.config.Pool, u.Reader())
		if err != nil {
			return w, err
		}
		w.Quarantine = n
	}
	return w, nil
}

// navigation is the left side: what the user's roles let them enter.
func (v *visit) navigation(w waiting) []NavGroup {
	u, here := v.user, v.gin.Request.URL.Path
	var groups []NavGroup
	add := func(title string, allowed bool, items ...NavItem) {
		if !allowed {
			return
		}
		markHere(items, here)
		groups = append(groups, NavGroup{title, items})
	}
	add("", true,
		NavItem{Title: v.T("nav.home"), Path: "/", Icon: "home", Key: "h"},
		NavItem{Title: v.T("nav.search"), Path: "/search", Icon: "search", Key: "s"})
	add(v.T("nav.mailroom"), u.Has(workflow.Mailroom),
		NavItem{Title: v.T("nav.intake"), Path: "/mailroom", Icon: "inbox", Key: "m", Count: w.Exceptions},
		NavItem{Title: v.T("nav.scan"), Path: "/mailroom/scan", Icon: "scan", Key: "d"},
		NavItem{Title: v.T("nav.validation"), Path: "/mailroom/validation", Icon: "list-check", Key: "v", Count: w.Validation},
		NavItem{Title: v.T("quarantine.title"), Path: "/quarantine", Icon: "alert-triangle", Key: "q", Count: w.Quarantine},
		NavItem{Title: v.T("nav.batches"), Path: "/mailroom/batches", Icon: "stack-2", Key: "b"},
		NavItem{Title: v.T("nav.upload"), Path: "/upload", Icon: "upload", Key: "u"})
	add(v.T("nav.desk"), u.Has(workflow.Agent), v.deskItems(w)...)
	add(v.T("nav.records"), u.Has(workflow.RecordsManager, workflow.Agent),
		NavItem{Title: v.T("nav.plan"), Path: "/records", Icon: "archive", Key: "r"})
	add(v.T("nav.admin"), u.Has(workflow.Administrator),
		NavItem{Title: v.T("nav.users"), Path: "/admin/users", Icon: "users"},
		NavItem{Title: v.T("classes.title"), Path: "/admin/classes", Icon: "settings"},
		NavItem{Title: v.T("fields.title"), Path: "/admin/fields", Icon: "note"},
		NavItem{Title: v.T("vocabulary.title"), Path: "/admin/vocabulary", Icon: "typography"},
		NavItem{Title: v.T("nav.sources"), Path: "/admin/sources", Icon: "stack-2"},
		NavItem{Title: v.T("channels.title"), Path: "/admin/channels", Icon: "mail"},
		NavItem{Title: v.T("templates.title"), Path: "/admin/templates", Icon: "file-text"},
		NavItem{Title: v.T("nav.health"), Path: "/admin/health", Icon: "heartbeat"})
	return groups
}

// deskItems are what somebody who works tickets enters. Whoever is of the mailroom too has the quarantine there.
func (v *visit) deskItems(w waiting) []NavItem {
	items := []NavItem{{Title: v.T("nav.tickets"), Path: "/tickets", Icon: "ticket", Key: "t", Count: w.Tickets}}
	if !v.user.Has(workflow.Mailroom) {
		items = append(items, NavItem{Title: v.T("quarantine.title"), Path: "/quarantine", Icon: "alert-triangle", Key: "q", Count: w.Quarantine})
	}
	if v.server.config.Outbox != nil {
		items = append(items, NavItem{Title: v.T("outbox.title"), Path: "/outbox", Icon: "send", Key: "o", Count: w.Outbox[workflow.Failed] + w.Outbox[workflow.Bounced]})
	}
	return items
}

// markHere marks the item with the longest path that the page lies under.
func markHere(items []NavItem, here string) {
	best := -1
	for i, item := range items {
		under := here == item.Path || item.Path != "/" && strings.HasPrefix(here, item.Path+"/")
		if under && (best < 0 || len(item.Path) > len(items[best].Path)) {
			best = i
		}
	}
	if best >= 0 {
		items[best].Here = true
	}
}

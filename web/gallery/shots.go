package main

import (
	"fmt"
	"strings"
)

// A shot is one picture of the gallery.
type shot struct {
	name, title string
	user        string // empty for nobody
	path        string
	follow      string // selector of the link that is followed from there; empty stays
	width       int64  // of the window in pixels; 0 means 1440
	dark        bool
	language    string // empty means English
}

func (s shot) file() string { return s.name + ".webp" }

// shots are the pictures, in the order of a piece's way through the house.
var shots = []shot{
	{name: "sign-in", title: "Sign in", path: "/sign-in"},
	{name: "home", title: "The mailroom clerk’s morning", user: "mia", path: "/"},
	{name: "intake", title: "Intake board: every piece of the day is accounted for", user: "mia", path: "/mailroom"},
	{name: "validation", title: "Validation desk: the machine says what it was unsure of, and why", user: "mia", path: "/mailroom/validation", follow: "a[data-row]"},
	{name: "queue", title: "What waits for a person", user: "mia", path: "/mailroom/validation"},
	{name: "search", title: "Search: the hit is marked on its page", user: "anna", path: "/search?q=refund"},
	{name: "document", title: "A document: pages, where each value was found, history", user: "anna", path: "/search?q=class%3Acomplaint", follow: "a.hit-picture"},
	{name: "tickets", title: "Tickets: what is due, and on whom it waits", user: "anna", path: "/tickets?view=open"},
	{name: "ticket", title: "A ticket: the whole story on one page", user: "anna", path: "/tickets?owner=anna&view=all", follow: "main a.ticket"},
	{name: "file-plan", title: "The file plan with its counts", user: "rita", path: "/records"},
	{name: "category", title: "A category of the file plan with its records", user: "rita", path: "/records/10"},
	{name: "class", title: "A class: fields, naming and filing, tried on real documents as they are typed", user: "admin", path: "/admin/classes/complaint"},
	{name: "health", title: "Health, in plain words", user: "admin", path: "/admin/health"},
	{name: "ticket-dark", title: "The same ticket in the dark", user: "anna", path: "/tickets?owner=anna&view=all", follow: "main a.ticket", dark: true},
	{name: "tickets-phone", title: "On a phone", user: "anna", path: "/tickets?view=open", width: 390},
	{name: "validation-phone", title: "Validation on a phone", user: "mia", path: "/mailroom/validation", follow: "a[data-row]", width: 390},
	{name: "tickets-german", title: "In German", user: "anna", path: "/tickets?view=open", language: "de"},
	{name: "intake-russian", title: "In Russian", user: "mia", path: "/mailroom", language: "ru"},
}

// index is the page that shows the gallery.
func index() string {
	var b strings.Builder
	b.WriteString("# Screens\n\nReal pictures of a running Docket with sample post, made by `make screens`.\n")
	for _, s := range shots {
		fmt.Fprintf(&b, "\n## %s\n\n![%s](%s)\n", s.title, s.title, s.file())
	}
	return b.String()
}

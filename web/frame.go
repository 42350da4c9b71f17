package web

import (
	"docket/repository/journal"
	"docket/workflow"
)

// A Frame is what surrounds every page.
type Frame struct {
	Title    string // what the page is; also the browser's title
	Lead     string // how many, or the one fact that matters, beside the title
	Crumbs   []Crumb
	Nav      []NavGroup
	User     workflow.User // zero when nobody is signed in
	Query    string
	Flashes  []Flash
	Language string
	Theme    string // "light", "dark", or empty for the system's
	Here     string // path and query of this page
	Request  string
	Bare     bool // no assets in this binary
	Choices  []Choice
	Made     int64 // when, in milliseconds; 0 where nothing on the page changes

	waiting waiting
	who     func(journal.Actor) string
}

// Who is who did something, a person by their title.
func (f Frame) Who(a journal.Actor) string {
	if f.who == nil {
		return string(a)
	}
	return f.who(a)
}

// A Crumb is a step of the way to a page.
type Crumb struct{ Title, Path string }

// A NavGroup is a titled part of the navigation.
type NavGroup struct {
	Title string // empty for the first
	Items []NavItem
}

// A NavItem leads to a page family.
type NavItem struct {
	Title, Path, Icon string
	Key               string // with which one goes there after "g"; empty for none
	Count             int    // work that waits there
	Here              bool
}

// A Choice is one language of the interface.
type Choice struct{ Code, Title string }

// SignedIn says whether somebody is.
func (f Frame) SignedIn() bool { return f.User.Name != "" }

// Scans says whether the person lays post on the scan desk.
func (f Frame) Scans() bool { return f.User.Has(workflow.Mailroom) }

// languageTitles are the languages' own names.
var languageTitles = []Choice{
	{"en", "English"}, {"de", "Deutsch"}, {"hu", "Magyar"}, {"pl", "Polski"}, {"ru", "Русский"}, {"sl", "Slovenščina"},
}

// bareFrame is a frame without anything that needs the database: for error pages.
func (v *visit) bareFrame(title string) Frame {
	f := Frame{Title: title, User: v.user, Language: v.Code, Theme: v.theme, Here: v.address(), Request: v.request, Bare: v.server.assets.missing()}
	for _, c := range languageTitles {
		if v.server.locales[c.Code] != nil {
			f.Choices = append(f.Choices, c)
		}
	}
	if v.user.Name != "" {
		f.Nav = v.navigation(waiting{})
	}
	return f
}

// frame is the frame of an ordinary page: with what waits and what the last action had to say.
func (v *visit) frame(title string, crumbs ...Crumb) Frame {
	f := v.bareFrame(title)
	f.Crumbs, f.Made, f.who = crumbs, v.now.UnixMilli(), v.actorName
	if v.user.Name == "" || v.partial() {
		return f
	}
	counts, err := v.server.waiting(v.ctx(), v.user)
	if err != nil {
		v.server.config.Log.Error("count what waits", "request", v.request, "err", err)
	}
	f.Nav, f.waiting = v.navigation(counts), counts
	f.Flashes = v.takeFlashes()
	return f
}

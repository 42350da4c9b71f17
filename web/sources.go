package web

import (
	"net/http"
	"net/url"
	"strings"

	"docket/capture"
	"docket/repository/fault"

	"github.com/jackc/pgx/v5"
)

// sourceDays is how far back the list of sources counts.
const sourceDays = 30

// A sourcesPage lists the ways in and how they are used.
type sourcesPage struct {
	Frame
	Sources []sourceRow
	Name    string // what was typed for another one
	Note    string
	Problem string
}

// A sourceRow is a source as its list shows it.
type sourceRow struct{ capture.SourceUse }

// Paused says whether the source may not hand in for now.
func (r sourceRow) Paused() bool { return !r.PausedAt.IsZero() }

// Folder is the folder in the hot folder that files of the source are put into, empty when it has none.
func (r sourceRow) Folder() string {
	folder, ok := strings.CutPrefix(r.Source, capture.HotFolderSource+"/")
	if !ok {
		return ""
	}
	return folder
}

// Search is the address of all documents that came by the source.
func (r sourceRow) Search() string { return "/search?q=" + url.QueryEscape(`source:"`+r.Source+`"`) }

// showSources answers GET /admin/sources.
func (s *Server) showSources(v *visit) error { return s.sendSources(v, http.StatusOK, sourcesPage{}) }

func (s *Server) sendSources(v *visit, status int, page sourcesPage) error {
	sources, err := capture.Sources(v.ctx(), v.pool(), v.now.AddDate(0, 0, -sourceDays))
	if err != nil {
		return err
	}
	for _, use := range sources {
		page.Sources = append(page.Sources, sourceRow{use})
	}
	page.Frame = v.frame(v.T("sources.title"))
	page.Lead = v.N("sources.lead", len(sources), sourceDays)
	return v.show(status, "sources.html", page)
}

// addSource answers POST /admin/sources: another source, or another note for one that is there.
func (s *Server) addSource(v *visit) error {
	page := sourcesPage{Name: strings.TrimSpace(v.form("name")), Note: strings.TrimSpace(v.form("note"))}
	name := page.Name
	if v.form("folder") == "on" {
		name = capture.HotFolderSource + "/" + name
	}
	err := v.inTx(func(tx pgx.Tx) error {
		return s.config.Intake.AddSource(v.ctx(), tx, v.actor(), name, limited(page.Note, 500))
	})
	if fault.Is(err, fault.Invalid) {
		page.Problem = v.Sentence(err)
		return s.sendSources(v, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	done := v.T("sources.added", name)
	if v.form("folder") == "on" {
		done = v.T("sources.added_folder", name)
	}
	v.flash("success", done)
	return v.redirect("/admin/sources")
}

// pauseSource answers POST /admin/sources/pause: do=pause or do=resume. Names of sources hold slashes, so they are no part of the
// address.
func (s *Server) pauseSource(v *visit) error {
	name, resume := v.form("source"), v.form("do") == "resume"
	err := v.inTx(func(tx pgx.Tx) error {
		if resume {
			return s.config.Intake.ResumeSource(v.ctx(), tx, v.actor(), name)
		}
		return s.config.Intake.PauseSource(v.ctx(), tx, v.actor(), name)
	})
	if err != nil {
		return err
	}
	if resume {
		v.flash("success", v.T("sources.resumed", name))
	} else {
		v.flash("success", v.T("sources.paused_now", name))
	}
	return v.redirect("/admin/sources")
}

package web

import (
	"net/http"
	"slices"

	"docket/repository/fault"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// A settingsPage is where a person says what they are told of by e-mail, and where.
type settingsPage struct {
	Frame
	Email      string
	Kinds      []option // of what the person can be told of
	Ready      bool     // messages are sent
	Suppressed string   // what the other server said of the address, to which nothing is sent therefore; empty: it is not suppressed
	Problem    string
}

// showSettings answers GET /settings.
func (s *Server) showSettings(v *visit) error { return s.settings(v, http.StatusOK, v.user, "") }

func (s *Server) settings(v *visit, status int, u workflow.User, problem string) error {
	page := settingsPage{Frame: v.frame(v.T("settings.title")), Email: u.Email, Problem: problem}
	for _, k := range workflow.ToldKinds {
		page.Kinds = append(page.Kinds, option{string(k), v.T("told." + string(k)), slices.Contains(u.ToldOf, k)})
	}
	if out := s.config.Outbox; out != nil {
		page.Ready = out.Ready
		found, err := out.Suppressed(v.ctx(), v.pool(), []string{v.user.Email})
		if err != nil {
			return err
		}
		for _, one := range found {
			page.Suppressed = one.Reason
		}
	}
	return v.show(status, "settings.html", page)
}

// saveSettings answers POST /settings: the address and what is told there. do=restore sends to the address again from which mail came back.
func (s *Server) saveSettings(v *visit) error {
	email := limited(v.form("email"), 300)
	told := []workflow.ToldKind{}
	for _, k := range v.gin.Request.PostForm["told"] {
		told = append(told, workflow.ToldKind(k))
	}
	restore := v.form("do") == "restore" && s.config.Outbox != nil
	err := v.inTx(func(tx pgx.Tx) error {
		if restore {
			return s.config.Outbox.Restore(v.ctx(), tx, v.user, v.user.Email, "their own address")
		}
		_, err := s.config.People.Amend(v.ctx(), tx, v.actor(), v.user.Name, workflow.Amendment{Email: &email, ToldOf: &told})
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return s.settings(v, http.StatusUnprocessableEntity, workflow.User{Email: email, ToldOf: told}, v.Sentence(err))
	}
	if err != nil {
		return err
	}
	v.flash("success", v.T("settings.saved"))
	return v.redirect("/settings")
}

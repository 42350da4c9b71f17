package web

import (
	"net/http"
	"slices"
	"strings"

	"docket/repository/fault"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A usersPage lists the people who can sign in, and makes new ones.
type usersPage struct {
	Frame
	Users []userRow
	New   userRow // what was typed into the form for a new one
	Error string

	Refused string // why a change was not made
}

// A userRow is a user with the roles as check boxes.
type userRow struct {
	workflow.User
	Choices []option
	Team    string // teams, parted by commas
}

// roles are all roles in the order in which forms show them.
var roles = []workflow.Role{workflow.Mailroom, workflow.Agent, workflow.RecordsManager, workflow.Administrator}

func (v *visit) userRow(u workflow.User) userRow {
	row := userRow{User: u, Team: strings.Join(u.Teams, ", ")}
	for _, r := range roles {
		row.Choices = append(row.Choices, option{string(r), v.T("role." + string(r)), slices.Contains(u.Roles, r)})
	}
	return row
}

// showUsers answers GET /admin/users.
func (s *Server) showUsers(v *visit) error { return s.users(v, http.StatusOK, workflow.User{}, "", "") }

// users shows the list, with what was wrong with a new user, or why a change was refused.
func (s *Server) users(v *visit, status int, typed workflow.User, problem, refused string) error {
	all, err := v.people()
	if err != nil {
		return err
	}
	page := usersPage{Frame: v.frame(v.T("users.title")), New: v.userRow(typed), Error: problem, Refused: refused}
	page.Lead = v.N("users.lead", len(all))
	for _, u := range all {
		page.Users = append(page.Users, v.userRow(u))
	}
	return v.show(status, "users.html", page)
}

// userName is the name of the user with an ID.
func (s *Server) userName(v *visit, tx pgx.Tx, id uuid.UUID) (string, error) {
	all, err := s.config.People.List(v.ctx(), tx)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(all, func(u workflow.User) bool { return u.ID == id })
	if i < 0 {
		return "", fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	return all[i].Name, nil
}

// showUserHistory answers GET /admin/users/:user/history.
func (s *Server) showUserHistory(v *visit) error {
	all, err := v.people()
	if err != nil {
		return err
	}
	for _, u := range all {
		if u.ID.String() == v.param("user") {
			return s.tellSubjects(v, []uuid.UUID{u.ID}, u.Title, Crumb{v.T("users.title"), "/admin/users"})
		}
	}
	return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
}

// typedUser is what a form says about a user.
func (v *visit) typedUser() workflow.User {
	u := workflow.User{Name: v.form("name"), Title: strings.TrimSpace(v.form("title")), Email: limited(v.form("email"), 300), Active: true}
	for _, r := range v.gin.Request.PostForm["role"] {
		u.Roles = append(u.Roles, workflow.Role(r))
	}
	u.Teams = strings.FieldsFunc(v.form("teams"), func(r rune) bool { return r == ',' || r == ' ' })
	return u
}

// addUser answers POST /admin/users.
func (s *Server) addUser(v *visit) error {
	typed := v.typedUser()
	err := v.inTx(func(tx pgx.Tx) error {
		_, err := s.config.People.Add(v.ctx(), tx, v.actor(), typed, v.form("password"))
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return s.users(v, http.StatusUnprocessableEntity, typed, v.Sentence(err), "")
	}
	if err != nil {
		return err
	}
	v.flash("success", v.T("users.added", typed.Name))
	return v.redirect("/admin/users")
}

// changeUser answers POST /admin/users/:user: title, roles, teams, the address at which they are told, whether they may sign in, and a new password when one is given.
func (s *Server) changeUser(v *visit) error {
	id, err := uuid.Parse(v.param("user"))
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	typed, active := v.typedUser(), v.form("active") == "on"
	if len(typed.Roles) == 0 {
		return s.users(v, http.StatusUnprocessableEntity, workflow.User{}, "", v.T("users.no_role"))
	}
	var u workflow.User
	err = v.inTx(func(tx pgx.Tx) error {
		name, err := s.userName(v, tx, id)
		if err != nil {
			return err
		}
		u, err = s.config.People.Amend(v.ctx(), tx, v.actor(), name, workflow.Amendment{Title: typed.Title, Roles: typed.Roles, Teams: &typed.Teams,
			Active: &active, Password: v.form("password"), Email: &typed.Email})
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return s.users(v, Status(err), workflow.User{}, "", v.Sentence(err))
	}
	if err != nil {
		return err
	}
	if u.Active {
		v.flash("success", v.T("users.changed", u.Name))
	} else {
		v.flash("success", v.T("users.out", u.Name))
	}
	return v.redirect("/admin/users")
}

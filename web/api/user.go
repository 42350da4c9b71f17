package api

import (
	"time"

	"docket/repository/postgres"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// A User is a person who can sign in.
type User struct {
	User      string    `json:"user" doc:"what they sign in with"`
	Title     string    `json:"title" doc:"what others call them"`
	Roles     []string  `json:"roles"`
	Teams     []string  `json:"teams"`
	Language  string    `json:"language"`
	Active    bool      `json:"active" doc:"may sign in"`
	CreatedAt time.Time `json:"created_at"`
}

func newUser(u workflow.User) User {
	out := User{User: u.Name, Title: u.Title, Roles: []string{}, Teams: orEmpty(u.Teams), Language: u.Language, Active: u.Active, CreatedAt: u.CreatedAt}
	for _, r := range u.Roles {
		out.Roles = append(out.Roles, string(r))
	}
	return out
}

type usersOutput struct {
	Body struct {
		Users []User `json:"users"`
	}
}

// users answers GET /users.
func (s *server) users(v *visit, _ *struct{}) (*usersOutput, error) {
	all, err := s.People.List(v.ctx(), s.Pool)
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	out := &usersOutput{}
	out.Body.Users = make([]User, len(all))
	for i, u := range all {
		out.Body.Users[i] = newUser(u)
	}
	return out, nil
}

type addUserInput struct {
	Body struct {
		User     string   `json:"user" minLength:"1" maxLength:"64"`
		Title    string   `json:"title,omitempty" maxLength:"200"`
		Roles    []string `json:"roles" minItems:"1" enum:"mailroom,agent,records-manager,administrator"`
		Teams    []string `json:"teams,omitempty"`
		Language string   `json:"language,omitempty" enum:"en,de,hu,pl,ru,sl"`
		Password string   `json:"password" minLength:"1" maxLength:"1000"`
	}
}

type userOutput struct{ Body User }

// addUser answers POST /users.
func (s *server) addUser(v *visit, in *addUserInput) (*userOutput, error) {
	u := workflow.User{Name: in.Body.User, Title: in.Body.Title, Teams: in.Body.Teams, Language: in.Body.Language}
	for _, r := range in.Body.Roles {
		u.Roles = append(u.Roles, workflow.Role(r))
	}
	err := s.inTx(v, func(tx pgx.Tx) (err error) {
		u, err = s.People.Add(v.ctx(), tx, v.who.Actor(), u, in.Body.Password)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &userOutput{newUser(u)}, nil
}

type changeUserInput struct {
	User string `path:"user"`
	Body struct {
		Title    string    `json:"title,omitempty" maxLength:"200"`
		Roles    []string  `json:"roles,omitempty" enum:"mailroom,agent,records-manager,administrator"`
		Teams    *[]string `json:"teams,omitempty"`
		Language string    `json:"language,omitempty" enum:"en,de,hu,pl,ru,sl"`
		Active   *bool     `json:"active,omitempty" doc:"may sign in; false ends the user's sessions and tokens at once"`
		Password string    `json:"password,omitempty" maxLength:"1000" doc:"a new one; it ends the user's sessions"`
	}
}

// changeUser answers PATCH /users/{user}: what the body does not name stays as it is.
func (s *server) changeUser(v *visit, in *changeUserInput) (*userOutput, error) {
	b := in.Body
	a := workflow.Amendment{Title: b.Title, Teams: b.Teams, Language: b.Language, Active: b.Active, Password: b.Password}
	for _, r := range b.Roles {
		a.Roles = append(a.Roles, workflow.Role(r))
	}
	var u workflow.User
	err := s.inTx(v, func(tx pgx.Tx) (err error) {
		u, err = s.People.Amend(v.ctx(), tx, v.who.Actor(), in.User, a)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &userOutput{newUser(u)}, nil
}

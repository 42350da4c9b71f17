package web

import (
	"context"
	"slices"

	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A Role is what a person's day consists of; it decides which parts of the house they enter.
type Role string

// The roles.
const (
	Mailroom       Role = "mailroom"
	Agent          Role = "agent"
	RecordsManager Role = "records-manager"
	Administrator  Role = "administrator"
)

// A User is a person who can sign in.
type User struct {
	ID    uuid.UUID
	Name  string // what they sign in with
	Title string // what others call them
	Roles []Role
}

// Has says whether the user has one of the roles. Administrators have all.
func (u User) Has(roles ...Role) bool {
	return slices.Contains(u.Roles, Administrator) || slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(u.Roles, r) })
}

// Actor is the user in the journal.
func (u User) Actor() journal.Actor { return journal.Actor(u.Name) }

// Reader is what the user may see.
func (u User) Reader() taxonomy.Reader {
	if u.ID == uuid.Nil {
		return taxonomy.Reader{}
	}
	tokens := []string{taxonomy.Everyone, "user:" + u.Name}
	for _, r := range u.Roles {
		tokens = append(tokens, "role:"+string(r))
	}
	return taxonomy.Reader{Tokens: tokens, All: slices.Contains(u.Roles, Administrator)}
}

// People is what web needs to know of people.
type People interface {
	// SignIn gives the user of a right name and password. Anything else is one fault of kind Denied that takes equally long
	// whether the name, the password or the permission to sign in was wrong.
	SignIn(ctx context.Context, tx pgx.Tx, name, password string) (User, error)
	// User gives a user who may still sign in.
	User(ctx context.Context, q postgres.Querier, id uuid.UUID) (User, error)
}

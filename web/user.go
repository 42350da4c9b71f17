package web

import (
	"context"

	"docket/repository/postgres"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// People live in package workflow; these are short names for pages.
type (
	// A Role is what a person's day consists of; it decides which parts of the house they enter.
	Role = workflow.Role
	// A User is a person who can sign in.
	User = workflow.User
)

// The roles.
const (
	Mailroom       = workflow.Mailroom
	Agent          = workflow.Agent
	RecordsManager = workflow.RecordsManager
	Administrator  = workflow.Administrator
)

// People is what web needs to know of people.
type People interface {
	// SignIn gives the user of a right name and password. Anything else is one fault of kind Denied that takes equally long
	// whether the name, the password or the permission to sign in was wrong.
	SignIn(ctx context.Context, tx pgx.Tx, name, password string) (User, error)
	// User gives a user who may still sign in.
	User(ctx context.Context, q postgres.Querier, id uuid.UUID) (User, error)
}

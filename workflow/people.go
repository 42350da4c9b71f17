package workflow

import (
	"context"
	"fmt"
	"strings"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Verbs that this package appends about people. Details never hold a password or its hash.
const (
	UserAdded           journal.Verb = "user.added"            // name, roles, teams
	UserChanged         journal.Verb = "user.changed"          // name, roles, teams, active; changes: old and new
	UserPasswordChanged journal.Verb = "user.password-changed" // name
)

// People keeps the users. It holds no pool; writes take a transaction.
type People struct{ journal *journal.Journal }

// NewPeople makes people that write to j.
func NewPeople(j *journal.Journal) *People { return &People{j} }

const userColumns = "id, name, title, roles, teams, language, active, created_at, email, told_of"

// Add makes a user who may sign in with the password. A name that is taken is a Conflict.
func (p *People) Add(ctx context.Context, tx pgx.Tx, by journal.Actor, u User, password string) (User, error) {
	u.Name = strings.ToLower(strings.TrimSpace(u.Name))
	if err := u.check(); err != nil {
		return User{}, err
	}
	hash, err := hashPassword(password)
	if err != nil {
		return User{}, err
	}
	if err := u.checkEmail(ctx, tx); err != nil {
		return User{}, err
	}
	if u.ToldOf == nil {
		u.ToldOf = DefaultToldOf
	}
	u.ID, u.Active = uuid.Must(uuid.NewV7()), true
	err = tx.QueryRow(ctx, `insert into workflow.person (id, name, title, hash, roles, teams, language, email, told_of)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning created_at`,
		u.ID, u.Name, u.Title, hash, u.Roles, postgres.Array(u.Teams), u.Language, u.Email, u.ToldOf).Scan(&u.CreatedAt)
	if err == pgx.ErrNoRows {
		return User{}, fault.New(fault.Conflict, "There is already a user %q.", u.Name)
	}
	if err != nil {
		return User{}, fmt.Errorf("add user %s: %w", u.Name, err)
	}
	return u, p.append(ctx, tx, by, UserAdded, u.ID, map[string]any{"name": u.Name, "roles": u.Roles, "teams": u.Teams})
}

// Change replaces title, roles, teams, language, activity, address and what is told there of the user with that ID. The last active administrator stays one.
func (p *People) Change(ctx context.Context, tx pgx.Tx, by journal.Actor, u User) error {
	if err := u.check(); err != nil {
		return err
	}
	if err := u.checkEmail(ctx, tx); err != nil {
		return err
	}
	if err := lockPeople(ctx, tx, u.Name); err != nil {
		return err
	}
	was, err := p.find(ctx, tx, "id = $1", u.ID)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `update workflow.person set title = $2, roles = $3, teams = $4, language = $5, active = $6, email = $7, told_of = $8 where id = $1`,
		u.ID, u.Title, u.Roles, postgres.Array(u.Teams), u.Language, u.Active, u.Email, postgres.Array(u.ToldOf))
	if err != nil {
		return fmt.Errorf("change user %s: %w", u.Name, err)
	}
	if tag.RowsAffected() == 0 {
		return fault.New(fault.NotFound, "This user does not exist.")
	}
	var left bool
	err = tx.QueryRow(ctx, "select exists (select from workflow.person where active and $1 = any(roles))", Administrator).Scan(&left)
	if err != nil {
		return err
	}
	if !left {
		return fault.New(fault.Conflict, "There must be at least one active administrator. Nothing was changed.")
	}
	return p.append(ctx, tx, by, UserChanged, u.ID, map[string]any{"name": u.Name, "roles": u.Roles, "teams": u.Teams, "active": u.Active,
		"changes": was.changes(u)})
}

// SetPassword gives a user a new password.
func (p *People) SetPassword(ctx context.Context, tx pgx.Tx, by journal.Actor, id uuid.UUID, password string) error {
	hash, err := hashPassword(password)
	if err != nil {
		return err
	}
	var name string
	err = tx.QueryRow(ctx, "update workflow.person set hash = $2 where id = $1 returning name", id, hash).Scan(&name)
	if err := postgres.Missing(err, "This user does not exist."); err != nil {
		return err
	}
	return p.append(ctx, tx, by, UserPasswordChanged, id, map[string]any{"name": name})
}

// Authenticate gives the user of a right name and password. Anything else is one fault of kind Denied that takes equally
// long whether the name, the password or the permission to sign in was wrong. Slowing down guesses is the caller's.
func (p *People) Authenticate(ctx context.Context, q postgres.Querier, name, password string) (User, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	var hash string
	err := q.QueryRow(ctx, "select hash from workflow.person where name = $1 and active", name).Scan(&hash)
	if err != nil && err != pgx.ErrNoRows {
		return User{}, fmt.Errorf("authenticate %s: %w", name, err)
	}
	right, err := checkPassword(ctx, password, hash)
	if err != nil {
		return User{}, err
	}
	if !right {
		return User{}, fault.New(fault.Denied, "The name or the password is not right.")
	}
	return p.find(ctx, q, "name = $1 and active", name)
}

// User gives a user who may still sign in.
func (p *People) User(ctx context.Context, q postgres.Querier, id uuid.UUID) (User, error) {
	return p.find(ctx, q, "id = $1 and active", id)
}

// UserByName gives a user by name, whether active or not.
func (p *People) UserByName(ctx context.Context, q postgres.Querier, name string) (User, error) {
	return p.find(ctx, q, "name = $1", strings.ToLower(strings.TrimSpace(name)))
}

func (p *People) find(ctx context.Context, q postgres.Querier, where string, args ...any) (User, error) {
	rows, err := q.Query(ctx, "select "+userColumns+" from workflow.person where "+where, args...)
	if err != nil {
		return User{}, fmt.Errorf("find user: %w", err)
	}
	u, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[User])
	return u, postgres.Missing(err, "This user does not exist or may not sign in.")
}

// List gives all users by name.
func (p *People) List(ctx context.Context, q postgres.Querier) ([]User, error) {
	rows, err := q.Query(ctx, "select "+userColumns+" from workflow.person order by name")
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[User])
}

func (p *People) append(ctx context.Context, tx pgx.Tx, by journal.Actor, verb journal.Verb, id uuid.UUID, detail map[string]any) error {
	_, err := p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: verb, Subject: journal.Subject{Kind: "user", ID: id}, Detail: detail})
	return err
}

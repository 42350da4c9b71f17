package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Verbs that this package appends about people. Details never hold a password or its hash.
const (
	UserAdded           journal.Verb = "user.added"            // name, roles, teams
	UserChanged         journal.Verb = "user.changed"          // name, roles, teams, active; changes: old and new
	UserPasswordChanged journal.Verb = "user.password-changed" // name
)

// A Role is what a person's day consists of; it decides what they may do.
type Role string

// The roles.
const (
	Mailroom       Role = "mailroom"
	Agent          Role = "agent"
	RecordsManager Role = "records-manager"
	Administrator  Role = "administrator"
)

// Roles are all roles.
var Roles = []Role{Mailroom, Agent, RecordsManager, Administrator}

// listed names roles in a sentence.
func listed(roles []Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// A User is a person who can sign in.
type User struct {
	ID        uuid.UUID
	Name      string // what they sign in with, lower case
	Title     string // what others call them
	Roles     []Role
	Teams     []string
	Language  string // of their screens, two letters; empty until they choose one: then it is what their browser asks for
	Active    bool   // may sign in
	CreatedAt time.Time
	Email     string     // where they are told of what has happened; empty: nowhere
	ToldOf    []ToldKind // of what; a new user begins with DefaultToldOf
}

// Has says whether the user has one of the roles. Administrators have all.
func (u User) Has(roles ...Role) bool {
	return slices.Contains(u.Roles, Administrator) || slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(u.Roles, r) })
}

// Actor is the user in the journal.
func (u User) Actor() journal.Actor { return journal.Actor(u.Name) }

// Reader is what the user may see. The zero User sees nothing.
func (u User) Reader() taxonomy.Reader {
	if u.ID == uuid.Nil {
		return taxonomy.Reader{}
	}
	tokens := []string{taxonomy.Everyone, "user:" + u.Name}
	for _, r := range u.Roles {
		tokens = append(tokens, "role:"+string(r))
	}
	for _, t := range u.Teams {
		tokens = append(tokens, "team:"+t)
	}
	return taxonomy.Reader{Tokens: tokens, All: slices.Contains(u.Roles, Administrator)}
}

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

// check fills in what is empty and says what is wrong.
func (u *User) check() error {
	if u.Name == "" || len(u.Name) > 64 || strings.ContainsFunc(u.Name, func(r rune) bool { return !nameRune(r) }) {
		return fault.New(fault.Invalid, "A user's name is made of letters, digits, dots, hyphens and underscores, at most 64 of them.")
	}
	if len(u.Roles) == 0 {
		return fault.New(fault.Invalid, "A user needs at least one of the roles %s.", listed(Roles))
	}
	for _, r := range u.Roles {
		if !slices.Contains(Roles, r) {
			return fault.New(fault.Invalid, "There is no role “%s”, only %s.", r, listed(Roles))
		}
	}
	u.Teams = postgres.Array(u.Teams)
	if u.Title == "" {
		u.Title = u.Name
	}
	if utf8.RuneCountInString(u.Title) > maxFullName {
		return fault.New(fault.Invalid, "A full name has at most %d characters.", maxFullName)
	}
	if len(u.Teams) > maxTeams || slices.ContainsFunc(u.Teams, func(t string) bool { return utf8.RuneCountInString(t) > maxTeamName }) {
		return fault.New(fault.Invalid, "A user is in at most %d teams, and the name of a team has at most %d characters.", maxTeams, maxTeamName)
	}
	return nil
}

// Bounds of what is called by hand, in characters, and of the teams of one user.
const (
	maxFullName = 100
	maxTeamName = 60
	maxTeams    = 50
)

func nameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune(".-_@", r)
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

// changes are the differences of two states of a user: for each thing that changed its old and new value.
func (u User) changes(now User) map[string]any {
	all := map[string]any{}
	add := func(name string, changed bool, old, now any) {
		if changed {
			all[name] = map[string]any{"old": old, "new": now}
		}
	}
	add("title", u.Title != now.Title, u.Title, now.Title)
	add("roles", !slices.Equal(u.Roles, now.Roles), u.Roles, now.Roles)
	add("teams", !slices.Equal(u.Teams, now.Teams), u.Teams, now.Teams)
	add("language", u.Language != now.Language, u.Language, now.Language)
	add("active", u.Active != now.Active, u.Active, now.Active)
	add("email", u.Email != now.Email, u.Email, now.Email)
	add("told_of", !slices.Equal(u.ToldOf, now.ToldOf), postgres.Array(u.ToldOf), postgres.Array(now.ToldOf))
	return all
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

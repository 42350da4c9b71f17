package workflow

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
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

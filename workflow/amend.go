package workflow

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"docket/repository/journal"

	"github.com/jackc/pgx/v5"
)

// An Amendment says what changes of a user. What is nil or empty stays as it is.
type Amendment struct {
	Title    string
	Roles    []Role
	Teams    *[]string
	Language string
	Active   *bool // may sign in
	Password string
	Email    *string     // empty: they are told of nothing any more
	ToldOf   *[]ToldKind // see User
}

// Amend changes the user of a name and gives them as they are then. The last active administrator stays one: that is a Conflict,
// and nothing is changed. Who has just lost the permission to sign in is out at once; see package web's Follow.
func (p *People) Amend(ctx context.Context, tx pgx.Tx, by journal.Actor, name string, a Amendment) (User, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if err := lockPeople(ctx, tx, name); err != nil {
		return User{}, err
	}
	old, err := p.UserByName(ctx, tx, name)
	if err != nil {
		return User{}, err
	}
	u := old
	u.Title, u.Language = cmp.Or(a.Title, u.Title), cmp.Or(a.Language, u.Language)
	if len(a.Roles) > 0 {
		u.Roles = a.Roles
	}
	if a.Teams != nil {
		u.Teams = *a.Teams
	}
	if a.Active != nil {
		u.Active = *a.Active
	}
	if a.Email != nil {
		u.Email = *a.Email
	}
	if a.ToldOf != nil {
		u.ToldOf = *a.ToldOf
	}
	if !old.same(u) {
		if err := p.Change(ctx, tx, by, u); err != nil {
			return User{}, err
		}
	}
	if a.Password != "" {
		if err := p.SetPassword(ctx, tx, by, u.ID, a.Password); err != nil {
			return User{}, err
		}
	}
	return p.UserByName(ctx, tx, name)
}

func (u User) same(other User) bool {
	return u.Title == other.Title && u.Language == other.Language && u.Active == other.Active && slices.Equal(u.Roles, other.Roles) && slices.Equal(u.Teams, other.Teams) &&
		u.Email == other.Email && slices.Equal(u.ToldOf, other.ToldOf)
}

// lockPeople keeps others from changing a user, or any administrator, until the transaction ends: whether one is the last
// administrator depends on all of them.
func lockPeople(ctx context.Context, tx pgx.Tx, name string) error {
	_, err := tx.Exec(ctx, "select from workflow.person where name = $1 or $2 = any(roles) order by id for update", name, Administrator)
	if err != nil {
		return fmt.Errorf("lock user %s: %w", name, err)
	}
	return nil
}

package workflow

import (
	"context"
	"slices"
	"strings"

	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/taxonomy"
)

// A ToldKind is a kind of what a person can be told of by e-mail.
type ToldKind string

// The kinds.
const (
	ToldAssigned ToldKind = "assigned" // a ticket is theirs now
	ToldAnswered ToldKind = "answered" // a customer wrote something on a ticket of theirs
	ToldNoted    ToldKind = "noted"    // somebody wrote a note on a ticket of theirs
	ToldBounced  ToldKind = "bounced"  // a message that they wrote did not arrive
)

// ToldKinds are all kinds, in the order in which forms show them.
var ToldKinds = []ToldKind{ToldAssigned, ToldAnswered, ToldNoted, ToldBounced}

// DefaultToldOf is what a person is told of before they choose, once they have an address.
var DefaultToldOf = []ToldKind{ToldAssigned, ToldAnswered}

// Tells says whether the user is told of a kind of things.
func (u User) Tells(k ToldKind) bool {
	return u.Active && u.Email != "" && slices.Contains(u.ToldOf, k)
}

// checkEmail brings the address into its form and says what is wrong with it, or with what is told there. An address of our own would
// send us what we tell; behind a machine's nobody reads it.
func (u *User) checkEmail(ctx context.Context, q postgres.Querier) error {
	for _, k := range u.ToldOf {
		if !slices.Contains(ToldKinds, k) {
			return fault.New(fault.Invalid, "There is no “%s” that somebody can be told of. Nothing was changed.", string(k))
		}
	}
	if u.Email = strings.TrimSpace(u.Email); u.Email == "" {
		return nil
	}
	clean, err := cleanAddress(u.Email)
	if err != nil {
		return fault.New(fault.Invalid, "“%.100s” is no address that mail can be sent to. Nothing was changed.", u.Email)
	}
	channels, err := taxonomy.LoadChannels(ctx, q)
	if err != nil {
		return err
	}
	if channels.Owns(clean) || unanswered(clean) {
		return fault.New(fault.Invalid, "%s is no address of a person. Nothing was changed.", clean)
	}
	u.Email = clean
	return nil
}

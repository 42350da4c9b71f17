package web

import (
	"context"
	"fmt"
	"strings"
	"time"

	"docket/repository/fault"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// failureWindow is how long a failed sign-in counts.
const failureWindow = 15 * time.Minute

// A limit says how many failed sign-ins a key may have within the window.
type limit struct {
	key string
	max int
}

// limits are the keys that one attempt counts under. The pair of name and address is tight, so that guessing stops soon;
// the name alone is loose, so that a stranger elsewhere cannot lock a colleague out with a few wrong words; the address is
// loose because an office shares one.
func limits(name, address string) []limit {
	name = limited(strings.ToLower(strings.TrimSpace(name)), 200)
	return []limit{{"pair:" + name + "@" + address, 5}, {"name:" + name, 50}, {"address:" + address, 100}}
}

// An attempt is one sign-in that counts as failed until it has succeeded. Counting first keeps many guesses made at the
// same moment from all seeing an empty count.
type attempt struct {
	id     uuid.UUID
	limits []limit
}

// begin counts an attempt, and refuses it with a fault of kind Denied when one of its keys has used up its limit. A refused
// attempt is not counted: whoever waits gets in. Call it in a transaction of its own.
func begin(ctx context.Context, tx pgx.Tx, name, address string, now time.Time) (attempt, error) {
	a := attempt{uuid.Must(uuid.NewV7()), limits(name, address)}
	if _, err := tx.Exec(ctx, "delete from web.login_failure where at <= $1", now.Add(-failureWindow)); err != nil {
		return a, fmt.Errorf("forget old failed sign-ins: %w", err)
	}
	for _, l := range a.limits {
		var n int
		err := tx.QueryRow(ctx, `with lock as materialized (select pg_advisory_xact_lock(hashtextextended($1, 50)))
			select count(*) from lock, web.login_failure where key = $1`, l.key).Scan(&n)
		if err != nil {
			return a, fmt.Errorf("count failed sign-ins: %w", err)
		}
		if n >= l.max {
			return a, fault.New(fault.Denied, "Too many failed sign-ins. Nothing was changed. Wait %d minutes and try again, or ask an administrator.",
				int(failureWindow.Minutes()))
		}
		if _, err := tx.Exec(ctx, "insert into web.login_failure (attempt, key, at) values ($1, $2, $3)", a.id, l.key, now); err != nil {
			return a, fmt.Errorf("count sign-in: %w", err)
		}
	}
	return a, nil
}

// succeed takes the attempt back, and with it what the same name got wrong from the same address before.
func (a attempt) succeed(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "delete from web.login_failure where attempt = $1 or key = $2", a.id, a.limits[0].key)
	return err
}

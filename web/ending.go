package web

import (
	"context"
	"fmt"

	"docket/repository/journal"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// Follow is this package's subscriber: it is told of every event in the transaction that appends it. Who may not sign in any more
// is out at once and for good: their sessions end and their tokens are revoked, so that neither lives again with the account. A
// new password ends the sessions that began with the old one, but for those of a person who changes their own. Pages that show tickets
// are told when one has changed.
func Follow(ctx context.Context, tx pgx.Tx, e journal.Event) error {
	switch {
	case e.Subject.Kind == "ticket":
		_, err := tx.Exec(ctx, "select pg_notify($1, $2)", channel, ticketsTopic)
		return err
	case e.Verb == workflow.UserChanged && e.Detail["active"] == false:
		_, err := tx.Exec(ctx, "update web.token set revoked_at = now() where user_id = $1 and revoked_at is null", e.Subject.ID)
		if err != nil {
			return fmt.Errorf("revoke the tokens of user %s: %w", e.Subject.ID, err)
		}
	case e.Verb == workflow.UserPasswordChanged && e.Detail["name"] != string(e.Actor):
	default:
		return nil
	}
	if _, err := tx.Exec(ctx, "delete from web.session where user_id = $1", e.Subject.ID); err != nil {
		return fmt.Errorf("end the sessions of user %s: %w", e.Subject.ID, err)
	}
	return nil
}

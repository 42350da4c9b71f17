package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"docket/repository/postgres"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// sessionLife is how long a session lasts from its sign-in: a long working day.
const sessionLife = 12 * time.Hour

// newSessions makes the session manager over table web.session. The cookie's value is hashed before it is stored.
func newSessions(pool *pgxpool.Pool, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store = sessionStore{pool}
	m.HashTokenInStore = true
	m.Codec = scs.GobCodec{} // the store reads it too
	m.Lifetime = sessionLife
	m.Cookie.Name = "docket_session"
	if secure {
		m.Cookie.Name = "__Host-docket_session"
	}
	m.Cookie.Secure = secure
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	return m
}

// sessionStore keeps sessions in PostgreSQL. It is one of the few holders of the pool, for a session is saved outside the
// transactions of the work done in it.
type sessionStore struct{ pool *pgxpool.Pool }

var _ scs.CtxStore = sessionStore{}

// FindCtx gives a live session's data.
func (s sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := s.pool.QueryRow(ctx, "select data from web.session where token = $1 and expires_at > now()", token).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, postgres.Unavailable(err)
}

// CommitCtx saves a session with whose it is, and sweeps the expired ones of others on the way.
func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	user, _ := values[userKey].(string)
	_, err = s.pool.Exec(ctx, `with swept as (delete from web.session where expires_at < now())
		insert into web.session (token, data, expires_at, user_id) values ($1, $2, $3, nullif($4, '')::uuid)
		on conflict (token) do update set data = excluded.data, expires_at = excluded.expires_at, user_id = excluded.user_id`, token, data, expires, user)
	return postgres.Unavailable(err)
}

// DeleteCtx ends a session.
func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.pool.Exec(ctx, "delete from web.session where token = $1", token)
	return postgres.Unavailable(err)
}

// Find is FindCtx; scs asks for it but calls the other.
func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx.
func (s sessionStore) Commit(token string, data []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expires)
}

// Delete is DeleteCtx.
func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

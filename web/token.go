package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// tokenPrefix starts every bearer token, so that secret scanners and people recognise one.
const tokenPrefix = "dkt_"

// A Token describes a bearer token; the secret itself is known only to whoever was given it.
type Token struct {
	ID         uuid.UUID
	User       uuid.UUID
	Name       string
	CreatedAt  time.Time
	LastUsedAt time.Time // zero when never; kept to the minute
	ExpiresAt  time.Time // zero when it does not expire
}

// CreateToken makes a bearer token for a user and gives its secret: 256 random bits, of which only the SHA-256 is stored.
// A zero expires means it does not expire.
func CreateToken(ctx context.Context, tx pgx.Tx, user uuid.UUID, name string, expires, now time.Time) (secret string, err error) {
	var random [32]byte
	rand.Read(random[:])
	secret = tokenPrefix + base64.RawURLEncoding.EncodeToString(random[:])
	_, err = tx.Exec(ctx, `insert into web.token (id, user_id, name, digest, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
		uuid.Must(uuid.NewV7()), user, name, digest(secret), now, orNull(expires))
	if err != nil {
		return "", fmt.Errorf("create token for user %s: %w", user, err)
	}
	return secret, nil
}

// orNull is t, or null when t is zero.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func digest(secret string) []byte {
	d := sha256.Sum256([]byte(secret))
	return d[:]
}

// tokenUser gives the user of a bearer token and notes, at most once a minute, that it was used. The look-up is by digest,
// so its timing tells nothing about the secret.
func tokenUser(ctx context.Context, q postgres.Querier, secret string, now time.Time) (uuid.UUID, error) {
	var user uuid.UUID
	err := pgx.ErrNoRows
	if strings.HasPrefix(secret, tokenPrefix) {
		err = q.QueryRow(ctx, `with known as (
				select id, user_id, last_used_at from web.token
				where digest = $1 and revoked_at is null and (expires_at is null or expires_at > $2)),
			used as (
				update web.token t set last_used_at = $2 from known k
				where t.id = k.id and (k.last_used_at is null or k.last_used_at < $2 - interval '1 minute'))
			select user_id from known`, digest(secret), now).Scan(&user)
	}
	if err == pgx.ErrNoRows {
		return uuid.Nil, fault.New(fault.Denied, "This token is not known, has expired or was revoked. Make a new one with 'docket token create'.")
	}
	return user, postgres.Unavailable(err)
}

// bearer gives the token of an Authorization header, "" when there is none.
func bearer(header string) string {
	scheme, secret, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(secret)
}

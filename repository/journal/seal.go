package journal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// sealLock is the advisory lock under which one process at a time extends the chain.
const sealLock = 0x7365616c // "seal"

// sealBatch bounds the work of one Seal call.
const sealBatch = 5000

// sealable selects the events after the last sealed one whose transactions have ended and that no running transaction
// can still precede. The chain's order is that of transactions, and of IDs within one.
const sealable = `
	select e.id, e.at, e.actor, e.verb, e.subject_kind, e.subject, e.detail::text
	from repository.event e
	where e.tx < pg_snapshot_xmin(pg_current_snapshot()) and ` + unsealed + `
	order by e.tx, e.id limit $1`

// unsealed is true for events that come after the last sealed one.
const unsealed = `(e.tx, e.id) > (
	(select l.tx, l.id from repository.seal s join repository.event l on l.id = s.event order by s.number desc limit 1)
	union all select '0'::xid8, 0
	order by 1 desc, 2 desc limit 1)`

// Seal chains the events that were committed since the last call and gives how many it sealed. Call it again while it
// gives more than zero. Another process sealing at the moment makes it return 0 without waiting.
func Seal(ctx context.Context, tx pgx.Tx) (int, error) {
	var mine bool
	if err := tx.QueryRow(ctx, "select pg_try_advisory_xact_lock($1)", sealLock).Scan(&mine); err != nil || !mine {
		return 0, err
	}
	number, hash, err := lastSeal(ctx, tx)
	if err != nil {
		return 0, err
	}
	rows, err := tx.Query(ctx, sealable, sealBatch)
	if err != nil {
		return 0, err
	}
	events, err := pgx.CollectRows(rows, scanSealed)
	if err != nil {
		return 0, err
	}
	seals := make([][]any, len(events))
	for i, e := range events {
		number++
		hash = e.hash(number, hash)
		seals[i] = []any{number, e.id, hash}
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"repository", "seal"}, []string{"number", "event", "hash"}, pgx.CopyFromRows(seals))
	return len(events), err
}

func lastSeal(ctx context.Context, q postgres.Querier) (int64, []byte, error) {
	var number int64
	hash := make([]byte, sha256.Size)
	err := q.QueryRow(ctx, "select number, hash from repository.seal order by number desc limit 1").Scan(&number, &hash)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return number, hash, err
}

// sealedEvent holds what is hashed of an event, with the detail in PostgreSQL's own normalised JSON text.
type sealedEvent struct {
	id                int64
	at                time.Time
	actor, verb, kind string
	subject           uuid.UUID
	detail            string
	number            int64
	stored            []byte
}

func scanSealed(row pgx.CollectableRow) (sealedEvent, error) {
	var e sealedEvent
	err := row.Scan(&e.id, &e.at, &e.actor, &e.verb, &e.kind, &e.subject, &e.detail)
	return e, err
}

// hash is SHA-256 over the seal before, the seal's number and the event's parts, each with its length in front so that no
// two different events give the same bytes.
func (e sealedEvent) hash(number int64, prev []byte) []byte {
	h := sha256.New()
	part := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	part(prev)
	part(binary.BigEndian.AppendUint64(nil, uint64(number)))
	part(binary.BigEndian.AppendUint64(nil, uint64(e.id)))
	part(binary.BigEndian.AppendUint64(nil, uint64(e.at.UnixMicro())))
	for _, s := range []string{e.actor, e.verb, e.kind, e.subject.String(), e.detail} {
		part([]byte(s))
	}
	return h.Sum(nil)
}

// A Chain is what Verify found.
type Chain struct {
	Sealed   int64  // events in the chain
	Unsealed int64  // events committed but not yet sealed
	Head     []byte // the newest seal's hash: note it down elsewhere, and the whole past is fixed
}

// Verify walks the whole chain in bounded memory. A broken chain is a fault of kind Conflict that names the first event
// that does not fit.
func Verify(ctx context.Context, q postgres.Querier) (Chain, error) {
	var c Chain
	rows, err := q.Query(ctx, `select e.id, e.at, e.actor, e.verb, e.subject_kind, e.subject, e.detail::text, s.number, s.hash
		from repository.seal s left join repository.event e on e.id = s.event order by s.number`)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	c.Head = make([]byte, sha256.Size)
	for rows.Next() {
		var e sealedEvent
		err := rows.Scan(&e.id, &e.at, &e.actor, &e.verb, &e.kind, &e.subject, &e.detail, &e.number, &e.stored)
		if err != nil {
			return c, fault.Wrap(err, fault.Conflict, "The audit chain is broken: seal %d has no event.", c.Sealed+1)
		}
		c.Sealed++
		if e.number != c.Sealed || !bytes.Equal(e.hash(e.number, c.Head), e.stored) {
			return c, fault.New(fault.Conflict, "The audit chain is broken at event %d (seal %d): it was changed, removed or inserted afterwards.", e.id, c.Sealed)
		}
		c.Head = e.stored
	}
	if err := rows.Err(); err != nil {
		return c, fmt.Errorf("read the chain: %w", err)
	}
	err = q.QueryRow(ctx, "select count(*) from repository.event e where "+unsealed).Scan(&c.Unsealed)
	return c, err
}

package journal_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/postgres/postgrestest"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

func happened(verb journal.Verb) journal.Event {
	return journal.Event{Actor: "anna", Verb: verb, Subject: journal.Subject{Kind: "thing", ID: uuid.New()}}
}

func appendOne(t *testing.T, pool *pgxpool.Pool, j *journal.Journal, e journal.Event) error {
	t.Helper()
	return postgres.InTx(t.Context(), pool, func(tx pgx.Tx) error {
		_, err := j.Append(t.Context(), tx, e)
		return err
	})
}

func seal(t *testing.T, pool *pgxpool.Pool) (n int) {
	t.Helper()
	err := postgres.InTx(t.Context(), pool, func(tx pgx.Tx) (err error) {
		n, err = journal.Seal(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// sealAll seals until want events are sealed. Transactions of other databases of the cluster hold sealing back too, so it asks
// again until they have ended.
func sealAll(t *testing.T, pool *pgxpool.Pool, want int) {
	t.Helper()
	for total := 0; total < want; total += seal(t, pool) {
		if _, err := pool.Exec(t.Context(), "select pg_sleep(0.01)"); err != nil {
			t.Fatalf("sealed %d of %d events: %v", total, want, err)
		}
	}
}

func TestASubscribersErrorUndoesTheEvent(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t, repository.Migrations)
	refuse := errors.New("no")
	var seen []journal.Verb
	j := journal.New(func(_ context.Context, _ pgx.Tx, e journal.Event) error {
		seen = append(seen, e.Verb)
		if e.Verb == "bad" {
			return refuse
		}
		return nil
	})
	good, bad := happened("good"), happened("bad")
	if err := appendOne(t, pool, j, good); err != nil {
		t.Fatal(err)
	}
	if err := appendOne(t, pool, j, bad); !errors.Is(err, refuse) {
		t.Fatalf("got %v", err)
	}
	if len(seen) != 2 {
		t.Errorf("told of %v", seen)
	}
	for e, want := range map[*journal.Event]int{&good: 1, &bad: 0} {
		events, err := journal.BySubject(t.Context(), pool, e.Subject.ID, 0)
		if err != nil || len(events) != want {
			t.Errorf("%s: %d events in the journal, want %d (%v)", e.Verb, len(events), want, err)
		}
	}
}

// Writers on several connections, a transaction that stays open while others commit, and a sealer in between: every event
// is sealed once and the chain holds.
func TestTheChainHoldsUnderConcurrentWriters(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t, repository.Migrations)
	j := journal.New()
	slow, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(t.Context(), slow, happened("slow")); err != nil {
		t.Fatal(err)
	}
	const writers, each = 4, 25
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if err := appendOne(t, pool, j, happened(journal.Verb(fmt.Sprintf("w%d.%d", w, i)))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := seal(t, pool); n != 0 {
		t.Errorf("sealed %d events past one that is not yet committed", n)
	}
	if err := slow.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	sealAll(t, pool, writers*each+1)
	chain, err := journal.Verify(t.Context(), pool)
	if err != nil || chain.Sealed != writers*each+1 || chain.Unsealed != 0 {
		t.Errorf("chain %+v, %v", chain, err)
	}
}

func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	tampering := map[string]string{
		"changed": `update repository.event set actor = 'nobody' where id = 2`,
		"removed": `delete from repository.seal where event = 2; delete from repository.event where id = 2`,
		"swapped": `update repository.event set detail = '{"x": 1}' where id = 3`,
	}
	for name, sql := range tampering {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgrestest.New(t, repository.Migrations)
			j := journal.New()
			for range 4 {
				if err := appendOne(t, pool, j, happened("it")); err != nil {
					t.Fatal(err)
				}
			}
			sealAll(t, pool, 4)
			if _, err := pool.Exec(t.Context(), sql); err == nil {
				t.Fatal("the database let the journal be changed")
			}
			if _, err := pool.Exec(t.Context(), "set session_replication_role = replica; "+sql); err != nil {
				t.Fatal(err)
			}
			if _, err := journal.Verify(t.Context(), pool); !fault.Is(err, fault.Conflict) {
				t.Errorf("tampering was not found: %v", err)
			}
		})
	}
}

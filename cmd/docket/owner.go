package main

import (
	"context"
	"errors"
	"time"

	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// searchOwner is the advisory lock of the process that owns the search index of a database. Two would each follow half of
// the changes, and each find half of the documents.
const searchOwner = 0x446f636b6574_01 // "Docket", 1

// Bounds of owning the search index.
const (
	ownPatience = 10 * time.Second // how long a database may take to notice that the former owner was killed
	ownCheck    = 30 * time.Second // how often the lock is looked after: it is lost when the database starts again
)

// ownSearch makes this process the only one that owns a search index of the database, until it closes.
func (s *stack) ownSearch(ctx context.Context) error {
	conn, err := s.holdSearch(ctx)
	for until := time.Now().Add(ownPatience); fault.Is(err, fault.Conflict) && time.Now().Before(until) && ctx.Err() == nil; {
		time.Sleep(100 * time.Millisecond)
		conn, err = s.holdSearch(ctx)
	}
	if err != nil {
		return err
	}
	s.inBackground(ctx, func(ctx context.Context) error {
		s.keepSearch(ctx, conn)
		return nil
	})
	return nil
}

// holdSearch takes the lock on a connection of its own: it lasts as long as that.
func (s *stack) holdSearch(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig.Copy())
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	var got bool
	if err := conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", searchOwner).Scan(&got); err != nil {
		return nil, errors.Join(postgres.Unavailable(err), conn.Close(context.WithoutCancel(ctx)))
	}
	if got {
		return conn, nil
	}
	return nil, errors.Join(fault.New(fault.Conflict, "Another docket server has the search index of this database. "+
		"One server answers searches; start 'docket work' to add machines, or stop the other server first."), conn.Close(ctx))
}

// keepSearch takes the lock again when the database was away for a while.
func (s *stack) keepSearch(ctx context.Context, conn *pgx.Conn) {
	defer func() {
		if conn != nil {
			_ = conn.Close(context.WithoutCancel(ctx))
		}
	}()
	for tick := time.Tick(ownCheck); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
		if conn != nil && conn.Ping(ctx) == nil {
			continue
		}
		var err error
		if conn, err = s.holdSearch(ctx); fault.Is(err, fault.Conflict) {
			s.log.Error("another server has taken the search index of this database: stop one of them and run 'docket reindex' with the other")
		}
	}
}

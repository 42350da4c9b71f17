package api

import (
	"context"
	"fmt"
	"time"

	"docket/capture"
	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// pollEvery is how often a waiting request looks whether its piece is done: one statement by key each time. Between two looks
// it holds no connection.
const pollEvery = 200 * time.Millisecond

type receiptInput struct {
	Receipt uuid.UUID `path:"receipt"`
}

type followInput struct {
	Receipt uuid.UUID `path:"receipt"`
	Wait    int       `query:"wait" minimum:"0" maximum:"30" doc:"seconds to wait until the piece is done"`
}

type pieceOutput struct{ Body Piece }

// follow answers GET /intake/{receipt}.
func (s *server) follow(v *visit, in *followInput) (*pieceOutput, error) {
	if err := s.mayFollow(v, in.Receipt); err != nil {
		return nil, err
	}
	if err := s.await(v.ctx(), in.Receipt, time.Duration(in.Wait)*time.Second); err != nil {
		return nil, err
	}
	return s.piece(v, in.Receipt)
}

// await returns when a piece and all that was attached to it is settled, and at the latest after a time.
func (s *server) await(ctx context.Context, receipt uuid.UUID, atMost time.Duration) error {
	if atMost <= 0 {
		return nil
	}
	end, tick := time.NewTimer(atMost), time.NewTicker(pollEvery)
	defer end.Stop()
	defer tick.Stop()
	for {
		var settled bool
		err := s.Pool.QueryRow(ctx, "select bool_and(settled) from ("+settledSQL+") all_of_it", []uuid.UUID{receipt}, true).Scan(&settled)
		if err != nil || settled {
			return postgres.Unavailable(err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-end.C:
			return nil
		case <-tick.C:
		}
	}
}

func (s *server) piece(v *visit, receipt uuid.UUID) (*pieceOutput, error) {
	all, err := s.pieces(v.ctx(), v.reader(), []uuid.UUID{receipt}, true)
	if err != nil {
		return nil, err
	}
	if len(all) != 1 {
		return nil, fault.New(fault.NotFound, "There is no piece with the receipt %s.", receipt)
	}
	return &pieceOutput{all[0]}, nil
}

type listInput struct {
	States []string `query:"state" enum:"stored,reading,waiting,filed,exception,rejected,duplicate" doc:"several are parted by commas; none means all"`
	Source string   `query:"source" maxLength:"100"`
	Batch  string   `query:"batch" maxLength:"100"`
	Before int64    `query:"before" minimum:"0" doc:"next of the page before"`
	Limit  int      `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type listOutput struct {
	Body struct {
		Pieces []Piece `json:"pieces"`
		Next   int64   `json:"next,omitempty" doc:"pass as before for the next page; absent on the last"`
	}
}

// listPieces answers GET /intake.
func (s *server) listPieces(v *visit, in *listInput) (*listOutput, error) {
	f := capture.Filter{Source: in.Source, Batch: in.Batch, Before: in.Before, Limit: in.Limit + 1}
	for _, state := range in.States {
		f.States = append(f.States, capture.State(state))
	}
	found, err := capture.Pieces(v.ctx(), s.Pool, f)
	if err != nil {
		return nil, fmt.Errorf("list pieces: %w", postgres.Unavailable(err))
	}
	out := &listOutput{}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		out.Body.Next = found[in.Limit-1].Seq
	}
	receipts := make([]uuid.UUID, len(found))
	for i, p := range found {
		receipts[i] = p.Receipt
	}
	out.Body.Pieces, err = s.pieces(v.ctx(), v.reader(), receipts, false)
	return out, err
}

// retry answers POST /intake/{receipt}/retry.
func (s *server) retry(v *visit, in *receiptInput) (*pieceOutput, error) {
	err := s.inTx(v, func(tx pgx.Tx) error { return s.Intake.Retry(v.ctx(), tx, v.who.Actor(), in.Receipt) })
	if err != nil {
		return nil, err
	}
	return s.piece(v, in.Receipt)
}

type rejectInput struct {
	Receipt uuid.UUID `path:"receipt"`
	Body    struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000" doc:"why; it stays in the ledger"`
	}
}

// reject answers POST /intake/{receipt}/reject.
func (s *server) reject(v *visit, in *rejectInput) (*pieceOutput, error) {
	err := s.inTx(v, func(tx pgx.Tx) error {
		return s.Intake.Reject(v.ctx(), tx, v.who.Actor(), s.Plan, in.Receipt, in.Body.Reason)
	})
	if err != nil {
		return nil, err
	}
	return s.piece(v, in.Receipt)
}

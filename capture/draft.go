package capture

import (
	"context"
	"fmt"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A Draft is what lies on somebody's scan desk: files as they came, and how their pages are to become pieces. It waits there,
// over sessions and restarts, until it is sent or put away.
type Draft struct {
	ID        uuid.UUID
	Name      string // of the batch to be
	Source    string
	Owner     journal.Actor
	CreatedAt time.Time
	Sending   bool // it was sent, and its pieces are being made
	Sent      bool
	Problem   string // why it could not be sent, a sentence
	Pages     int    // on the desk, those removed too
}

// A Scan is a file on the desk. It is stored as it came, as a document of its own, and stays so.
type Scan struct {
	ID       uuid.UUID
	Document repository.DocumentID
	Version  int
	Name     string
	Size     int64
	State    ScanState
	Reason   string
	Known    int64 // number in the ledger of a piece with the same bytes, 0 when there is none
}

// A ScanState says how far a file on the desk is.
type ScanState string

// The states of a file on the desk.
const (
	ScanNew    ScanState = "new"    // its pages are still being drawn
	ScanPages  ScanState = "pages"  // its pages lie on the desk
	ScanWhole  ScanState = "whole"  // it is sent as it is
	ScanFailed ScanState = "failed" // its pages cannot be shown; it is sent as it is
)

const draftColumns = `d.id, d.name, d.source, d.owner, d.created_at, d.sending_at is not null, d.sent_at is not null, d.problem,
	(select count(*)::int from capture.scan_page p where p.draft = d.id)`

func findDrafts(ctx context.Context, q postgres.Querier, where string, args ...any) ([]Draft, error) {
	rows, err := q.Query(ctx, "select "+draftColumns+" from capture.draft d where dropped_at is null and "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("drafts: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Draft])
}

// Drafts lists what lies on somebody's desk, the newest first.
func Drafts(ctx context.Context, q postgres.Querier, owner journal.Actor) ([]Draft, error) {
	return findDrafts(ctx, q, "owner = $1 and sent_at is null order by created_at desc limit 50", owner)
}

// FindDraft gives somebody's own draft, or a fault of kind NotFound.
func FindDraft(ctx context.Context, q postgres.Querier, owner journal.Actor, id uuid.UUID) (Draft, error) {
	return ownDraft(ctx, q, owner, id, "")
}

func ownDraft(ctx context.Context, q postgres.Querier, owner journal.Actor, id uuid.UUID, lock string) (Draft, error) {
	found, err := findDrafts(ctx, q, "id = $1 and owner = $2"+lock, id, owner)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "This is not on your desk.")
	}
	if err != nil {
		return Draft{}, err
	}
	return found[0], nil
}

// openDraft gives somebody's draft that nobody else can change until the transaction ends. One that was sent is a Conflict.
func openDraft(ctx context.Context, tx pgx.Tx, owner journal.Actor, id uuid.UUID) (Draft, error) {
	d, err := ownDraft(ctx, tx, owner, id, " for update")
	if err == nil && (d.Sending || d.Sent) {
		err = fault.New(fault.Conflict, "These pages have been sent. Nothing about them was changed.")
	}
	return d, err
}

// NewDraft lays an empty draft on somebody's desk.
func NewDraft(ctx context.Context, tx pgx.Tx, owner journal.Actor, name, source string) (uuid.UUID, error) {
	id := uuid.Must(uuid.NewV7())
	_, err := tx.Exec(ctx, "insert into capture.draft (id, name, source, owner) values ($1, $2, $3, $4)", id, cleanName(name), cleanName(source), owner)
	return id, err
}

// NameDraft changes what the batch will be called and where its pieces come from.
func NameDraft(ctx context.Context, tx pgx.Tx, owner journal.Actor, id uuid.UUID, name, source string) error {
	name, source = cleanName(name), cleanName(source)
	if name == "" || source == "" {
		return fault.New(fault.Invalid, "Say what the batch is called and where it comes from.")
	}
	if _, err := openDraft(ctx, tx, owner, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "update capture.draft set name = $2, source = $3 where id = $1", id, name, source)
	return err
}

// DropDraft puts a draft away without sending it. Its files stay in the repository.
func DropDraft(ctx context.Context, tx pgx.Tx, owner journal.Actor, id uuid.UUID) error {
	if _, err := openDraft(ctx, tx, owner, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "update capture.draft set dropped_at = now() where id = $1", id)
	return err
}

// Scans gives the files of a draft in the order in which they came.
func Scans(ctx context.Context, q postgres.Querier, draft uuid.UUID) ([]Scan, error) {
	rows, err := q.Query(ctx, `select id, document, version, name, size, state, reason, coalesce(known, 0) from capture.scan where draft = $1 order by id`, draft)
	if err != nil {
		return nil, fmt.Errorf("files of draft %s: %w", draft, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Scan])
}

// DraftPages gives the pages of a draft as they lie.
func DraftPages(ctx context.Context, q postgres.Querier, draft uuid.UUID) ([]DraftPage, error) {
	rows, err := q.Query(ctx, `select p.id, p.scan, p.number, p.turn, p.removed, p.begins, p.blank, p.separator, s.state in ('whole', 'failed')
		from capture.scan_page p join capture.scan s on s.id = p.scan where p.draft = $1 order by p.position, p.id`, draft)
	if err != nil {
		return nil, fmt.Errorf("pages of draft %s: %w", draft, err)
	}
	pages, err := pgx.CollectRows(rows, pgx.RowToStructByPos[DraftPage])
	return settle(pages), err
}

// ArrangeDraft does something to pages of a draft; see Arrange.
func ArrangeDraft(ctx context.Context, tx pgx.Tx, owner journal.Actor, id uuid.UUID, what Arrangement, chosen []int64, at int64) error {
	if _, err := openDraft(ctx, tx, owner, id); err != nil {
		return err
	}
	pages, err := DraftPages(ctx, tx, id)
	if err != nil {
		return err
	}
	if pages, err = Arrange(pages, what, chosen, at); err != nil {
		return err
	}
	ids, turns, removed, begins := make([]int64, len(pages)), make([]int, len(pages)), make([]bool, len(pages)), make([]bool, len(pages))
	for i, p := range pages {
		ids[i], turns[i], removed[i], begins[i] = p.ID, p.Turn, p.Removed, p.Begins
	}
	_, err = tx.Exec(ctx, `update capture.scan_page p set position = n.position, turn = n.turn, removed = n.removed, begins = n.begins
		from unnest($1::bigint[], $2::int[], $3::bool[], $4::bool[]) with ordinality as n(id, turn, removed, begins, position) where p.id = n.id`,
		ids, turns, removed, begins)
	if err != nil {
		return fmt.Errorf("arrange draft %s: %w", id, err)
	}
	return nil
}

// A DraftPiece is one piece that a draft will become, with all its pages.
type DraftPiece struct {
	Pages []DraftPage
}

// Kept are the pages that are sent.
func (p DraftPiece) Kept() []DraftPage {
	var kept []DraftPage
	for _, page := range p.Pages {
		if !page.Removed {
			kept = append(kept, page)
		}
	}
	return kept
}

// PiecesOf parts the pages of a draft into the pieces they will be. A run of which no page is kept becomes none.
func PiecesOf(pages []DraftPage) []DraftPiece {
	var all []DraftPiece
	for _, run := range draftPieces(pages) {
		all = append(all, DraftPiece{run})
	}
	return all
}

// Send hands a draft over to be made into pieces, which are then a batch of its name. Nothing of it can be changed any more.
func (in *Intake) Send(ctx context.Context, tx pgx.Tx, owner journal.Actor, id uuid.UUID) error {
	d, err := openDraft(ctx, tx, owner, id)
	if err != nil {
		return err
	}
	scans, err := Scans(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, s := range scans {
		if s.State == ScanNew {
			return fault.New(fault.Conflict, "The pages of %s are still being drawn. Wait until they lie on the desk, then send.", s.Name)
		}
	}
	pages, err := DraftPages(ctx, tx, id)
	if err != nil {
		return err
	}
	kept := 0
	for _, p := range PiecesOf(pages) {
		kept += len(p.Kept())
	}
	if kept == 0 {
		return fault.New(fault.Invalid, "There is no page to send.")
	}
	if strings.TrimSpace(d.Name) == "" {
		return fault.New(fault.Invalid, "Say what the batch is called.")
	}
	if _, err := tx.Exec(ctx, "update capture.draft set sending_at = now(), problem = '' where id = $1", id); err != nil {
		return err
	}
	if err := enterBatch(ctx, tx, Piece{Batch: d.Name, Source: d.Source, ReceivedBy: owner, ReceivedAt: d.CreatedAt}); err != nil {
		return err
	}
	_, err = in.Jobs.InsertTx(ctx, tx, SendArgs{Draft: id}, nil)
	return err
}

// A SourcePage says where a page of a piece from the scan desk comes from.
type SourcePage struct {
	Page     int // of the piece
	Document repository.DocumentID
	Version  int
	Name     string // of the file as it came
	Number   int    // of the page in it
	Turn     int    // degrees clockwise by which it was turned
}

// MadeFrom says from which files and pages a piece was made on the scan desk; it is empty for all other pieces.
func MadeFrom(ctx context.Context, q postgres.Querier, receipt uuid.UUID) ([]SourcePage, error) {
	rows, err := q.Query(ctx, `select o.page, o.document, o.version, v.name, o.number, o.turn from capture.scan_origin o
		join repository.version v on v.document = o.document and v.number = o.version where o.receipt = $1 order by o.page`, receipt)
	if err != nil {
		return nil, fmt.Errorf("what piece %s was made from: %w", receipt, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[SourcePage])
}

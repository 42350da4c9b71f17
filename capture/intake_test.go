package capture_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"docket/capture"
	"docket/repository"
	"docket/repository/blob"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres/postgrestest"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// door is an intake on a real database and the in-memory store.
type door struct {
	*capture.Intake
	t     *testing.T
	pool  *pgxpool.Pool
	blobs *blob.Memory
}

// jobTable notes jobs in a table, so that they share the transaction's fate as River's do.
type jobTable struct{}

func (jobTable) InsertTx(ctx context.Context, tx pgx.Tx, args river.JobArgs, _ *river.InsertOpts) (*rivertype.JobInsertResult, error) {
	_, err := tx.Exec(ctx, "insert into job (kind) values ($1)", args.Kind())
	return nil, err
}

func openDoor(t *testing.T) *door {
	t.Helper()
	t.Parallel()
	pool := postgrestest.New(t, repository.Migrations, taxonomy.Migrations, capture.Migrations)
	if _, err := pool.Exec(t.Context(), "create table job (kind text)"); err != nil {
		t.Fatal(err)
	}
	blobs := blob.NewMemory()
	j := journal.New()
	in := &capture.Intake{Pool: pool, Store: repository.NewStore(blobs, j), Journal: j, Jobs: jobTable{}, MaxSize: 1000}
	return &door{in, t, pool, blobs}
}

func (d *door) hand(origin, content string) (capture.Piece, error) {
	return d.Receive(d.t.Context(), capture.Item{Source: "test", Origin: origin, Name: origin + ".txt", By: "anna", Content: strings.NewReader(content)})
}

func (d *door) must(origin, content string) capture.Piece {
	d.t.Helper()
	p, err := d.hand(origin, content)
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

// ledger gives every line as "seq origin state".
func (d *door) ledger() (lines []string) {
	d.t.Helper()
	all, err := capture.Pieces(d.t.Context(), d.pool, capture.Filter{Limit: 1000})
	if err != nil {
		d.t.Fatal(err)
	}
	for i := len(all) - 1; i >= 0; i-- {
		lines = append(lines, fmt.Sprintf("%d %s %s", all[i].Seq, all[i].Origin, all[i].State))
	}
	return lines
}

func (d *door) count(what string) (n int) {
	d.t.Helper()
	if err := d.pool.QueryRow(d.t.Context(), "select count(*) from "+what).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d *door) objects() (n int) {
	for _, err := range d.blobs.Versions(d.t.Context(), "") {
		if err != nil {
			d.t.Fatal(err)
		}
		n++
	}
	return n
}

func TestEveryPieceIsInTheLedgerWithItsBytes(t *testing.T) {
	d := openDoor(t)
	d.must("a", "first")
	d.must("b", "second")
	d.must("c", "")
	if diff := cmp.Diff([]string{"1 a stored", "2 b stored", "3 c stored"}, d.ledger()); diff != "" {
		t.Error(diff)
	}
	if jobs, objects := d.count("job"), d.objects(); jobs != 3 || objects != 3 {
		t.Errorf("%d reading jobs, %d objects; want 3 of each", jobs, objects)
	}
}

func TestTheSameItemAgainIsTheSamePiece(t *testing.T) {
	d := openDoor(t)
	first, again := d.must("a", "text"), d.must("a", "text")
	if first.Receipt != again.Receipt || d.count("capture.piece") != 1 {
		t.Errorf("receipts %s and %s", first.Receipt, again.Receipt)
	}
}

func TestTheSameBytesAreLinkedNotFiledTwice(t *testing.T) {
	d := openDoor(t)
	first, second := d.must("a", "same"), d.must("b", "same")
	if second.State != capture.Duplicate || second.Document != first.Document {
		t.Errorf("second piece: %s, document %s; want a duplicate of %s", second.State, second.Document, first.Document)
	}
	if d.objects() != 1 || d.count("job") != 1 || d.count("repository.document") != 1 {
		t.Errorf("%d objects, %d jobs, %d documents; want one of each", d.objects(), d.count("job"), d.count("repository.document"))
	}
}

func TestWhatIsOverTheLimitIsRefusedInTheLedger(t *testing.T) {
	d := openDoor(t)
	p := d.must("big", strings.Repeat("x", 1001))
	if p.State != capture.Rejected || !strings.Contains(p.Reason, "larger than") {
		t.Errorf("%s: %q", p.State, p.Reason)
	}
	d.must("fits", strings.Repeat("x", 1000))
	if diff := cmp.Diff([]string{"1 big rejected", "2 fits stored"}, d.ledger()); diff != "" {
		t.Error(diff)
	}
	if d.objects() != 1 {
		t.Errorf("%d objects in the store, want 1", d.objects())
	}
}

func TestNothingIsTakenWhenTheBytesBreakOff(t *testing.T) {
	d := openDoor(t)
	broken := errors.New("the line dropped")
	_, err := d.Receive(t.Context(), capture.Item{Source: "test", Origin: "a", Name: "a",
		Content: io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if d.count("capture.piece") != 0 || d.objects() != 0 {
		t.Errorf("%d lines, %d objects; want none", d.count("capture.piece"), d.objects())
	}
	d.must("a", "half and the rest")
}

func TestTheDoorSaysSoWhenAPartIsAway(t *testing.T) {
	d := openDoor(t)
	d.blobs.SetAway(true)
	if _, err := d.hand("a", "text"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("object store away: %v, want Unavailable", err)
	}
	d.blobs.SetAway(false)
	d.must("a", "text")
	d.pool.Close()
	if _, err := d.hand("b", "text"); err == nil {
		t.Error("taken without a database")
	}
}

// Many senders at once, some handing in the same item, some the same bytes: one document per content, one line per origin, and
// numbers without gaps.
func TestConcurrentSenders(t *testing.T) {
	d := openDoor(t)
	const senders, items = 8, 12
	var wg sync.WaitGroup
	for range senders {
		wg.Go(func() {
			for i := range items {
				if _, err := d.hand(fmt.Sprintf("item%d", i), fmt.Sprintf("content %d", i/2)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := d.count("capture.piece"); n != items {
		t.Errorf("%d lines, want %d", n, items)
	}
	if n := d.count("repository.document"); n != items/2 {
		t.Errorf("%d documents, want %d", n, items/2)
	}
	var last int
	if err := d.pool.QueryRow(t.Context(), "select max(seq) from capture.piece").Scan(&last); err != nil || last != items {
		t.Errorf("the last number is %d, want %d (%v)", last, items, err)
	}
}

func TestHostileNamesAreKeptAsText(t *testing.T) {
	d := openDoor(t)
	for i, name := range []string{"", "../../etc/passwd", "a\x00b\nc.pdf", "\xff\xfe.pdf", strings.Repeat("ű", 5000), "<script>alert(1)</script>"} {
		p, err := d.Receive(t.Context(), capture.Item{Source: "test", Name: name, By: "anna", Content: bytes.NewReader([]byte{byte(i)})})
		if err != nil {
			t.Errorf("%.20q: %v", name, err)
			continue
		}
		if found, err := capture.FindPiece(t.Context(), d.pool, p.Receipt); err != nil || found.Name != p.Name || strings.ContainsAny(found.Name, "\x00\n") {
			t.Errorf("%.20q became %.20q (%v)", name, found.Name, err)
		}
	}
}

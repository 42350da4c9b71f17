package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"docket/capture"
	"docket/repository/fault"

	"github.com/jackc/pgx/v5"
)

// A batchRow is a batch as lists show it.
type batchRow struct {
	capture.Batch
	Meter meter
	Read  int // pieces that have been read, whatever became of them then
}

func (v *visit) batchRow(b capture.Batch) batchRow {
	s := b.States
	return batchRow{b, v.meter(s, b.Pieces()), s[capture.Filed] + s[capture.Waiting]}
}

// Count is how many pieces are in a state.
func (r batchRow) Count(state string) int { return r.States[capture.State(state)] }

// OnTheWay is how many pieces the machine has still to read.
func (r batchRow) OnTheWay() int { return r.States[capture.Stored] + r.States[capture.BeingRead] }

// Surplus is how many pieces came that nobody had counted.
func (r batchRow) Surplus() int { return max(0, -r.Missing()) }

func (v *visit) batchRows(all []capture.Batch) []batchRow {
	rows := make([]batchRow, len(all))
	for i, b := range all {
		rows[i] = v.batchRow(b)
	}
	return rows
}

// batchesPage lists batches, the newest first.
type batchesPage struct {
	Frame
	Batches []batchRow
	More    string
	Live    string
}

// showBatches answers GET /mailroom/batches?before=.
func (s *Server) showBatches(v *visit) error {
	before, _ := strconv.ParseInt(v.query("before"), 10, 64)
	all, err := capture.Batches(v.ctx(), v.pool(), capture.BatchFilter{Before: before, Limit: boardRows + 1})
	if err != nil {
		return err
	}
	page := batchesPage{Live: v.address()}
	if len(all) > boardRows {
		all = all[:boardRows]
		page.More = "/mailroom/batches?before=" + strconv.FormatInt(all[boardRows-1].ID, 10)
	}
	page.Batches = v.batchRows(all)
	if v.partial() {
		return v.showPart("batches.html", "live", page)
	}
	page.Frame = v.frame(v.T("batches.title"), v.mailroomCrumb()...)
	return v.show(http.StatusOK, "batches.html", page)
}

// batchPage is one batch with its pieces.
type batchPage struct {
	Frame
	Batch    batchRow
	Expected string // as typed
	State    capture.State
	States   []boardCount
	Pieces   []pieceRow
	More     string
	Live     string
}

// Filter is the address of the batch's pieces in a state.
func (p batchPage) Filter(state capture.State) string {
	return p.address(state, 0)
}

func (p batchPage) address(state capture.State, before int64) string {
	q := url.Values{}
	if state != "" {
		q.Set("state", string(state))
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	path := "/mailroom/batches/" + strconv.FormatInt(p.Batch.ID, 10)
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// showBatch answers GET /mailroom/batches/:batch?state=&before=.
func (s *Server) showBatch(v *visit) error {
	b, err := v.batchNamed()
	if err != nil {
		return err
	}
	page := batchPage{Batch: v.batchRow(b), State: capture.State(v.query("state")), Live: v.address()}
	if b.Expected != nil {
		page.Expected = strconv.Itoa(*b.Expected)
	}
	for _, state := range capture.States {
		if n := b.States[state]; n > 0 {
			page.States = append(page.States, boardCount{state, n})
		}
	}
	filter := capture.Filter{Batch: b.Name, Limit: boardRows + 1}
	filter.Before, _ = strconv.ParseInt(v.query("before"), 10, 64)
	if page.State != "" {
		filter.States = []capture.State{page.State}
	}
	pieces, err := capture.Pieces(v.ctx(), v.pool(), filter)
	if err != nil {
		return err
	}
	if len(pieces) > boardRows {
		pieces = pieces[:boardRows]
		page.More = page.address(page.State, pieces[boardRows-1].Seq)
	}
	page.Pieces = rows(pieces)
	if err := s.addOutcomes(v, page.Pieces); err != nil {
		return err
	}
	if v.partial() {
		return v.showPart("batch.html", "live", page)
	}
	page.Frame = v.frame(b.Name, append(v.mailroomCrumb(), Crumb{v.T("batches.title"), "/mailroom/batches"})...)
	page.Frame.Lead = v.N("board.lead", b.Pieces())
	return v.show(http.StatusOK, "batch.html", page)
}

// batchNamed is the batch that the address names by its number.
func (v *visit) batchNamed() (capture.Batch, error) {
	id, err := strconv.ParseInt(v.param("batch"), 10, 64)
	if err != nil {
		return capture.Batch{}, fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	return capture.FindBatch(v.ctx(), v.pool(), id)
}

// expectBatch answers POST /mailroom/batches/:batch/expected with the number that a person has counted, or nothing.
func (s *Server) expectBatch(v *visit) error {
	b, err := v.batchNamed()
	if err != nil {
		return err
	}
	var pieces *int
	if typed := strings.TrimSpace(v.form("expected")); typed != "" {
		n, err := strconv.Atoi(typed)
		if err != nil {
			return fault.Wrap(err, fault.Invalid, "%s", v.T("batch.not_a_number", typed))
		}
		pieces = &n
	}
	if err := v.inTx(func(tx pgx.Tx) error { return capture.Expect(v.ctx(), tx, b.ID, pieces) }); err != nil {
		return err
	}
	v.flash("success", v.T("batch.counted"))
	return v.redirect("/mailroom/batches/" + strconv.FormatInt(b.ID, 10))
}

// findBatch answers GET /mailroom/batches/named?name= by going to the batch, for pages that know only its name.
func (s *Server) findBatch(v *visit) error {
	b, err := capture.BatchNamed(v.ctx(), v.pool(), v.query("name"))
	if err != nil {
		return err
	}
	return v.redirect("/mailroom/batches/" + strconv.FormatInt(b.ID, 10))
}

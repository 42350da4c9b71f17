package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/workflow"
)

// How much the board lists at once.
const (
	boardRows       = 50 // pieces
	boardExceptions = 3
	boardBatches    = 8
)

// A boardPage is one day of the mailroom: what came by which source and how far it is.
type boardPage struct {
	Frame
	Day        time.Time
	Today      bool
	Prev, Next string // days as 2006-01-02; Next is empty today
	Sources    []boardSource
	Total      boardSource
	States     []capture.State
	Stuck      int                // exceptions of any day
	Unscreened capture.Unanswered // what waits because the virus scanner does not answer
	HeldLater  []pieceRow         // decided before the scanner held them
	Exceptions []pieceRow         // the newest of them
	Others     []pieceRow         // and those shown when asked for
	Batches    []batchRow         // begun on the day
	Pieces     []pieceRow         // of the day, filtered
	Source     string
	State      capture.State
	More       string // address of the next page of pieces
	Live       string // address of this view for refreshing
}

// A boardSource is one line of the board's table: how many pieces of a source are in which state.
type boardSource struct {
	Name     string
	Received int
	Meter    meter
	Counts   []boardCount // in the order of boardPage.States
}

// A boardCount is one cell of the board's table.
type boardCount struct {
	State  capture.State
	Pieces int
}

// mailroomCrumb leads back to the board those who may see it.
func (v *visit) mailroomCrumb() []Crumb {
	if !v.user.Has(workflow.Mailroom) {
		return nil
	}
	return []Crumb{{v.T("nav.intake"), "/mailroom"}}
}

// showBoard answers GET /mailroom?day=&source=&state=&before=.
func (s *Server) showBoard(v *visit) error {
	page, err := s.board(v)
	if err != nil {
		return err
	}
	if v.partial() {
		return v.showPart("board.html", "live", page)
	}
	page.Frame = v.frame(v.T("board.title"))
	page.Frame.Lead = v.N("board.lead", page.Total.Received)
	return v.show(http.StatusOK, "board.html", page)
}

func (s *Server) board(v *visit) (boardPage, error) {
	page := boardPage{States: capture.States, Source: v.query("source"), State: capture.State(v.query("state")), Live: v.address()}
	if err := page.setDay(v.query("day"), v.now); err != nil {
		return page, err
	}
	until := page.Day.AddDate(0, 0, 1)
	counts, err := capture.Counts(v.ctx(), v.pool(), page.Day, until)
	if err != nil {
		return page, err
	}
	page.sum(counts)
	page.draw(v.Locale)
	if err := s.addStuck(v, &page); err != nil {
		return page, err
	}
	batches, err := capture.Batches(v.ctx(), v.pool(), capture.BatchFilter{Since: page.Day, Until: until, Limit: boardBatches})
	if err != nil {
		return page, err
	}
	page.Batches = v.batchRows(batches)
	filter := capture.Filter{Source: page.Source, Since: page.Day, Until: until, Limit: boardRows + 1}
	filter.Before, _ = strconv.ParseInt(v.query("before"), 10, 64)
	if slices.Contains(capture.States, page.State) {
		filter.States = []capture.State{page.State}
	}
	pieces, err := capture.Pieces(v.ctx(), v.pool(), filter)
	if err != nil {
		return page, err
	}
	if len(pieces) > boardRows {
		pieces = pieces[:boardRows]
		page.More = page.address(page.Source, page.State, pieces[boardRows-1].Seq)
	}
	page.Pieces = rows(pieces)
	return page, s.addOutcomes(v, page.Pieces)
}

// addStuck says what waits for the virus scanner and lists the exceptions: a few at once, so that they do not push the day off the screen.
func (s *Server) addStuck(v *visit, page *boardPage) (err error) {
	if page.Unscreened, err = capture.FindUnanswered(v.ctx(), v.pool()); err != nil {
		return err
	}
	later, err := capture.HeldLater(v.ctx(), v.pool(), boardRows)
	if err != nil {
		return err
	}
	page.HeldLater = rows(later)
	open, err := capture.OpenCounts(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	if page.Stuck = open[capture.Exception]; page.Stuck == 0 {
		return nil
	}
	exceptions, err := capture.Pieces(v.ctx(), v.pool(), capture.Filter{States: []capture.State{capture.Exception}, Limit: boardRows})
	if err != nil {
		return err
	}
	all := rows(exceptions)
	first := min(len(all), boardExceptions)
	page.Exceptions, page.Others = all[:first], all[first:]
	return nil
}

// draw makes the picture: bars of one scale, the busiest source across its whole length.
func (p *boardPage) draw(l *Locale) {
	most := 0
	for _, s := range p.Sources {
		most = max(most, s.Received)
	}
	for i := range p.Sources {
		states := map[capture.State]int{}
		for _, c := range p.Sources[i].Counts {
			states[c.State] = c.Pieces
		}
		p.Sources[i].Meter = l.meter(states, most)
	}
}

func (p *boardPage) setDay(day string, now time.Time) error {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	p.Day = today
	if day != "" {
		d, err := time.ParseInLocation(time.DateOnly, day, now.Location())
		if err != nil {
			return fault.Wrap(err, fault.Invalid, "%q is not a day. Write it as 2026-03-14.", day)
		}
		p.Day = d
	}
	p.Today = p.Day.Equal(today)
	p.Prev = p.Day.AddDate(0, 0, -1).Format(time.DateOnly)
	if p.Day.Before(today) {
		p.Next = p.Day.AddDate(0, 0, 1).Format(time.DateOnly)
	}
	return nil
}

// sum makes the table of the counts, sources in alphabetical order.
func (p *boardPage) sum(counts []capture.Count) {
	p.Total = newBoardSource("")
	for _, c := range counts {
		i := slices.IndexFunc(p.Sources, func(s boardSource) bool { return s.Name == c.Source })
		if i < 0 {
			i = len(p.Sources)
			p.Sources = append(p.Sources, newBoardSource(c.Source))
		}
		p.Sources[i].add(c)
		p.Total.add(c)
	}
}

func newBoardSource(name string) boardSource {
	s := boardSource{Name: name}
	for _, state := range capture.States {
		s.Counts = append(s.Counts, boardCount{State: state})
	}
	return s
}

func (s *boardSource) add(c capture.Count) {
	s.Received += c.Pieces
	for i := range s.Counts {
		if s.Counts[i].State == c.State {
			s.Counts[i].Pieces += c.Pieces
		}
	}
}

// address is the board's own address with a filter.
func (p boardPage) address(source string, state capture.State, before int64) string {
	q := url.Values{}
	if !p.Today {
		q.Set("day", p.Day.Format(time.DateOnly))
	}
	if source != "" {
		q.Set("source", source)
	}
	if state != "" {
		q.Set("state", string(state))
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	if len(q) == 0 {
		return "/mailroom"
	}
	return "/mailroom?" + q.Encode()
}

// Filter is the address of the board's pieces of a source in a state.
func (p boardPage) Filter(source string, state capture.State) string {
	return p.address(source, state, 0) + "#pieces"
}

// A pieceRow is a piece as lists show it, with what it became.
type pieceRow struct {
	capture.Piece
	Title  string // of the record, empty before it is filed
	Ticket string // number
}

// Known says whether the piece has a document.
func (r pieceRow) Known() bool { return r.Document != (repository.DocumentID{}) }

func rows(pieces []capture.Piece) []pieceRow {
	all := make([]pieceRow, len(pieces))
	for i, p := range pieces {
		all[i].Piece = p
	}
	return all
}

// addOutcomes fills in the titles and tickets of rows, one query for all of them.
func (s *Server) addOutcomes(v *visit, lists ...[]pieceRow) error {
	var ids []repository.DocumentID
	for _, list := range lists {
		for _, r := range list {
			if r.State == capture.Filed || r.State == capture.Duplicate {
				ids = append(ids, r.Document)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	records, err := s.config.Plan.Records(v.ctx(), v.pool(), ids)
	if err != nil {
		return err
	}
	for _, list := range lists {
		for i := range list {
			if r, ok := records[list[i].Document]; ok && v.reader().May(r.Readers) {
				list[i].Title, list[i].Ticket = r.Title, r.Ticket
			}
		}
	}
	return nil
}

package web

import (
	"net/http"
	"strconv"

	"docket/capture"
	"docket/repository"
	"docket/taxonomy"
)

// queueRows is how many documents the validation list shows at once.
const queueRows = 50

// A queuePage lists the documents that wait for a person, the longest waiting first.
type queuePage struct {
	Frame
	Rows []queueRow
	More string
	Live string // address of this view for refreshing
}

// A queueRow is a document that waits.
type queueRow struct {
	capture.Piece
	Version    int
	Pages      int
	Class      string // the likeliest, by title
	Confidence float64
	Language   string
	Sender     string
}

// showQueue answers GET /mailroom/validation?after=.
func (s *Server) showQueue(v *visit) error {
	after, _ := strconv.ParseInt(v.query("after"), 10, 64)
	pieces, err := capture.Queue(v.ctx(), v.pool(), capture.Waiting, after, queueRows+1)
	if err != nil {
		return err
	}
	page := queuePage{Live: v.address()}
	if len(pieces) > queueRows {
		pieces = pieces[:queueRows]
		page.More = "?after=" + strconv.FormatInt(pieces[queueRows-1].Seq, 10)
	}
	if page.Rows, err = s.queueRows(v, pieces); err != nil {
		return err
	}
	if v.partial() {
		return v.showPart("queue.html", "live", page)
	}
	page.Frame = v.frame(v.T("validation.title"), v.mailroomCrumb()...)
	page.Lead = v.N("validation.lead", page.Frame.waiting.Validation)
	return v.show(http.StatusOK, "queue.html", page)
}

// queueRows adds what the machine thinks, one query for all.
func (s *Server) queueRows(v *visit, pieces []capture.Piece) ([]queueRow, error) {
	ids := make([]repository.DocumentID, len(pieces))
	for i, p := range pieces {
		ids[i] = p.Document
	}
	readings, err := capture.Readings(v.ctx(), v.pool(), ids)
	if err != nil {
		return nil, err
	}
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return nil, err
	}
	rows := make([]queueRow, len(pieces))
	for i, p := range pieces {
		r := readings[p.Document]
		class, _ := catalogue.Class(r.Class)
		rows[i] = queueRow{Piece: p, Version: r.Version, Pages: r.Pages, Class: class.Titles.In(v.Code, string(r.Class)), Confidence: r.Confidence,
			Language: r.Language, Sender: r.Fields.Get(taxonomy.SenderName)}
	}
	return rows, nil
}

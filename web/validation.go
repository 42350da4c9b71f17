package web

import (
	"net/http"
	"net/url"
	"slices"
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
	Rows    []queueRow
	More    string
	Live    string // address of this view for refreshing
	Filter  queueFilter
	Filters []queueSelect
	Waiting int // in all
	Day     day
}

// A queueFilter is what part of the queue somebody works on. It is in the address, and stays from document to document.
type queueFilter struct {
	Source, Likely, Language string
}

func queueFilterFrom(q url.Values) queueFilter {
	return queueFilter{q.Get("source"), q.Get("likely"), q.Get("language")}
}

// suffix is the filter as the end of an address, with "?" when there is one.
func (f queueFilter) suffix() string {
	q := url.Values{}
	for name, value := range map[string]string{"source": f.Source, "likely": f.Likely, "language": f.Language} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// Suffix is suffix, for templates.
func (f queueFilter) Suffix() string { return f.suffix() }

// Set says whether anything is left out.
func (f queueFilter) Set() bool { return f != queueFilter{} }

func (f queueFilter) waiting(after int64, limit int) capture.WaitingFilter {
	return capture.WaitingFilter{Source: f.Source, Class: taxonomy.ClassID(f.Likely), Language: f.Language, After: after, Limit: limit}
}

// A queueSelect is one choice among what waits.
type queueSelect struct {
	Name, Title string
	Options     []queueOption
}

type queueOption struct {
	Value, Title string
	Count        int
	Chosen       bool
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
	Taken      string // who has it open, empty when nobody else does
}

// showQueue answers GET /mailroom/validation?source=&likely=&language=&after=.
func (s *Server) showQueue(v *visit) error {
	after, _ := strconv.ParseInt(v.query("after"), 10, 64)
	page := queuePage{Live: v.address(), Filter: queueFilterFrom(v.gin.Request.URL.Query())}
	pieces, err := capture.WaitingFor(v.ctx(), v.pool(), page.Filter.waiting(after, queueRows+1))
	if err != nil {
		return err
	}
	if len(pieces) > queueRows {
		pieces = pieces[:queueRows]
		q := v.gin.Request.URL.Query()
		q.Set("after", strconv.FormatInt(pieces[queueRows-1].Seq, 10))
		page.More = "?" + q.Encode()
	}
	catalogue, err := s.config.Plan.Catalogue(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	if page.Rows, err = s.queueRows(v, catalogue, pieces); err != nil {
		return err
	}
	if v.partial() {
		open, err := capture.OpenCounts(v.ctx(), v.pool())
		if err != nil {
			return err
		}
		page.Waiting = open[capture.Waiting]
		return v.showPart("queue.html", "live", page)
	}
	groups, err := capture.WaitingGroups(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	page.addFilters(v, catalogue, groups)
	if page.Day, err = s.day(v); err != nil {
		return err
	}
	page.Frame = v.frame(v.T("validation.title"), v.mailroomCrumb()...)
	page.Lead = v.N("validation.lead", page.Waiting)
	return v.show(http.StatusOK, "queue.html", page)
}

// addFilters makes the choices, each with how many wait.
func (p *queuePage) addFilters(v *visit, c *taxonomy.Catalogue, groups []capture.WaitingGroup) {
	source := queueSelect{Name: "source", Title: v.T("list.source")}
	class := queueSelect{Name: "likely", Title: v.T("document.class")}
	language := queueSelect{Name: "language", Title: v.T("validation.language")}
	for _, g := range groups {
		p.Waiting += g.Pieces
		source.add(g.Source, g.Source, g.Pieces, p.Filter.Source)
		known, _ := c.Class(g.Class)
		class.add(string(g.Class), known.Titles.In(v.Code, string(g.Class)), g.Pieces, p.Filter.Likely)
		language.add(g.Language, languageTitle(g.Language), g.Pieces, p.Filter.Language)
	}
	for _, f := range []queueSelect{source, class, language} {
		if len(f.Options) > 1 || slices.ContainsFunc(f.Options, func(o queueOption) bool { return o.Chosen }) {
			sortBy(v.Locale, f.Options, func(o queueOption) string { return o.Title })
			slices.SortStableFunc(f.Options, func(a, b queueOption) int { return b.Count - a.Count })
			p.Filters = append(p.Filters, f)
		}
	}
}

func (f *queueSelect) add(value, title string, count int, chosen string) {
	if value == "" {
		return
	}
	i := slices.IndexFunc(f.Options, func(o queueOption) bool { return o.Value == value })
	if i < 0 {
		f.Options = append(f.Options, queueOption{value, title, count, value == chosen})
		return
	}
	f.Options[i].Count += count
}

// languageTitle is a language's own name, or its two letters.
func languageTitle(code string) string {
	for _, c := range languageTitles {
		if c.Code == code {
			return c.Title
		}
	}
	return code
}

// nextWaiting is the address of the next document that waits after a piece, from the start again after the last. One that
// somebody else has open is passed over.
func (s *Server) nextWaiting(v *visit, seq int64, f queueFilter) (string, error) {
	for _, after := range []int64{seq, 0} {
		next, err := capture.WaitingFor(v.ctx(), v.pool(), f.waiting(after, 20))
		if err != nil {
			return "", err
		}
		for _, p := range next {
			if p.Seq != seq && !s.sittings.taken(p.Document, v.user.Name, v.now) {
				return validationPath(p.Document) + f.suffix(), nil
			}
		}
	}
	return "", nil
}

// queueRows adds what the machine thinks, one query for all.
func (s *Server) queueRows(v *visit, catalogue *taxonomy.Catalogue, pieces []capture.Piece) ([]queueRow, error) {
	ids := make([]repository.DocumentID, len(pieces))
	for i, p := range pieces {
		ids[i] = p.Document
	}
	readings, err := capture.Readings(v.ctx(), v.pool(), ids)
	if err != nil {
		return nil, err
	}
	rows := make([]queueRow, len(pieces))
	for i, p := range pieces {
		r := readings[p.Document]
		class, _ := catalogue.Class(r.Class)
		rows[i] = queueRow{Piece: p, Version: r.Version, Pages: r.Pages, Class: class.Titles.In(v.Code, string(r.Class)), Confidence: r.Confidence,
			Language: languageTitle(r.Language), Sender: r.Fields.Get(taxonomy.SenderName), Taken: s.sittings.by(p.Document, v.user.Name, v.now)}
	}
	return rows, nil
}

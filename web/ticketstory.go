package web

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"docket/capture"
	"docket/capture/mail"
	"docket/repository"
	"docket/repository/journal"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// The kinds of a ticket's story.
const (
	paperItem = "papers" // something that came in, or went out
	noteItem  = "notes"
	eventItem = "event"
)

// sentItem is a message that we sent.
const sentItem = "sent"

// A storyItem is one thing of a ticket's story: a document, a note or a change.
type storyItem struct {
	eventRow
	Kind  string
	Paper *paper // for a document that the person may see
}

// A paper is a document of a ticket that the person may see.
type paper struct {
	taxonomy.Record
	Version int
	Pages   int
	Gist    string     // what it says, in a few lines
	Parts   []paper    // what was attached to it
	Mail    *conversed // how it belongs to a conversation; nil for what is no message
	text    string     // the beginning of its first page
}

// addPapers reads the documents of a ticket.
func (s *Server) addPapers(v *visit, t workflow.Ticket, page *ticketPage) error {
	ids, err := s.config.Desk.Documents(v.ctx(), v.pool(), t.ID)
	if err != nil {
		return err
	}
	records, err := s.config.Plan.Records(v.ctx(), v.pool(), ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if r, ok := records[id]; ok && v.reader().May(r.Readers) {
			page.Documents = append(page.Documents, paper{Record: r, Version: 1})
		}
	}
	if err := s.readPapers(v, page.Documents); err != nil {
		return err
	}
	return s.readMessages(v, page.Documents)
}

// readMessages says of papers that are messages how they came to their ticket and what is new in them, in one query.
func (s *Server) readMessages(v *visit, papers []paper) error {
	ids := make([]repository.DocumentID, len(papers))
	for i, p := range papers {
		ids[i] = p.Document
	}
	messages, err := s.config.Desk.Messages(v.ctx(), v.pool(), ids)
	if err != nil {
		return err
	}
	words, err := s.ticketWords(v)
	for i, p := range papers {
		if m, ok := messages[p.Document]; ok {
			papers[i].Mail = &conversed{m, mail.Newest(p.text, m.Subject), words.owner(m.DecidedBy)}
		}
	}
	return err
}

// gistSource is how much of a first page is read for what it says, in characters.
const gistSource = 4000

// readPapers says how many pages papers have and what they say, in two queries. The virus scanner's say comes first.
func (s *Server) readPapers(v *visit, papers []paper) error {
	ids := make([]repository.DocumentID, len(papers))
	for i, p := range papers {
		ids[i] = p.Document
	}
	hidden, err := capture.Hidden(v.ctx(), v.pool(), ids)
	if err != nil {
		return err
	}
	rows, err := v.pool().Query(v.ctx(), `select t.document, t.version, count(*)::int, coalesce(max(left(t.text, $2)) filter (where t.page = 1), '')
		from repository.page_text t join repository.document d on d.id = t.document and d.latest = t.version
		where t.document = any($1) group by t.document, t.version`, ids, gistSource)
	if err != nil {
		return err
	}
	var id repository.DocumentID
	var version, pages int
	var text string
	_, err = pgx.ForEachRow(rows, []any{&id, &version, &pages, &text}, func() error {
		i := slices.IndexFunc(papers, func(p paper) bool { return p.Document == id })
		if hidden[id] {
			pages, text = 0, ""
		}
		papers[i].Version, papers[i].Pages, papers[i].Gist, papers[i].text = version, pages, gist(text), text
		return nil
	})
	return err
}

// gistLength is how long a gist is at most, in characters.
const gistLength = 320

// gist is what a letter's first page says: its sentences, without the addresses and salutations around them; of a page without
// sentences the longest paragraph.
func gist(text string) string {
	longest := ""
	var said []string
	for p := range strings.SplitSeq(text, "\n\n") {
		p = strings.Join(strings.Fields(p), " ")
		if isSentence(p) {
			said = append(said, p)
		}
		if len(p) > len(longest) {
			longest = p
		}
	}
	if len(said) == 0 {
		return clipped(longest, gistLength)
	}
	return clipped(strings.Join(said, " "), gistLength)
}

// isSentence says whether a paragraph is running text: some words, at least half of them in small letters. In addresses, headings and
// lists of numbers most are not.
func isSentence(p string) bool {
	words := strings.Fields(p)
	small := 0
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) {
			small++
		}
	}
	return len(words) >= 7 && 2*small >= len(words)
}

// nested puts what was attached to a document of the ticket under that document.
func nested(papers []paper) []paper {
	var all []paper
	for _, p := range papers {
		if !slices.ContainsFunc(papers, func(o paper) bool { return o.Document == p.PartOf }) {
			all = append(all, p)
		}
	}
	for _, p := range papers {
		if i := slices.IndexFunc(all, func(o paper) bool { return o.Document == p.PartOf }); i >= 0 {
			all[i].Parts = append(all[i].Parts, p)
		}
	}
	return all
}

// addStory tells a ticket's story, the newest first.
func (s *Server) addStory(v *visit, t workflow.Ticket, page *ticketPage) error {
	entries, err := s.config.Desk.Timeline(v.ctx(), v.pool(), t.ID)
	if err != nil {
		return err
	}
	process, err := s.config.Desk.Process(v.ctx(), v.pool(), t.Process, t.ProcessVersion)
	if err != nil {
		return err
	}
	words, err := s.ticketWords(v)
	if err != nil {
		return err
	}
	page.Story = v.story(entries, process, words, page.Documents)
	slices.SortStableFunc(page.Story, func(a, b storyItem) int { return b.At.Compare(a.At) })
	page.Shown = v.query("show")
	if page.Shown != paperItem && page.Shown != noteItem {
		page.Shown = ""
	}
	for _, part := range []struct{ show, title string }{{"", v.T("ticket.all")}, {paperItem, v.T("ticket.papers")}, {noteItem, v.T("ticket.notes")}} {
		page.Parts = append(page.Parts, choice{part.title, v.with("show", part.show), part.show == page.Shown})
	}
	if page.Shown != "" {
		page.Story = slices.DeleteFunc(page.Story, func(i storyItem) bool {
			return i.Kind != page.Shown && !(i.Kind == sentItem && page.Shown == paperItem)
		})
	}
	return nil
}

// wayOf tells what we sent from what came.
func wayOf(p paper) string {
	switch {
	case p.Mail == nil:
	case p.Mail.Outgoing:
		return sentItem
	case p.Mail.Told():
		return eventItem
	}
	return paperItem
}

// story is what happened, the oldest first: each document where it came in, with what was attached to it.
func (v *visit) story(entries []workflow.Entry, p *workflow.Process, words ticketWords, documents []paper) []storyItem {
	papers := nested(documents)
	told := map[repository.DocumentID]bool{}
	var all []storyItem
	for _, e := range entries {
		item := v.storyItem(e, p, words)
		i := slices.IndexFunc(papers, func(p paper) bool { return p.Document == e.Document })
		part := slices.ContainsFunc(documents, func(p paper) bool { return p.Document == e.Document }) && i < 0
		switch {
		case e.Document == uuid.Nil || told[e.Document]:
		case i >= 0:
			item.Kind, item.Paper, told[e.Document] = wayOf(papers[i]), &papers[i], true
			if papers[i].Mail != nil {
				item.Note = "" // the message says itself why it is here
			}
		case part:
			continue // it is shown under what it came with
		}
		all = append(all, item)
	}
	for i, p := range papers {
		if !told[p.Document] {
			all = append(all, storyItem{eventRow{At: p.FiledAt, By: v.actorName(p.FiledBy), What: v.verbWords(string(workflow.TicketJoined))}, wayOf(papers[i]), &papers[i]})
		}
	}
	return all
}

// storyItem says a line of a ticket's story in words.
func (v *visit) storyItem(e workflow.Entry, p *workflow.Process, words ticketWords) storyItem {
	row := eventRow{At: e.At, By: cmp.Or(words.owner(string(e.By)), string(e.By)), What: v.eventWords(journal.Event{Verb: e.Verb, Detail: e.Detail}), Note: e.Note}
	if row.By == string(e.By) {
		row.By = v.actorName(e.By)
	}
	text := func(name string) string { s, _ := e.Detail[name].(string); return s }
	kind := eventItem
	switch e.Verb {
	case workflow.TicketMoved:
		from, _ := p.State(text("from"))
		to, _ := p.State(text("to"))
		row.What, row.Note = v.T("ticket.moved", from.Titles.In(v.Code, text("from")), to.Titles.In(v.Code, text("to"))), text("comment")
	case workflow.TicketAssigned:
		row.What = v.assignedWords(e.Detail, words)
	case workflow.TicketJoined:
		row.Note = v.Phrase(text("how"))
	case workflow.TicketNoted:
		kind = noteItem
	}
	return storyItem{eventRow: row, Kind: kind}
}

// assignedWords says who has a ticket now.
func (v *visit) assignedWords(detail map[string]any, words ticketWords) string {
	changed := func(name string) (string, bool) {
		change, ok := detail[name].(map[string]any)
		if !ok {
			return "", false
		}
		s, _ := change["new"].(string)
		return s, s != change["old"]
	}
	owner, ownerChanged := changed("owner")
	team, teamChanged := changed("team")
	switch {
	case ownerChanged && owner != "":
		return v.T("ticket.given", words.owner(owner))
	case ownerChanged:
		return v.T("ticket.taken")
	case teamChanged:
		return v.T("ticket.given_team", team)
	}
	return v.verbWords(string(workflow.TicketAssigned))
}

package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A composer is an answer that is being written: what is kept as a draft, or else the beginning of one.
type composer struct {
	May    bool // the person may answer, and there is an outbox
	Draft  workflow.Draft
	Begun  bool   // it is kept as a draft
	From   string // the address that it goes out from; empty when no channel is in use
	To, Cc []option
	Papers []option // documents of the ticket, to attach

	Templates []templateGroup // that can be put into the text
	Suggested string          // the subject of the template that was put in
	Answered  string          // the subject of the message that it answers
	Unproved  bool            // nothing proves who sent that message
	Ready     bool            // sending is set up
	Problem   string
	Note      string        // what became of what the person asked for, with what is typed
	Waiting   []outgoingRow // replies of the person that can still be called back
}

// Until is when a message can no longer be called back, in milliseconds, for the script that counts down.
func (r outgoingRow) Until() int64 { return r.NotBefore.UnixMilli() }

// addReply prepares the answer to a ticket: the person's draft, else an answer to the newest message that came.
func (s *Server) addReply(v *visit, t workflow.Ticket, page *ticketPage) error {
	c := &page.Reply
	if c.May = page.Editable && s.config.Outbox != nil; !c.May {
		return nil
	}
	c.Ready = s.config.Outbox.Ready
	draft, begun, err := s.config.Outbox.FindDraft(v.ctx(), v.pool(), t.ID, v.user.Name)
	if err != nil {
		return err
	}
	answered := answeredPaper(page.Documents, draft.Answers, v.query("answer"))
	if c.Draft, c.Begun = draft, begun; !begun {
		c.Draft = beginning(t, answered, page.Party)
	}
	channels, err := taxonomy.LoadChannels(v.ctx(), v.pool())
	if err != nil {
		return err
	}
	c.From = sendsFrom(channels, answered)
	c.address(answered, page.Party, channels)
	if answered != nil {
		c.Answered, c.Unproved = answered.Subject, answered.Unproved()
	}
	for _, p := range page.Documents {
		if p.Mail == nil {
			c.Papers = append(c.Papers, option{p.Document.String(), p.Title, slices.Contains(c.Draft.Attachments, p.Document)})
		}
	}
	if c.Templates, err = s.templateChoices(v, t); err != nil {
		return err
	}
	held, err := s.config.Outbox.List(v.ctx(), v.pool(), v.reader(), workflow.OutgoingFilter{State: workflow.Held, Ticket: t.ID, Limit: 5})
	if err != nil {
		return err
	}
	held = slices.DeleteFunc(held, func(m workflow.Outgoing) bool { return m.By != v.actor() })
	c.Waiting = v.outgoingRows(held)
	return nil
}

// answeredPaper is the message that is answered: the one that the draft or the address names, else the newest that came. What was only filed
// beside the conversation, since nothing proves who sent it, is answered where there is no other.
func answeredPaper(papers []paper, drafted repository.DocumentID, asked string) (newest *conversed) {
	for _, p := range papers {
		if p.Mail == nil || p.Mail.Outgoing || p.Mail.Automatic() || p.Mail.Told() {
			continue
		}
		if p.Document == drafted || drafted == uuid.Nil && p.Document.String() == asked {
			return p.Mail
		}
		if newest == nil || p.Mail.Counts() && !newest.Counts() || p.Mail.Counts() == newest.Counts() && p.Mail.At.After(newest.At) {
			newest = p.Mail
		}
	}
	return newest
}

// beginning is an answer before anybody wrote a word: to whoever wrote, with what they wrote quoted below.
func beginning(t workflow.Ticket, answered *conversed, party taxonomy.Party) workflow.Draft {
	d := workflow.Draft{Ticket: t.ID}
	if answered == nil {
		if mails := emailsOf(party); len(mails) > 0 {
			d.Recipients = mails[:1]
		}
		return d
	}
	d.Answers, d.Recipients = answered.Document, []string{answered.Sender}
	if answered.Newest != "" {
		d.Body = "\n\n" + answered.From() + ", " + answered.At.Format(time.DateOnly) + ":\n> " + strings.ReplaceAll(answered.Newest, "\n", "\n> ")
	}
	return d
}

// sendsFrom is the address that an answer goes out from: the one that was written to, else that of the first channel in use.
func sendsFrom(channels taxonomy.Channels, answered *conversed) (address string) {
	for _, c := range channels {
		if !c.RetiredAt.IsZero() {
			continue
		}
		if address == "" || answered != nil && c.ID == answered.Channel {
			address = c.Address
		}
	}
	return address
}

// address offers everybody who has to do with the conversation as a recipient, and chooses those of the draft.
func (c *composer) address(answered *conversed, party taxonomy.Party, channels taxonomy.Channels) {
	known := slices.Concat(c.Draft.Recipients, c.Draft.Copies)
	if answered != nil {
		known = slices.Concat(known, []string{answered.Sender}, answered.Recipients)
	}
	known = slices.Concat(known, emailsOf(party))
	var offered []string
	for _, a := range known {
		if a != "" && !slices.Contains(offered, a) && !channels.Owns(a) {
			offered = append(offered, a)
		}
	}
	for _, a := range offered {
		c.To = append(c.To, option{a, a, slices.Contains(c.Draft.Recipients, a)})
		c.Cc = append(c.Cc, option{a, a, slices.Contains(c.Draft.Copies, a)})
	}
}

func emailsOf(p taxonomy.Party) (all []string) {
	for _, c := range p.Contacts {
		if c.Kind == taxonomy.Email {
			all = append(all, c.Value)
		}
	}
	return all
}

// typedReply is what was typed into the composer.
func (v *visit) typedReply(t workflow.Ticket) (d workflow.Draft) {
	v.form("body") // parses the form, within its bound
	f := v.gin.Request.PostForm
	d = workflow.Draft{Ticket: t.ID, Subject: limited(f.Get("subject"), 1000), Body: strings.ReplaceAll(f.Get("body"), "\r\n", "\n"), Version: max(atoi(f.Get("draft")), 0)}
	d.Recipients = slices.Concat(f["to"], addressesIn(f.Get("to_other")))
	d.Copies = slices.Concat(f["cc"], addressesIn(f.Get("cc_other")))
	d.Answers, _ = uuid.Parse(f.Get("answers")) // what is none answers nothing
	for _, a := range f["attach"] {
		if id, err := uuid.Parse(a); err == nil {
			d.Attachments = append(d.Attachments, id)
		}
	}
	return d
}

// saveDraft answers POST /tickets/:number/draft: what is typed is kept. A script gets the new version, or the sentence that says why
// not; do=drop forgets it.
func (s *Server) saveDraft(v *visit) error {
	t, err := v.ticket()
	if err != nil {
		return err
	}
	if s.config.Outbox == nil {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	d := v.typedReply(t)
	drop := v.form("do") == "drop"
	err = v.inTx(func(tx pgx.Tx) (err error) {
		if drop {
			return s.config.Outbox.DropDraft(v.ctx(), tx, t.ID, v.user.Name)
		}
		d, err = s.config.Outbox.SaveDraft(v.ctx(), tx, v.user, d)
		return err
	})
	if v.gin.GetHeader("Accept") == "application/json" {
		v.gin.Header("Cache-Control", "no-store")
		if err != nil {
			v.gin.JSON(Status(err), map[string]any{"problem": v.sentence(err)})
			return nil
		}
		v.gin.JSON(http.StatusOK, map[string]any{"version": d.Version, "said": v.T("reply.kept")})
		return nil
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return s.sendTicket(v, t, Status(err), composer{Draft: d, Problem: v.Sentence(err)})
	}
	if err != nil {
		return err
	}
	done := v.T("reply.kept")
	if drop {
		done = v.T("reply.dropped")
	}
	v.flash("success", done)
	return v.redirect("/tickets/" + t.Number + "#reply")
}

// sendReply answers POST /tickets/:number/reply: the answer is queued, and can be called back for some seconds.
func (s *Server) sendReply(v *visit) error {
	t, err := v.ticket()
	if err != nil {
		return err
	}
	if s.config.Outbox == nil {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	d := v.typedReply(t)
	var m workflow.Outgoing
	err = v.inTx(func(tx pgx.Tx) (err error) {
		if err := capture.MayHandOut(v.ctx(), tx, d.Attachments); err != nil { // nor is it handed on
			return err
		}
		m, err = s.config.Outbox.Queue(v.ctx(), tx, v.user, workflow.Outgoing{Ticket: t.ID, Answers: d.Answers, Recipients: d.Recipients, Copies: d.Copies,
			Subject: d.Subject, Body: d.Body, Attachments: d.Attachments})
		if err != nil {
			return err
		}
		return s.config.Outbox.DropDraft(v.ctx(), tx, t.ID, v.user.Name)
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.TooLarge) || fault.Is(err, fault.Denied) || fault.Is(err, fault.Unavailable) && fault.Expected(err) {
		return s.sendTicket(v, t, Status(err), composer{Draft: d, Problem: v.Sentence(err)})
	}
	if err != nil {
		return err
	}
	if m.State == workflow.Failed {
		v.flash("danger", v.Phrase(m.Trouble))
	}
	return v.redirect("/tickets/" + t.Number)
}

// retype puts what was typed into the composer in place of what is kept.
func (s *Server) retype(v *visit, page *ticketPage, typed composer) error {
	c := &page.Reply
	c.Draft, c.Problem, c.Note, c.To, c.Cc = typed.Draft, typed.Problem, typed.Note, nil, nil
	if c.Draft.Subject == "" && c.Answered == "" {
		c.Draft.Subject = typed.Suggested
	}
	channels, err := taxonomy.LoadChannels(v.ctx(), v.pool())
	c.address(answeredPaper(page.Documents, c.Draft.Answers, ""), page.Party, channels)
	for i, p := range c.Papers {
		c.Papers[i].Chosen = slices.ContainsFunc(c.Draft.Attachments, func(id repository.DocumentID) bool { return id.String() == p.Value })
	}
	return err
}

package main

import (
	"context"
	"encoding/hex"

	"docket/capture"
	"docket/capture/mail"
	sender "docket/capture/mail/verify"
	"docket/repository/journal"
	"docket/taxonomy"
	"docket/workflow"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// correspond tells the desk how the house takes part in e-mail. All of it comes of the master key, so every process of the house has the
// same.
func (a *app) correspond() error {
	ring, err := a.config.ring()
	if err != nil {
		return err
	}
	a.ring = ring
	keys, err := workflow.ReplyKeys(ring)
	if err != nil {
		return err
	}
	a.desk.Correspond(workflow.Post{Keys: keys, Installation: workflow.Installation(ring), Outbox: a.outbox})
	return nil
}

// threads lets the desk decide where messages belong that capture has read.
type threads struct{ desk *workflow.Desk }

// Thread tells the desk of a message. It is settled where that belongs unless it begins a matter: then what it is counts.
func (t threads) Thread(ctx context.Context, tx pgx.Tx, a capture.Arrival) (bool, taxonomy.ClassID, error) {
	m, err := t.desk.Thread(ctx, tx, journal.System("workflow"), incoming(a))
	if err != nil || m.Notice == uuid.Nil {
		return m.Action != thread.New && m.Action != thread.NewLinked, "", err
	}
	class, err := t.desk.NoticeClass(ctx, tx, m)
	return true, class, err
}

// incoming is an arrival as the desk wants it.
func incoming(a capture.Arrival) workflow.Incoming {
	f := a.Mail
	in := workflow.Incoming{Document: a.Piece.Document, ID: f.ID, InReplyTo: f.InReplyTo, References: f.References, Tokens: f.Tokens, Loops: f.Loops,
		Subject: f.Subject, Sender: f.From.Address, SenderName: f.From.Name, Recipients: a.Recipients(), Kind: kindOf(f), Silent: f.Machine.Silent,
		Said: f.Said, Archived: a.Archived(), At: a.Piece.ReceivedAt}
	for _, address := range in.Recipients { // of the envelopes too
		if token, ok := thread.TokenIn(address); ok {
			in.Tokens = append(in.Tokens, token)
		}
	}
	if f.Report != nil && f.Report.Original != "" {
		in.InReplyTo = append(in.InReplyTo, f.Report.Original)
		in.Bounces = bounces(f.Report)
	}
	if d := a.Delivery(); d != nil {
		in.Silent = in.Silent || d.Verdict != nil && d.Verdict.DMARC == sender.Fail
		in.Delivered, in.Aligned = true, d.Verdict != nil && d.Verdict.Aligned && f.By.Address == ""
		in.Disowned = d.Verdict != nil && d.Verdict.Disowned()
		if len(d.Channels) > 0 {
			in.Channel = d.Channels[0]
		}
	}
	for _, p := range a.Parts {
		in.Parts = append(in.Parts, p.Document)
	}
	for _, p := range append([]capture.Piece{a.Piece}, a.Parts...) {
		in.Received = append(in.Received, workflow.Received{Name: p.Name, Size: p.Size, SHA256: hex.EncodeToString(p.SHA256[:])})
	}
	return in
}

// bounces are what a report says of recipients that a message did not reach.
func bounces(r *mail.Report) (all []workflow.Bounce) {
	for _, to := range r.Recipients {
		if to.Action == "failed" || to.Action == "delayed" {
			all = append(all, workflow.Bounce{OriginalMessageID: r.Original, Recipient: to.Address, Status: statusOf(to), Diagnostic: to.Diagnostic})
		}
	}
	return all
}

// statusOf is the status of a recipient; what reports without one say is put into the two kinds that matter.
func statusOf(to mail.Recipient) string {
	switch {
	case to.Status != "":
		return to.Status
	case to.Permanent:
		return "5.0.0"
	}
	return "4.0.0"
}

// kindOf says who wrote a message in the words of the chain.
func kindOf(f capture.MailFacts) thread.Kind {
	switch f.Machine.Kind {
	case mail.Bounce:
		return thread.Bounce
	case mail.Receipt:
		return thread.Receipt
	case mail.OutOfOffice, mail.AutoReply, mail.OwnLoop:
		return thread.Automatic
	case mail.List, mail.Bulk, mail.Generated:
		return thread.Generated
	}
	return thread.Person
}

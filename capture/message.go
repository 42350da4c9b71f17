package capture

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"docket/capture/mail"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
)

// MailFacts are what a message says of itself that decides where it belongs. Strangers wrote all of it; nothing is proven.
type MailFacts struct {
	ID         string         `json:"id"` // Message-ID without <>
	InReplyTo  []string       `json:"in_reply_to,omitempty"`
	References []string       `json:"references,omitempty"`
	Tokens     []string       `json:"tokens,omitempty"` // of plus addresses and of markers in the body
	Loops      []string       `json:"loops,omitempty"`  // installations that say they sent it automatically
	Subject    string         `json:"subject,omitempty"`
	From       mail.Address   `json:"from"`        // whoever wrote it
	By         mail.Address   `json:"by,omitzero"` // who sent it, where that is somebody else of the house: see Understander.author
	ReplyTo    mail.Address   `json:"reply_to,omitzero"`
	To         []mail.Address `json:"to,omitempty"`
	Cc         []mail.Address `json:"cc,omitempty"`
	Machine    mail.Machine   `json:"machine"`
	Report     *mail.Report   `json:"report,omitempty"`
	Sent       time.Time      `json:"sent,omitzero"`  // as the sender's clock said
	Said       string         `json:"said,omitempty"` // what is new in an answer, see mail.Answer; forgotten once it is threaded
}

// maxAddressed bounds how many addressees are kept; the stored message has all.
const maxAddressed = 500

// mailFacts are those of a message; nil for what is none.
func mailFacts(m *mail.Message) *MailFacts {
	if m == nil {
		return nil
	}
	f := &MailFacts{ID: m.ID, InReplyTo: m.InReplyTo, References: m.References, Tokens: m.Tokens, Loops: m.Loops, Subject: m.Subject,
		To: m.To[:min(len(m.To), maxAddressed)], Cc: m.Cc[:min(len(m.Cc), maxAddressed)], Machine: m.Machine, Report: m.Report, Sent: m.Date}
	if len(m.InReplyTo)+len(m.References)+len(m.Tokens) > 0 {
		f.Said = mail.Answer(m.Text)
	}
	if len(m.From) > 0 {
		f.From = m.From[0]
	}
	if len(m.ReplyTo) > 0 {
		f.ReplyTo = m.ReplyTo[0]
	}
	return f
}

// An Arrival is a message that was read and is about to be filed.
type Arrival struct {
	Piece      Piece // the message
	Mail       MailFacts
	Deliveries []Delivery // how it came, the first first; none for a file that somebody handed in
	Parts      []Piece    // what it brought
}

// Threads decide where messages belong before anybody is asked what they are.
type Threads interface {
	// Thread says whether it is settled where a message belongs without knowing what it is. A settled one is filed at once: as a class,
	// where that is named because not everybody may see the message who may see correspondence.
	Thread(ctx context.Context, tx pgx.Tx, a Arrival) (settled bool, class taxonomy.ClassID, err error)
}

// thread asks where a message belongs. One for which that is settled needs nobody to say what it is: unless the machine is sure, it
// is correspondence. What is attached to another message belongs where that does.
func (w *Filer) thread(ctx context.Context, tx pgx.Tx, p Piece, r *Reading) (settled bool, err error) {
	if p.Parent != uuid.Nil {
		return w.archived(ctx, tx, p, r)
	}
	if w.Threads == nil || r.Mail == nil {
		return false, nil
	}
	if err := answersAwaited(ctx, tx, p, r.Mail); err != nil {
		return false, err
	}
	a := Arrival{Piece: p, Mail: *r.Mail}
	if a.Deliveries, err = Deliveries(ctx, tx, p.Document); err != nil {
		return false, err
	}
	if a.Parts, err = Attachments(ctx, tx, p.Receipt); err != nil {
		return false, err
	}
	settled, class, err := w.Threads.Thread(ctx, tx, a)
	if err != nil {
		return false, err
	}
	if r.Mail.Said != "" {
		if _, err := tx.Exec(ctx, "update capture.reading set mail = mail - 'said' where document = $1", p.Document); err != nil {
			return false, fmt.Errorf("settle message %s: %w", p.Document, err)
		}
	}
	if !settled || class == "" && len(r.Doubts) == 0 && !r.Cover {
		return settled, nil
	}
	return true, r.settle(ctx, tx, cmp.Or(class, taxonomy.Correspondence))
}

// archived settles what was attached to a message of an archive: nobody is asked about it.
func (w *Filer) archived(ctx context.Context, tx pgx.Tx, p Piece, r *Reading) (settled bool, err error) {
	if len(r.Doubts) == 0 && !r.Cover {
		return false, nil
	}
	err = tx.QueryRow(ctx, "select exists (select from capture.delivery where receipt = $1 and protocol = $2)", p.Root, ArchiveProtocol).Scan(&settled)
	if err != nil || !settled {
		return false, err
	}
	return true, r.settle(ctx, tx, taxonomy.Correspondence)
}

// settle makes a reading one that leaves no doubt.
func (r *Reading) settle(ctx context.Context, tx pgx.Tx, class taxonomy.ClassID) error {
	r.Class, r.Cover, r.Doubts = class, false, nil
	_, err := tx.Exec(ctx, "update capture.reading set rev = rev + 1, class = $2, cover = false, doubts = '[]' where document = $1", r.Document, r.Class)
	if err != nil {
		return fmt.Errorf("settle message %s: %w", r.Document, err)
	}
	return nil
}

// awaitedPause is how long a message waits for one that it answers until it looks again.
const awaitedPause = 2 * time.Second

// answersAwaited makes a message wait while one that it answers came earlier and is still being read: until that is filed, nobody
// knows where the two belong. Since only what came earlier is waited for, no two wait for each other.
func answersAwaited(ctx context.Context, tx pgx.Tx, p Piece, m *MailFacts) error {
	answered := slices.Concat(m.InReplyTo, m.References)
	if len(answered) == 0 {
		return nil
	}
	var awaited bool
	err := tx.QueryRow(ctx, `select exists (select from capture.delivery d join capture.piece p using (receipt)
		where d.message_id = any($1) and d.message_id <> '' and p.seq < $2 and p.state in ($3, $4))`, answered, p.Seq, Stored, BeingRead).Scan(&awaited)
	if err != nil {
		return fmt.Errorf("what message %s answers: %w", p.Document, err)
	}
	if awaited {
		return river.JobSnooze(awaitedPause)
	}
	return nil
}

// byThread is how the class of a settled message was told.
var byThread = say.Text("a message that belongs to a ticket, waits for a decision where it belongs, or is of an archive")

// Recipients are the addresses to which the message went, in small letters: those of the envelopes first, then those of its header.
func (a Arrival) Recipients() []string {
	var all []string
	add := func(address string) {
		if address = strings.ToLower(strings.TrimSpace(address)); address != "" && !slices.Contains(all, address) {
			all = append(all, address)
		}
	}
	for _, d := range a.Deliveries {
		for _, r := range d.Recipients {
			add(r)
		}
	}
	for _, list := range [][]mail.Address{a.Mail.To, a.Mail.Cc} {
		for _, to := range list {
			add(to.Address)
		}
	}
	return all
}

// Archived says that the message was imported as an archive: nothing follows from it.
func (a Arrival) Archived() bool {
	return len(a.Deliveries) > 0 && a.Deliveries[0].Protocol == ArchiveProtocol
}

// Delivery is how the message first came by mail just now; nil for what was imported or handed in as a file.
func (a Arrival) Delivery() *Delivery {
	if len(a.Deliveries) == 0 || a.Deliveries[0].imported() {
		return nil
	}
	return &a.Deliveries[0]
}

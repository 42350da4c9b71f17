package workflow

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Verbs that this package appends about what is sent. The subject is the ticket, so that they are lines of its story; of addresses it
// is the message that showed it, or the zero ID. Their details never hold what a message says.
const (
	MessageQueued     journal.Verb = "message.queued"        // message, kind, to; resend_of
	MessageSent       journal.Verb = "message.sent"          // message, document, kind, to, answer
	MessageFailed     journal.Verb = "message.failed"        // message, kind, to, reason
	MessageBounced    journal.Verb = "message.bounced"       // message, document, report, to, status, reason
	MessageDelayed    journal.Verb = "message.delayed"       // message, document, report, to, status, reason
	MessageCancelled  journal.Verb = "message.cancelled"     // message, kind, to
	MessageWithheld   journal.Verb = "message.withheld"      // kind, to, reason: an automatic one that was not made
	PersonTold        journal.Verb = "person.told"           // message, name: one of us was told by e-mail
	AnswerBounced     journal.Verb = "ticket.answer-bounced" // message, document: whatever it satisfied is open again
	AddressSuppressed journal.Verb = "address.suppressed"    // address, reason
	AddressRestored   journal.Verb = "address.restored"      // address, reason
)

// An OutgoingKind says why something is sent.
type OutgoingKind string

// The kinds. All but Reply are automatic: they go out with an empty return path and say in their header that nobody wrote them. A Notice is
// of nobody's conversation: its ticket tells of it in one line, and lists leave it out unless it is asked for.
const (
	Reply           OutgoingKind = "reply"           // a person wrote it
	Acknowledgement OutgoingKind = "acknowledgement" // that something was received
	Notification    OutgoingKind = "notification"    // that something has happened
	Notice          OutgoingKind = "notice"          // the same, to one of us
)

// An OutgoingState says how far something has come on its way out.
type OutgoingState string

// The states.
const (
	Held      OutgoingState = "held"      // it can be called back until Outgoing.NotBefore
	Queued    OutgoingState = "queued"    // to be sent, or to be tried again
	Sent      OutgoingState = "sent"      // the relay has taken it
	Failed    OutgoingState = "failed"    // it was refused, or nobody took it for hours; see Outgoing.Trouble
	Bounced   OutgoingState = "bounced"   // taken, and reported as undeliverable later
	Cancelled OutgoingState = "cancelled" // called back in time: nobody got it
)

// OutgoingStates are all states, in the order in which they come.
var OutgoingStates = []OutgoingState{Held, Queued, Sent, Failed, Bounced, Cancelled}

// An Outgoing is something that we send. Its ID is the ID of the document that it becomes, which is there once Stored.
type Outgoing struct {
	ID           uuid.UUID // set by Queue
	Kind         OutgoingKind
	Ticket       TicketID
	TicketNumber string                // set by reads
	Channel      taxonomy.ChannelID    // that it goes out by; Nil: the one that the message it answers came by, else the first in use
	Address      string                // set by reads: the channel's
	Answers      repository.DocumentID // the message that it answers, Nil for none
	Parents      []string              // Message-IDs that it answers, the nearest first; nil: those of Answers
	Recipients   []string              // addresses
	Copies       []string              // addresses, Cc
	Subject      string                // without the ticket's number, which is put there; empty: the answered message's
	Body         string                // plain text; signature and marker are put under it
	Language     string                // two letters; empty: the ticket's
	Attachments  []repository.DocumentID
	State        OutgoingState
	NotBefore    time.Time // until then it can be called back
	Attempts     int       // how often it was handed to the relay
	Answer       string    // what the relay said last, in its own words
	Trouble      string    // a sentence for people, of what failed, bounced or has to be tried again
	SentAt       time.Time // zero until it is sent
	BouncedAt    time.Time // zero unless it bounced
	ResendOf     uuid.UUID // the one that it repeats, Nil for none
	By           journal.Actor
	CreatedAt    time.Time
	Stored       bool      // its bytes are a document: they will not change any more
	Person       uuid.UUID // of a Notice: who is told; Nil of all others
	Internal     bool      // of a Notice: an answer to it is a note, and goes to no customer
}

// Automatic says whether nobody wrote it.
func (k OutgoingKind) Automatic() bool { return k != Reply }

// Jobs inserts jobs in a transaction; a River client does.
type Jobs interface {
	InsertTx(ctx context.Context, tx pgx.Tx, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
}

// DefaultUndo is how long a reply can be called back.
const DefaultUndo = 10 * time.Second

// DefaultMaxAttached is how much may be attached to one message, in bytes: mail servers refuse messages of more than 25 MB or so, and
// attachments grow by a third on their way.
const DefaultMaxAttached = 18 << 20

// maxRecipients is how many addresses one message may have.
const maxRecipients = 50

// An Outbox holds what is to be sent and what was. It holds no pool; writes take a transaction. It is safe for concurrent use. Who works
// its jobs is a [Postman].
type Outbox struct {
	Desk        *Desk
	Jobs        Jobs
	Ready       bool          // sending is set up: without it replies wait, and nothing automatic is made
	Undo        time.Duration // 0 means DefaultUndo
	MaxAttached int64         // bytes; 0 means DefaultMaxAttached
	Caps        Caps          // of automatic ones; zero fields mean DefaultCaps
	Log         *slog.Logger  // nil: silent
}

// SendQueue is the queue of the jobs that send. It is worked where sending is set up, and waits elsewhere.
const SendQueue = "send"

// SendArgs asks for something in the outbox to be sent.
type SendArgs struct {
	Message uuid.UUID `json:"message"`
}

// Kind names the job.
func (SendArgs) Kind() string { return "workflow.send" }

// sendAttempts is how often a message is handed to a relay that does not take it; see Postman.NextRetry for how long that is.
const sendAttempts = 14

// InsertOpts puts the job in its queue.
func (SendArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: SendQueue, MaxAttempts: sendAttempts}
}

func (o *Outbox) log() *slog.Logger {
	if o.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Log
}

// said appends what happened to a message to its ticket's story.
func (o *Outbox) said(ctx context.Context, tx pgx.Tx, by journal.Actor, verb journal.Verb, m Outgoing, more map[string]any) error {
	detail := map[string]any{"message": m.ID, "kind": m.Kind, "to": strings.Join(m.To(), ", ")}
	if m.Stored {
		detail["document"] = m.ID
	}
	for k, v := range more {
		detail[k] = v
	}
	_, err := o.Desk.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: verb, Subject: subject(m.Ticket), Detail: detail})
	return err
}

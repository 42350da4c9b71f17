package workflow

import (
	"context"
	"fmt"
	"time"

	"docket/repository"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"
	"docket/workflow/thread"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Verbs that this package appends about messages. The subject is the document.
const (
	MessageThreaded journal.Verb = "message.threaded" // action, rule, reason, ticket
	MessageDecided  journal.Verb = "message.decided"  // choice, ticket
)

// Incoming is what is known of a message that came, before anybody decides where it belongs. Strangers wrote all of it but
// Channel, Aligned, Disowned, Silent, Delivered, Received, Parts and At.
type Incoming struct {
	Document   repository.DocumentID
	ID         string   // Message-ID
	InReplyTo  []string // Message-IDs
	References []string // as they stand, the newest last
	Tokens     []string // from the addresses it was sent to and from its body
	Loops      []string // installations that say they sent it automatically
	Subject    string
	Sender     string // address
	SenderName string
	Recipients []string           // addresses
	Channel    taxonomy.ChannelID // that it came by; Nil for none
	Kind       thread.Kind
	Aligned    bool                    // the sender's domain is proved
	Disowned   bool                    // it is disproved, see thread.Message
	Silent     bool                    // it is never answered automatically
	Delivered  bool                    // it came by mail just now; false for a file that somebody handed in
	Archived   bool                    // it was settled elsewhere, and nothing follows from it
	Received   []Received              // the message itself and what came with it
	Parts      []repository.DocumentID // what was attached to it
	Said       string                  // what is new in an answer, without what it quotes and without tokens; empty for what answers nothing
	Bounces    []Bounce                // what it reports on deliveries of ours
	At         time.Time               // of receipt
}

// A Message is a message of a conversation and what was decided about it.
type Message struct {
	Document   repository.DocumentID
	Outgoing   bool // we sent it
	MessageID  string
	Parents    []string // Message-IDs that it answers, the nearest first
	Subject    string
	Sender     string // address in small letters
	SenderName string
	Recipients []string
	Channel    taxonomy.ChannelID
	Kind       thread.Kind
	Aligned    bool
	Silent     bool
	Received   []Received
	Ticket     TicketID // where it is; in quarantine where it may belong; Nil for none
	Action     thread.Action
	Rule       int // that decided, see package thread
	Sure       float64
	Reason     string    // a sentence
	Answers    uuid.UUID // what we sent that it answers; Nil when that is not known
	Warn       bool      // the sender is not proved: disclose nothing
	Trace      []thread.Step
	DecidedBy  string    // the person who decided about one in quarantine; empty for none
	DecidedAt  time.Time // zero for none
	At         time.Time
	Notice     uuid.UUID // the notification to one of us that it answers; Nil for none
}

// Quarantined says whether a person has yet to decide where the message belongs.
func (m Message) Quarantined() bool { return m.Action == thread.Quarantine && m.DecidedAt.IsZero() }

const messageColumns = `m.document, m.direction = 'out', m.message_id, m.parents, m.subject, m.sender, m.sender_name, m.recipients,
	coalesce(m.channel, '00000000-0000-0000-0000-000000000000'), m.kind, m.aligned, m.silent, m.received,
	coalesce(m.ticket, '00000000-0000-0000-0000-000000000000'), m.action, m.rule, m.sure, m.reason,
	coalesce(m.answers, '00000000-0000-0000-0000-000000000000'), m.warn, m.trace, m.decided_by,
	coalesce(m.decided_at, '0001-01-01 00:00:00+00'), m.at, coalesce(m.notice, '00000000-0000-0000-0000-000000000000')`

func selectMessages(ctx context.Context, q postgres.Querier, rest string, args ...any) ([]Message, error) {
	rows, err := q.Query(ctx, "select "+messageColumns+" from workflow.message m "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Message])
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	return all, nil
}

// Messages gives what is known of those documents that are messages of a conversation, in one query. It does not look at access.
func (d *Desk) Messages(ctx context.Context, q postgres.Querier, ids []repository.DocumentID) (map[repository.DocumentID]Message, error) {
	list, err := selectMessages(ctx, q, "where m.document = any($1)", ids)
	all := make(map[repository.DocumentID]Message, len(list))
	for _, m := range list {
		all[m.Document] = m
	}
	return all, err
}

// message is Messages for one document.
func (d *Desk) message(ctx context.Context, q postgres.Querier, id repository.DocumentID) (Message, bool, error) {
	all, err := selectMessages(ctx, q, "where m.document = $1", id)
	if err != nil || len(all) == 0 {
		return Message{}, false, err
	}
	return all[0], true, nil
}

// Quarantined gives the messages about which a person has to decide, the oldest first, page by page: after is the last one of
// the page before, Nil for the first page. A limit of 0 means 50. Only those are given whose documents the reader may see.
func (d *Desk) Quarantined(ctx context.Context, q postgres.Querier, reader taxonomy.Reader, after repository.DocumentID, limit int) ([]Message, error) {
	if limit <= 0 {
		limit = 50
	}
	access, tokens := reader.Where("r.readers", 2)
	return selectMessages(ctx, q, `join taxonomy.record r on r.document = m.document
		where m.action = 'quarantine' and m.decided_at is null and m.document > $1 and `+access+fmt.Sprintf(" order by m.document limit %d", limit), after, tokens)
}

// CountQuarantined is how many messages the reader may decide about, at most a thousand.
func (d *Desk) CountQuarantined(ctx context.Context, q postgres.Querier, reader taxonomy.Reader) (n int, err error) {
	access, tokens := reader.Where("r.readers", 1)
	err = q.QueryRow(ctx, `select count(*) from (select from workflow.message m join taxonomy.record r on r.document = m.document
		where m.action = 'quarantine' and m.decided_at is null and `+access+" limit 1000) m", tokens).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count messages in quarantine: %w", err)
	}
	return n, nil
}

package capture

import (
	"context"
	"fmt"
	"net/netip"
	"os"

	"docket/capture/mail/verify"
	"docket/repository"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A Delivery is one time that a message was handed to us: what its envelope said (RFC 5321), which is not in the message.
type Delivery struct {
	Protocol   string      // "smtp", "lmtp", "imap", ImportProtocol or ArchiveProtocol
	MailFrom   string      // the return path; empty for <> and where there is no envelope
	Recipients []string    // as they were written
	Channels   []uuid.UUID // those of ours that it came by; see taxonomy.Channel
	Helo       string      // what the other server called itself
	IP         netip.Addr  // of whoever handed it over; the zero Addr where nobody knows

	Verdict *verify.Verdict // who really sent it; nil before it was read, for copies and for what was imported
}

// Deliveries gives the deliveries of a document's message, the first first; none for what is no message or came as a file.
func Deliveries(ctx context.Context, q postgres.Querier, id repository.DocumentID) ([]Delivery, error) {
	rows, err := q.Query(ctx, `select d.protocol, d.mail_from, d.recipients, d.channels, d.helo, d.ip, d.verdict from capture.delivery d
		join capture.piece p using (receipt) where d.document = $1 order by p.seq`, id)
	if err != nil {
		return nil, fmt.Errorf("deliveries of %s: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Delivery, err error) {
		var ip *netip.Addr
		err = row.Scan(&d.Protocol, &d.MailFrom, &d.Recipients, &d.Channels, &d.Helo, &ip, &d.Verdict)
		if ip != nil {
			d.IP = *ip
		}
		return d, err
	})
}

func (d *Delivery) enter(ctx context.Context, tx pgx.Tx, p Piece, digest *mailDigest) error {
	var ip *netip.Addr
	if d.IP.IsValid() {
		ip = &d.IP
	}
	_, err := tx.Exec(ctx, `insert into capture.delivery (receipt, document, identity, protocol, mail_from, recipients, channels, helo, ip, message_id)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, p.Receipt, nullID(p.Document), digest.identity(), d.Protocol, cleanName(d.MailFrom),
		cleanNames(d.Recipients), append([]uuid.UUID{}, d.Channels...), cleanName(d.Helo), ip, cleanName(digest.messageID()))
	if err != nil {
		return fmt.Errorf("enter the delivery of %q: %w", p.Name, err)
	}
	return nil
}

func cleanNames(all []string) []string {
	clean := make([]string, len(all))
	for i, s := range all {
		clean[i] = cleanName(s)
	}
	return clean
}

// sameMessage finds the document of a message that came before, of which this is another copy: to another of our addresses, or
// fetched from another mailbox. Its bytes differ in the lines that servers wrote above it.
func sameMessage(ctx context.Context, tx pgx.Tx, identity []byte) (id repository.DocumentID, found bool, err error) {
	rows, err := tx.Query(ctx, "select document from capture.delivery where identity = $1 and document is not null limit 1", identity)
	if err != nil {
		return id, false, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[repository.DocumentID])
	if err != nil || len(all) == 0 {
		return id, false, err
	}
	return all[0], true, nil
}

// imported says that the message lay in a file.
func (d Delivery) imported() bool {
	return d.Protocol == ImportProtocol || d.Protocol == ArchiveProtocol
}

// envelope is what may be believed of a delivery's envelope. A server on this machine or of the house's own network passes on what
// others sent: whether it may send in their name says nothing.
func (d Delivery) envelope() verify.Envelope {
	if d.Protocol != "smtp" || d.IP.IsPrivate() || !d.IP.IsGlobalUnicast() {
		return verify.Envelope{}
	}
	return verify.Envelope{IP: d.IP, Helo: d.Helo, MailFrom: d.MailFrom}
}

// checkSender finds out who really sent the message in a file, if that came by mail. It is nil when it did not, and of what was
// imported: the keys and addresses by which it could be told are those of today.
func (w *Reader) checkSender(ctx context.Context, p Piece, file string) (*verify.Verdict, error) {
	if w.Sender == nil {
		return nil, nil
	}
	all, err := Deliveries(ctx, w.Intake.Pool, p.Document)
	if err != nil || len(all) == 0 || all[0].Verdict != nil || all[0].imported() {
		return nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	verdict := w.Sender.Check(ctx, f, all[0].envelope())
	return &verdict, nil
}

// saveVerdict keeps who really sent a message, once. A nil verdict is none.
func saveVerdict(ctx context.Context, tx pgx.Tx, p Piece, v *verify.Verdict) error {
	if v == nil {
		return nil
	}
	_, err := tx.Exec(ctx, "update capture.delivery set verdict = $2 where receipt = $1 and verdict is null", p.Receipt, v)
	if err != nil {
		return fmt.Errorf("keep who sent %q: %w", p.Name, err)
	}
	return nil
}

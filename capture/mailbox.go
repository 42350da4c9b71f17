package capture

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/keyring"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// MailboxChanged is appended when a mailbox is made or changed. Detail: host, username, paused, version. Secrets are not in it.
const MailboxChanged journal.Verb = "mailbox.changed"

// How a mailbox is reached, and how we sign in to it.
const (
	MailTLS      = "tls"      // from the first byte, RFC 8314
	MailStartTLS = "starttls" // RFC 3501 section 6.2.1; refused when the server has none
	MailPlain    = "none"     // for a server on this machine

	LoginPassword = "password"
	LoginXOAUTH2  = "xoauth2" // with a refresh token (RFC 6749 section 6)
)

// A Mailbox is an account at a mail server whose messages are fetched by IMAP (RFC 9051).
type Mailbox struct {
	ID         uuid.UUID
	Channel    uuid.UUID // whom its messages are for; see taxonomy.Channel
	Host       string
	Port       int
	Security   string
	Username   string
	Login      string
	Secret     string // sealed: the password or the refresh token
	TokenURL   string // of LoginXOAUTH2
	ClientID   string
	ClientKey  string // sealed
	Folder     string
	DoneFolder string // where messages go once they are stored; empty: they stay and are marked as seen

	UIDValidity int64 // the position
	UID         int64 // the last one that was taken in

	PausedAt  time.Time
	CheckedAt time.Time // when it was last looked into without trouble; zero before
	Trouble   string    // why it could not be, a sentence; empty when all is well
	TroubleAt time.Time
	Version   int
}

const mailboxColumns = `id, channel, host, port, security, username, login, secret, token_url, client_id, client_key, folder, done_folder,
	uidvalidity, uid, coalesce(paused_at, '0001-01-01 00:00:00+00'), coalesce(checked_at, '0001-01-01 00:00:00+00'), trouble,
	coalesce(trouble_at, '0001-01-01 00:00:00+00'), version`

// Mailboxes gives all mailboxes in the order in which they were made.
func Mailboxes(ctx context.Context, q postgres.Querier) ([]Mailbox, error) {
	rows, err := q.Query(ctx, "select "+mailboxColumns+" from capture.mailbox order by id")
	if err != nil {
		return nil, fmt.Errorf("mailboxes: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Mailbox])
}

// FindMailbox gives one mailbox, or a fault of kind NotFound.
func FindMailbox(ctx context.Context, q postgres.Querier, id uuid.UUID) (Mailbox, error) {
	rows, err := q.Query(ctx, "select "+mailboxColumns+" from capture.mailbox where id = $1", id)
	if err != nil {
		return Mailbox{}, err
	}
	m, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Mailbox])
	return m, postgres.Missing(err, "There is no such mailbox.")
}

func (m Mailbox) purpose(what string) string { return "mailbox " + m.ID.String() + " " + what }

// Seal puts secrets into the mailbox, encrypted. An empty one leaves that which is there. The mailbox must have its ID.
func (m *Mailbox) Seal(ring *keyring.Ring, secret, clientKey string) {
	if secret != "" {
		m.Secret = ring.Seal(m.purpose("secret"), secret)
	}
	if clientKey != "" {
		m.ClientKey = ring.Seal(m.purpose("client"), clientKey)
	}
}

// check brings a mailbox into its form and says what is wrong with it.
func (m *Mailbox) check() error {
	m.Host, m.Username, m.Folder, m.DoneFolder = strings.TrimSpace(m.Host), strings.TrimSpace(m.Username), strings.TrimSpace(m.Folder), strings.TrimSpace(m.DoneFolder)
	if m.Folder == "" {
		m.Folder = "INBOX"
	}
	switch {
	case m.Host == "" || len(m.Host) > 253 || strings.ContainsAny(m.Host, " /:@"):
		return fault.New(fault.Invalid, "“%.100s” is no name of a mail server. Write it as imap.house.example; the port has a field of its own. Nothing was saved.", m.Host)
	case m.Port < 1 || m.Port > 65535:
		return fault.New(fault.Invalid, "The port must be a number from 1 to 65535; 993 is usual. Nothing was saved.")
	case m.Username == "" || m.Secret == "":
		return fault.New(fault.Invalid, "A user name and a password or token are needed to sign in to the mailbox. Nothing was saved.")
	case !slices.Contains([]string{MailTLS, MailStartTLS, MailPlain}, m.Security) || !slices.Contains([]string{LoginPassword, LoginXOAUTH2}, m.Login):
		return fault.New(fault.Invalid, "Choose how the mailbox is reached and how to sign in to it. Nothing was saved.")
	case m.DoneFolder == m.Folder:
		return fault.New(fault.Invalid, "Messages cannot be moved to the folder that they come from. Name another, or none. Nothing was saved.")
	}
	if m.Login == LoginXOAUTH2 {
		if u, err := url.Parse(m.TokenURL); err != nil || u.Scheme != "https" || u.Host == "" || m.ClientID == "" {
			return fault.New(fault.Invalid, "Signing in by token needs the https address where tokens are given out, and the client's name there. Nothing was saved.")
		}
	}
	return nil
}

// SaveMailbox writes a mailbox that an administrator has changed or made; with version 0 it is new. Somebody else's change in
// between is a conflict. Another server, account or folder begins at its first message; what was taken in before is recognised.
func (in *Intake) SaveMailbox(ctx context.Context, tx pgx.Tx, by journal.Actor, m Mailbox) (Mailbox, error) {
	if err := m.check(); err != nil {
		return m, err
	}
	err := tx.QueryRow(ctx, `insert into capture.mailbox as b (id, channel, host, port, security, username, login, secret, token_url, client_id, client_key,
			folder, done_folder, paused_at, changed_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, nullif($14, '0001-01-01 00:00:00+00'::timestamptz), $15)
		on conflict (id) do update set channel = excluded.channel, host = excluded.host, port = excluded.port, security = excluded.security,
			username = excluded.username, login = excluded.login, secret = excluded.secret, token_url = excluded.token_url,
			client_id = excluded.client_id, client_key = excluded.client_key, folder = excluded.folder, done_folder = excluded.done_folder,
			paused_at = excluded.paused_at, changed_by = excluded.changed_by, changed_at = now(), version = b.version + 1, trouble = '', trouble_at = null,
			uid = case when (b.host, b.username, b.folder) = (excluded.host, excluded.username, excluded.folder) then b.uid else 0 end,
			uidvalidity = case when (b.host, b.username, b.folder) = (excluded.host, excluded.username, excluded.folder) then b.uidvalidity else 0 end
		where b.version = $16 returning version`,
		m.ID, m.Channel, m.Host, m.Port, m.Security, m.Username, m.Login, m.Secret, m.TokenURL, m.ClientID, m.ClientKey,
		m.Folder, m.DoneFolder, m.PausedAt, by, m.Version).Scan(&m.Version)
	if errors.Is(err, pgx.ErrNoRows) {
		return m, fault.New(fault.Conflict, "“%s” was changed by somebody else in the meantime. Nothing was saved; look at it again.", m.Username)
	}
	if err != nil {
		return m, fmt.Errorf("save mailbox %s: %w", m.Username, err)
	}
	_, err = in.Journal.Append(ctx, tx, journal.Event{Actor: by, Verb: MailboxChanged, Subject: journal.Subject{Kind: "mailbox", ID: m.ID},
		Detail: map[string]any{"host": m.Host, "username": m.Username, "paused": !m.PausedAt.IsZero(), "version": m.Version}})
	return m, err
}

// noteMailbox keeps how a look into a mailbox went: trouble is empty when it went well.
func (in *Intake) noteMailbox(ctx context.Context, id uuid.UUID, trouble string) error {
	_, err := in.Pool.Exec(ctx, `update capture.mailbox set trouble = $2, trouble_at = case when $2 = '' then null when trouble = $2 then trouble_at else now() end,
		checked_at = case when $2 = '' then now() else checked_at end where id = $1`, id, trouble)
	return err
}

// advance keeps the position of a mailbox, in the transaction that enters its message in the ledger.
func (m Mailbox) advance(ctx context.Context, tx pgx.Tx, validity, uid int64) error {
	_, err := tx.Exec(ctx, `update capture.mailbox set uid = case when uidvalidity = $2 then greatest(uid, $3) else $3 end, uidvalidity = $2
		where id = $1`, m.ID, validity, uid)
	if err != nil {
		return fmt.Errorf("keep the position in mailbox %s: %w", m.Username, err)
	}
	return nil
}

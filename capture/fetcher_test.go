package capture_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/capture/dovecottest"
	"docket/repository/fault"
	"docket/repository/keyring"

	"github.com/emersion/go-imap/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A mailHouse is a post office with a real IMAP server and a mailbox there, for service@house.example.
type mailHouse struct {
	*postOffice
	server *dovecottest.Server
	ring   *keyring.Ring
	box    capture.Mailbox
}

func openMailHouse(t *testing.T, done string) *mailHouse {
	t.Helper()
	h := &mailHouse{postOffice: openPostOffice(t), server: dovecottest.Start(t)}
	h.ring = must(keyring.Parse(strings.Repeat("ab", keyring.KeySize)))
	id := uuid.Must(uuid.NewV7())
	h.box = capture.Mailbox{ID: id, Channel: h.channel("service@house.example"), Host: h.server.Host, Port: h.server.TLSPort,
		Security: capture.MailTLS, Login: capture.LoginPassword, Username: "service", DoneFolder: done}
	h.box.Seal(h.ring, dovecottest.Password, "")
	h.save()
	return h
}

func (h *mailHouse) channel(address string) (id uuid.UUID) {
	h.Helper()
	if err := h.Pool.QueryRow(h.Context(), "select id from taxonomy.channel where address = $1", address).Scan(&id); err != nil {
		h.Fatal(err)
	}
	return id
}

func (h *mailHouse) save() {
	h.Helper()
	h.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		h.box, err = h.in.SaveMailbox(ctx, tx, "ada", h.box)
		return err
	})
}

func (h *mailHouse) fetcher() *capture.Fetcher {
	return &capture.Fetcher{Intake: h.in, Ring: h.ring, TLS: &tls.Config{RootCAs: h.server.Roots}, Log: slog.New(slog.DiscardHandler),
		Every: 50 * time.Millisecond, Retry: 50 * time.Millisecond}
}

// fetch runs a fetcher until the test ends or stop is called.
func (h *mailHouse) fetch() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.fetcher().Run(ctx) }()
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			h.Errorf("the fetcher ended: %v", err)
		}
		ended <- nil
	}
	h.Cleanup(stop)
	return stop
}

// until waits for a condition on the database or the server.
func (h *mailHouse) until(what string, condition func() bool) {
	h.Helper()
	for range 400 {
		if condition() {
			return
		}
		select {
		case <-h.Context().Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	h.Fatalf("waited in vain until %s; the ledger: %v; the mailbox: %+v", what, h.ledger(), must(capture.FindMailbox(h.Context(), h.Pool, h.box.ID)))
}

func (h *mailHouse) pieces(n int) func() bool { return func() bool { return len(h.ledger()) >= n } }

func numbered(n int) string {
	return crlf(fmt.Sprintf("From: Margaret <margaret@example.org>\nTo: service@house.example\nMessage-ID: <%d@example.org>\nSubject: Letter %d\n\nHello %d.\n", n, n, n))
}

// What lies in a mailbox and what comes while we listen is taken in, then marked as seen, and nothing twice.
func TestAMailboxIsFetched(t *testing.T) {
	h := openMailHouse(t, "")
	h.server.Deliver(t, "service", numbered(1), numbered(2))
	stop := h.fetch()
	h.until("two messages are in", h.pieces(2))
	h.server.Deliver(t, "service", numbered(3))
	h.until("the third is in", h.pieces(3))
	h.until("they are marked", func() bool {
		flags := h.server.Messages(t, "service", "INBOX")
		return len(flags) == 3 && !slices.ContainsFunc(flags, func(f []imap.Flag) bool { return !slices.Contains(f, imap.FlagSeen) })
	})
	stop()
	h.server.Deliver(t, "service", numbered(4))
	h.fetch()
	h.until("the fourth is in", h.pieces(4))
	if lines := h.ledger(); len(lines) != 4 {
		t.Errorf("in the ledger: %v", lines)
	}
	p := h.named("Letter 3.eml")
	if d := must(capture.Deliveries(t.Context(), h.Pool, p.Document)); p.Source != "mail/service@house.example" || d[0].Protocol != "imap" || len(d[0].Channels) != 1 {
		t.Errorf("%+v %+v", p, d)
	}
	if m := must(capture.FindMailbox(t.Context(), h.Pool, h.box.ID)); m.UID != 4 || m.Trouble != "" || m.CheckedAt.IsZero() {
		t.Errorf("%+v", m)
	}
}

// Messages are moved once they are stored, and those that were stored but not moved before we were cut off are moved then.
func TestMessagesAreMovedOnceTheyAreStored(t *testing.T) {
	h := openMailHouse(t, "Done")
	h.server.Deliver(t, "service", numbered(1), numbered(2), numbered(3)+strings.Repeat("x\r\n", 1<<20))
	h.in.MaxSize = 1 << 20
	stop := h.fetch()
	h.until("all are in the ledger", h.pieces(3))
	h.until("two are moved", func() bool { return len(h.server.Messages(t, "service", "Done")) == 2 })
	if lines := h.ledger(); !slices.Contains(lines, "message.eml rejected") {
		t.Errorf("in the ledger: %v", lines)
	}
	if n := len(h.server.Messages(t, "service", "INBOX")); n != 1 {
		t.Errorf("%d messages stay; the one that is too large should", n)
	}
	stop()
	h.server.Deliver(t, "service", numbered(4)) // stored, but we are cut off before it is moved
	if _, err := h.Pool.Exec(t.Context(), "update capture.mailbox set uid = 4"); err != nil {
		t.Fatal(err)
	}
	h.fetch()
	h.until("it is moved too", func() bool { return len(h.server.Messages(t, "service", "Done")) == 3 })
}

// A mailbox that was made anew begins at its first message; what came before is recognised.
func TestAMailboxThatBeginsAnewBringsNothingTwice(t *testing.T) {
	h := openMailHouse(t, "")
	h.server.Deliver(t, "service", numbered(1))
	if _, err := h.Pool.Exec(t.Context(), "update capture.mailbox set uid = 700, uidvalidity = 1"); err != nil {
		t.Fatal(err)
	}
	stop := h.fetch()
	h.until("it is in", h.pieces(1))
	stop()
	if _, err := h.Pool.Exec(t.Context(), "update capture.mailbox set uidvalidity = 1"); err != nil {
		t.Fatal(err)
	}
	h.server.Deliver(t, "service", numbered(2))
	h.fetch()
	h.until("the second is in", func() bool { return slices.Contains(h.ledger(), "Letter 2.eml stored") })
	if got := h.ledger(); len(got) != 2 && !slices.Contains(got, "Letter 1.eml duplicate") {
		t.Errorf("in the ledger: %v", got)
	}
}

// While something is away nothing is lost, and people see why nothing comes.
func TestAMailboxInTroubleSaysWhy(t *testing.T) {
	h := openMailHouse(t, "")
	h.server.Deliver(t, "service", numbered(1))
	trouble := func(part string) func() bool {
		return func() bool {
			return strings.Contains(must(capture.FindMailbox(t.Context(), h.Pool, h.box.ID)).Trouble, part)
		}
	}
	h.box.Seal(h.ring, "wrong", "")
	h.save()
	h.fetch()
	h.until("the password is refused", trouble("does not let “service” in"))
	h.box.Seal(h.ring, dovecottest.Password, "")
	h.box.Port = 1
	h.save()
	h.until("the server is away", trouble("could not be reached"))
	h.box.Port, h.box.Folder = h.server.TLSPort, "Elsewhere"
	h.save()
	h.until("the folder is missing", trouble("“Elsewhere” could not be opened"))
	if lines := h.ledger(); len(lines) != 0 {
		t.Errorf("in the ledger: %v", lines)
	}
	h.box.Folder = "INBOX"
	h.save()
	h.until("it is in after all", h.pieces(1))
	h.until("the trouble is over", func() bool { return must(capture.FindMailbox(t.Context(), h.Pool, h.box.ID)).Trouble == "" })
}

// Two processes fetch a mailbox once, and a paused one is left alone.
func TestOneOfManyFetchesAMailbox(t *testing.T) {
	h := openMailHouse(t, "")
	h.box.PausedAt = time.Now()
	h.save()
	h.server.Deliver(t, "service", numbered(1))
	h.fetch()
	h.fetch()
	h.box.PausedAt = time.Time{}
	h.save()
	h.until("it is in", h.pieces(1))
	h.server.Deliver(t, "service", numbered(2))
	h.until("the second is in", h.pieces(2))
	if lines := h.ledger(); len(lines) != 2 {
		t.Errorf("in the ledger: %v", lines)
	}
}

// A mailbox can be tried before it is saved, with TLS from the first byte or STARTTLS; never does a password go in the clear.
func TestAMailboxIsTried(t *testing.T) {
	h := openMailHouse(t, "")
	h.server.Deliver(t, "service", numbered(1), numbered(2))
	f := h.fetcher()
	if n, err := f.Try(t.Context(), &h.box); n != 2 || err != nil {
		t.Errorf("%d messages, %v", n, err)
	}
	start := h.box
	start.Security, start.Port = capture.MailStartTLS, h.server.Port
	if n, err := f.Try(t.Context(), &start); n != 2 || err != nil {
		t.Errorf("STARTTLS: %d messages, %v", n, err)
	}
	f.TLS = nil
	if _, err := f.Try(t.Context(), &h.box); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a server that nobody vouches for: %v", err)
	}
}

// A server that takes the connection and says nothing holds nobody up: what tries a mailbox ends with its context.
func TestAServerThatSaysNothingHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	ring := must(keyring.Parse(strings.Repeat("ab", keyring.KeySize)))
	for _, security := range []string{capture.MailTLS, capture.MailStartTLS, capture.MailPlain} {
		l := must(net.Listen("tcp", "127.0.0.1:0"))
		defer l.Close()
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			if c, err := l.Accept(); err == nil {
				defer c.Close()
				cancel()
				_, _ = io.Copy(io.Discard, c)
			}
		}()
		m := capture.Mailbox{ID: uuid.Must(uuid.NewV7()), Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: security, Username: "anna", Login: capture.LoginPassword}
		m.Seal(ring, "secret", "")
		if _, err := (&capture.Fetcher{Ring: ring}).Try(ctx, &m); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", security, err)
		}
	}
}

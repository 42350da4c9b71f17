package web

import (
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"docket/capture"
	"docket/capture/dovecottest"
	"docket/repository/keyring"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// fetcher tries mailboxes and keeps their secrets.
func fetcher(t *testing.T) *capture.Fetcher {
	t.Helper()
	ring, err := keyring.Parse(strings.Repeat("7", 64))
	if err != nil {
		t.Fatal(err)
	}
	return &capture.Fetcher{Ring: ring, Log: slog.New(slog.DiscardHandler)}
}

// channel makes a channel.
func (h *house) channel(t *testing.T, address string) taxonomy.Channel {
	t.Helper()
	var c taxonomy.Channel
	h.inTx(t, func(tx pgx.Tx) (err error) {
		c, err = h.config.Plan.SaveChannel(t.Context(), tx, "ada", taxonomy.Channel{Address: address, Name: "Harbour Electrics service"})
		return err
	})
	return c
}

// TestChannelsAreAddedChangedAndRetired walks the pages of the channels as an administrator does.
func TestChannelsAreAddedChangedAndRetired(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "ada")
	if r := b.get("/admin/channels"); !strings.Contains(r.body, "No channel yet") {
		t.Errorf("the empty list teaches nothing: %d", r.status)
	}
	if r := b.post("/admin/channels/new", "address", "no address", "name", "Service"); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `value="no address"`) {
		t.Errorf("what is no address: %d", r.status)
	}
	r := b.post("/admin/channels/new", "address", "Service@Docket.example", "aliases", "claims@docket.example\nhelp@docket.example", "name", "<b>Service</b>", "language", "xx")
	path := r.header.Get("Location")
	if r.status != http.StatusSeeOther || !strings.HasPrefix(path, "/admin/channels/") {
		t.Fatalf("adding: %d %s", r.status, r.body)
	}
	if r := b.get("/admin/channels"); !strings.Contains(r.body, "service@docket.example") || !strings.Contains(r.body, "claims@docket.example") || strings.Contains(r.body, "<b>Service") {
		t.Error("the channel that was added is not in the list, or its name is markup")
	}
	if r := b.post(path, "address", "service@docket.example", "name", "Service desk", "version", "1"); r.status != http.StatusSeeOther {
		t.Errorf("changing: %d", r.status)
	}
	if r := b.post(path, "address", "service@docket.example", "name", "Other", "version", "1"); r.status != http.StatusConflict || !strings.Contains(r.body, "somebody else") {
		t.Errorf("changing what was changed: %d", r.status)
	}
	b.post(path, "do", "retire", "version", "2")
	if r := b.get(path); !strings.Contains(r.body, "Use again") {
		t.Error("a retired channel cannot be used again")
	}
	b.post(path, "do", "use", "version", "3")
	if all, err := taxonomy.LoadChannels(t.Context(), h.config.Pool); err != nil || len(all) != 1 || !all[0].RetiredAt.IsZero() || all[0].Name != "Service desk" || all[0].Version != 4 {
		t.Errorf("%+v %v", all, err)
	}
	for _, name := range []string{"mia", "ben", "rosa"} {
		if r := h.as(t, name).get("/admin/channels"); r.status != http.StatusForbidden {
			t.Errorf("%s sees the channels: %d", name, r.status)
		}
	}
}

// TestAMailboxIsTriedAndKept: the test signs in for real and says plainly what does not work; a secret is never shown again, and an
// empty field keeps it.
func TestAMailboxIsTriedAndKept(t *testing.T) {
	t.Parallel()
	server := dovecottest.Start(t)
	h := newHouse(t)
	h.config.Fetcher.TLS = &tls.Config{RootCAs: server.Roots}
	server.Deliver(t, "service", "Subject: one\r\n\r\nx", "Subject: two\r\n\r\ny")
	c := h.channel(t, "service@docket.example")
	b, path := h.as(t, "ada"), channelPath(c.ID)+"/mailboxes/new"
	form := func(pairs ...string) []string {
		return append([]string{"host", server.Host, "port", strconv.Itoa(server.TLSPort), "security", "tls", "username", "service", "folder", "INBOX"}, pairs...)
	}
	if r := b.post(path, form("do", "test", "secret", dovecottest.Password)...); !strings.Contains(r.body, "It works") || !strings.Contains(r.body, "2 messages wait") {
		t.Errorf("a mailbox that works: %s", r.body)
	}
	if r := b.post(path, form("do", "test", "secret", "wrong")...); !strings.Contains(r.body, "does not let “service” in") || strings.Contains(r.body, `value="wrong"`) {
		t.Errorf("a wrong password: %s", r.body)
	}
	if r := b.post(path, "do", "test", "host", "127.0.0.1", "port", strconv.Itoa(closedPort(t)), "security", "none", "username", "x", "secret", "y"); !strings.Contains(r.body, "could not be reached") {
		t.Errorf("nobody listens: %s", r.body)
	}
	if r := b.post(path, form("secret", dovecottest.Password)...); r.status != http.StatusSeeOther {
		t.Fatalf("saving: %d %s", r.status, r.body)
	}
	m := h.mailbox(t)
	path = channelPath(c.ID) + "/mailboxes/" + m.ID.String()
	h.exec(t, "update capture.mailbox set trouble = 'The connection to the mail server broke off. It is tried again.', trouble_at = now()")
	for _, address := range []string{path, "/admin/channels", channelPath(c.ID)} {
		if r := b.get(address); r.status != 200 || strings.Contains(r.body, dovecottest.Password) || strings.Contains(r.body, m.Secret) || !strings.Contains(r.body, "broke off") {
			t.Errorf("%s shows a secret, or no trouble: %d", address, r.status)
		}
	}
	b.post(path, form("version", "1", "folder", "INBOX", "done_folder", "Done")...)
	if kept := h.mailbox(t); kept.Secret != m.Secret || kept.DoneFolder != "Done" {
		t.Errorf("an empty field did not keep the secret: %+v", kept)
	}
	b.post(path, "do", "pause", "version", "2")
	if r := b.get("/admin/channels"); !strings.Contains(r.body, "Resume") {
		t.Error("a paused mailbox cannot be resumed")
	}
	b.post(path, "do", "resume", "version", "3")
	if m := h.mailbox(t); !m.PausedAt.IsZero() || m.Version != 4 {
		t.Errorf("resumed: %+v", m)
	}
}

// mailbox is the only one.
func (h *house) mailbox(t *testing.T) capture.Mailbox {
	t.Helper()
	all, err := capture.Mailboxes(t.Context(), h.config.Pool)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d mailboxes: %v", len(all), err)
	}
	return all[0]
}

// closedPort is one at which nobody listens.
func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// inTx runs f in a transaction of the house.
func (h *house) inTx(t *testing.T, f func(tx pgx.Tx) error) {
	t.Helper()
	if err := pgx.BeginFunc(t.Context(), h.config.Pool, f); err != nil {
		t.Fatal(err)
	}
}

// openChannels gives the house a channel with a mailbox in trouble, and one that is retired.
func (h *house) openChannels(t *testing.T) {
	t.Helper()
	c := h.channel(t, "service@docket.example")
	old := h.channel(t, "old@docket.example")
	m := capture.Mailbox{ID: uuid.Must(uuid.NewV7()), Channel: c.ID, Host: "imap.docket.example", Port: 993, Security: capture.MailTLS, Username: "service@docket.example", Login: capture.LoginPassword}
	m.Seal(h.config.Fetcher.Ring, "secret", "")
	h.inTx(t, func(tx pgx.Tx) error {
		old.RetiredAt = h.config.Now()
		_, err := h.config.Plan.SaveChannel(t.Context(), tx, "ada", old)
		if err == nil {
			_, err = h.config.Intake.SaveMailbox(t.Context(), tx, "ada", m)
		}
		return err
	})
	h.exec(t, "update capture.mailbox set trouble = 'The connection to the mail server broke off. It is tried again.', trouble_at = now()")
	h.box = boxRow{m}
}

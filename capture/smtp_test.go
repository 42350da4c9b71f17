package capture_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/textproto"
	"strings"
	"sync/atomic"
	"testing"

	"docket/capture"
	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// A postOffice is a machine with mail servers and two channels, service@house.example (also claims@house.example) and
// complaints@house.example.
type postOffice struct {
	*machine
	smtp, lmtp string // where they listen
	away       atomic.Bool
}

func openPostOffice(t *testing.T) *postOffice {
	t.Helper()
	o := &postOffice{machine: openMachine(t)}
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, first := o.plan.SaveChannel(ctx, tx, "ada", taxonomy.Channel{Address: "Service@house.example", Aliases: []string{"claims@house.example"}, Name: "The House"})
		_, second := o.plan.SaveChannel(ctx, tx, "ada", taxonomy.Channel{Address: "complaints@house.example", Name: "The House, complaints"})
		return errors.Join(first, second)
	})
	o.smtp, o.lmtp = o.serve(false, 1<<20), o.serve(true, 1<<20)
	return o
}

func (o *postOffice) serve(lmtp bool, maxSize int64) string {
	o.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		o.Fatal(err)
	}
	s := &capture.MailServer{LMTP: lmtp, Host: "house.example", MaxSize: maxSize, Log: slog.New(slog.DiscardHandler),
		Channels: func(ctx context.Context) (taxonomy.Channels, error) { return taxonomy.LoadChannels(ctx, o.Pool) },
		Receive: func(ctx context.Context, item capture.Item) (capture.Piece, error) {
			if o.away.Load() {
				return capture.Piece{}, fault.New(fault.Unavailable, "The store is away.")
			}
			return o.in.Receive(ctx, item)
		}}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.Serve(ctx, l) }()
	o.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			o.Errorf("the mail server ended: %v", err)
		}
	})
	return l.Addr().String()
}

// send sends a message by SMTP.
func (o *postOffice) send(from string, to []string, message string) error {
	c, err := smtp.Dial(o.smtp)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SendMail(from, to, strings.NewReader(message)); err != nil {
		return err
	}
	return c.Quit()
}

func (o *postOffice) mustSend(to, message string) {
	o.Helper()
	if err := o.send("margaret@example.org", strings.Split(to, ","), message); err != nil {
		o.Fatalf("sent to %s: %v", to, err)
	}
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

const note = "From: Margaret Whitcombe <margaret@example.org>\nTo: service@house.example\nMessage-ID: <1@example.org>\nSubject: =?utf-8?q?My_caf=C3=A9?= / bill\n\nHello.\n"

// A message that was acknowledged is in the ledger, with what its envelope said.
func TestAMessageIsInTheLedgerWhenItIsAcknowledged(t *testing.T) {
	o := openPostOffice(t)
	o.mustSend("claims+abc@House.example,complaints@house.example", crlf(note))
	p := o.named("My café bill.eml")
	if p.Source != "mail/service@house.example" || p.ReceivedBy != "system:smtp" || p.State != capture.Stored {
		t.Errorf("%+v", p)
	}
	content, err := o.in.Store.Open(t.Context(), must(o.in.Store.Version(t.Context(), o.Pool, p.Document, 0)))
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if raw, err := io.ReadAll(content); string(raw) != crlf(note) || err != nil {
		t.Errorf("stored %q %v", raw, err)
	}
	all, err := capture.Deliveries(t.Context(), o.Pool, p.Document)
	if err != nil || len(all) != 1 {
		t.Fatalf("deliveries %v %v", all, err)
	}
	d := all[0]
	if d.Protocol != "smtp" || d.MailFrom != "margaret@example.org" || !d.IP.IsLoopback() || d.Helo == "" || len(d.Channels) != 2 ||
		!cmp.Equal(d.Recipients, []string{"claims+abc@House.example", "complaints@house.example"}) {
		t.Errorf("%+v", d)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Copies of one message are one document, however they came.
func TestCopiesOfAMessageAreOneDocument(t *testing.T) {
	t.Parallel()
	stamped := "Received: from a by b; Sat, 14 Mar 2026 10:00:00 +0000\nDelivered-To: complaints@house.example\n" + note
	anonymous := strings.Replace(note, "Message-ID: <1@example.org>\n", "", 1)
	tests := []struct {
		name          string
		first, second string
		same          bool
	}{
		{"to two of our addresses", note, stamped, true},
		{"with other line ends and empty lines below", note, note + "\n\n", true},
		{"without a Message-ID", anonymous, "Delivered-To: x@y\n" + anonymous, true},
		{"with another text", note, strings.Replace(stamped, "Hello", "Goodbye", 1), false},
		{"with another Message-ID", note, strings.Replace(stamped, "<1@", "<2@", 1), false},
		{"without a Message-ID, from another", anonymous, strings.Replace(anonymous, "<margaret@", "<other@", 1), false},
		{"the body is the header's end", "Message-ID: <1@example.org>\n\n", "Message-ID: <1@example.org>\n", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := openPostOffice(t)
			o.mustSend("service@house.example", crlf(test.first))
			o.mustSend("complaints@house.example", crlf(test.second))
			all, err := capture.Pieces(t.Context(), o.Pool, capture.Filter{})
			if err != nil || len(all) != 2 {
				t.Fatalf("%v %v", all, err)
			}
			if same := all[0].Document == all[1].Document; same != test.same || same != (all[0].State == capture.Duplicate) {
				t.Errorf("the second is %s; the same document: %v", all[0].State, same)
			}
			if ds, err := capture.Deliveries(t.Context(), o.Pool, all[1].Document); err != nil || (len(ds) == 2) != test.same {
				t.Errorf("%d deliveries, %v", len(ds), err)
			}
		})
	}
}

// What is not for us, too large, or comes while the store is away is refused, and nothing is in the ledger that was not stored.
func TestMailIsRefused(t *testing.T) {
	o := openPostOffice(t)
	code := func(err error) int {
		var reply *smtp.SMTPError
		errors.As(err, &reply)
		if reply == nil {
			return 0
		}
		return reply.Code
	}
	if got := code(o.send("a@b.example", []string{"stranger@elsewhere.example"}, crlf(note))); got != 550 {
		t.Errorf("for others: %d", got)
	}
	if got := code(o.send("a@b.example", []string{"service@house.example"}, crlf(note+strings.Repeat("x\n", 1<<20)))); got != 552 {
		t.Errorf("too large: %d", got)
	}
	o.away.Store(true)
	if got := code(o.send("a@b.example", []string{"service@house.example"}, crlf(note))); got != 451 {
		t.Errorf("while the store is away: %d", got)
	}
	o.away.Store(false)
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		return o.in.PauseSource(ctx, tx, "ada", "mail/complaints@house.example")
	})
	if got := code(o.send("a@b.example", []string{"complaints@house.example"}, crlf(note))); got != 451 {
		t.Errorf("while it is paused: %d", got)
	}
	if lines := o.ledger(); len(lines) != 0 {
		t.Errorf("in the ledger: %v", lines)
	}
}

// The end of a message is CRLF "." CRLF and nothing that looks like it, so nobody smuggles a second message into the first.
func TestNothingIsSmuggledIntoAMessage(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\x00\r\n.\x00\r\n"} {
		t.Run(fmt.Sprintf("%q", end), func(t *testing.T) {
			o := openPostOffice(t)
			c, err := textproto.Dial("tcp", o.smtp)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			expect := func(code int) {
				t.Helper()
				if _, _, err := c.ReadResponse(code); err != nil {
					t.Fatal(err)
				}
			}
			ask := func(code int, line string) {
				t.Helper()
				fmt.Fprintf(c.W, "%s\r\n", line)
				if err := c.W.Flush(); err != nil {
					t.Fatal(err)
				}
				expect(code)
			}
			expect(220)
			ask(250, "EHLO there.example")
			ask(250, "MAIL FROM:<a@b.example>")
			ask(250, "RCPT TO:<service@house.example>")
			ask(354, "DATA")
			ask(250, crlf(note)+end+"MAIL FROM:<evil@b.example>\r\nRCPT TO:<service@house.example>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.")
			ask(221, "QUIT")
			if lines := o.ledger(); len(lines) != 1 {
				t.Errorf("in the ledger: %v", lines)
			}
		})
	}
}

// LMTP answers for each recipient; the message is one all the same.
func TestLMTPAnswersForEachRecipient(t *testing.T) {
	o := openPostOffice(t)
	conn, err := net.Dial("tcp", o.lmtp)
	if err != nil {
		t.Fatal(err)
	}
	c := smtp.NewClientLMTP(conn)
	defer c.Close()
	if err := errors.Join(c.Mail("", nil), c.Rcpt("service@house.example", nil), c.Rcpt("complaints@house.example", nil)); err != nil {
		t.Fatal(err)
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, crlf(note)); err != nil {
		t.Fatal(err)
	}
	if replies, err := w.CloseWithLMTPResponse(); err != nil || len(replies) != 2 {
		t.Fatalf("answers %v %v", replies, err)
	}
	if lines := o.ledger(); len(lines) != 1 {
		t.Errorf("in the ledger: %v", lines)
	}
	if d := must(capture.Deliveries(t.Context(), o.Pool, o.named("My café bill.eml").Document)); d[0].MailFrom != "" || d[0].Protocol != "lmtp" {
		t.Errorf("%+v", d)
	}
}

// One who opens many connections keeps nobody else out.
func TestOneAddressHasFewConnections(t *testing.T) {
	o := openPostOffice(t)
	for i := range 21 {
		c, err := smtp.Dial(o.smtp)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		err = c.Hello("there.example")
		var reply *smtp.SMTPError
		if i == 20 && (!errors.As(err, &reply) || reply.Code != 421) || i < 20 && err != nil {
			t.Errorf("connection %d: %v", i+1, err)
		}
	}
}

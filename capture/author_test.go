package capture_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"docket/capture"
	"docket/capture/mail/verify"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// Who wrote a message is who sent it, unless the house vouches for somebody else.
func TestWhoWroteAMessage(t *testing.T) {
	m := openMachine(t)
	m.reader.Understand.Forms = []string{"form@house.example"}
	m.reader.Sender = &verify.Checker{Trusted: []string{"mx.house.example"}, Hops: 1}
	m.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := m.plan.SaveChannel(ctx, tx, "test", taxonomy.Channel{Address: "service@house.example", Name: "The house"})
		return err
	})
	const proved = "Authentication-Results: mx.house.example; dmarc=pass header.from=house.example; dkim=pass header.d=house.example\r\n"
	const quoted = "\r\nPlease file.\r\n\r\n-------- Forwarded message --------\r\nFrom: Eva Weiss <eva@customer.example>\r\nSubject: The door\r\n\r\nI complain about the door that came late and broken.\r\n"
	const own = "\r\nI complain about the door that came late and broken.\r\n"
	for _, tt := range []struct{ name, head, body, from, by string }{
		{"a customer", "From: eva@customer.example\r\nSubject: The door\r\n", own, "eva@customer.example", ""},
		{"a colleague passes it on", "From: Jo <jo@house.example>\r\nSubject: Fwd: The door\r\n", quoted, "eva@customer.example", "jo@house.example"},
		{"a customer passes something on", "From: Max <max@customer.example>\r\nSubject: Fwd: The door\r\n", quoted, "max@customer.example", ""},
		{"a colleague answers", "From: Jo <jo@house.example>\r\nSubject: Re: The door\r\nIn-Reply-To: <1@customer.example>\r\n", quoted, "jo@house.example", ""},
		{"the form, proved", proved + "From: form@house.example\r\nReply-To: Eva <eva@customer.example>\r\nSubject: Web form\r\n", own, "eva@customer.example", "form@house.example"},
		{"somebody says to be the form", "From: form@house.example\r\nReply-To: Eva <eva@customer.example>\r\nSubject: Web form\r\n", own, "form@house.example", ""},
		{"a customer wants the answer elsewhere", "From: max@customer.example\r\nReply-To: Eva <eva@customer.example>\r\nSubject: The door\r\n", own, "max@customer.example", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := "Received: from there by mx.house.example; Sat, 14 Mar 2026 10:00:00 +0000\r\n" + tt.head + "To: service@house.example\r\nMessage-ID: <" + strings.ReplaceAll(tt.name, " ", ".") + "@test.example>\r\n" + tt.body
			p, err := m.in.Receive(t.Context(), capture.Item{Source: "mail", Name: "m.eml", By: "smtp", Content: strings.NewReader(text),
				Mail: &capture.Delivery{Protocol: "lmtp", Recipients: []string{"service@house.example"}, IP: netip.MustParseAddr("127.0.0.1")}})
			if err != nil {
				t.Fatal(err)
			}
			m.work()
			r, err := capture.FindReading(t.Context(), m.Pool, m.piece(p).Document)
			if err != nil || r.Mail == nil {
				t.Fatalf("%+v, %v", r.Mail, err)
			}
			if r.Mail.From.Address != tt.from || r.Mail.By.Address != tt.by || r.Fields.Get(taxonomy.SenderEmail) != tt.from {
				t.Errorf("written by %s, sent by %q; the sender's address is %q", r.Mail.From, r.Mail.By, r.Fields.Get(taxonomy.SenderEmail))
			}
		})
	}
}

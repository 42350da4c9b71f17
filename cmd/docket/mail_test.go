package main

import (
	"bytes"
	"crypto/tls"
	"net"
	"strings"
	"testing"

	"docket/capture"
	"docket/capture/tlstest"
	"docket/repository"
	"docket/search"
	"docket/taxonomy"

	"github.com/emersion/go-smtp"
)

const letterByMail = `From: Margaret Whitcombe <margaret@example.org>
To: service@house.example
Date: Sat, 14 Mar 2026 10:00:00 +0000
Message-ID: <mail-1@example.org>
Subject: Complaint about my washing machine

Dear Sir or Madam,

I wish to complain about the washing machine that I bought from you on 2 March 2026. It was delivered three weeks late and
it has never worked. I am very disappointed with your service and ask for my money back: 449.00 EUR.

My customer number is K-20418833.

Yours faithfully
Margaret Whitcombe
`

// A message that arrives by SMTP under TLS is a ticket that is found by a phrase, whether it came to one of our addresses or to two.
func TestAMessageBecomesATicket(t *testing.T) {
	whole(t)
	a := startApp(t, t.TempDir())
	roots := a.config.offerTLS(t)
	a.config.SMTP = freeAddress(t)
	if err := a.takeMail(t.Context()); err != nil {
		t.Fatal(err)
	}
	say := func(words ...string) string {
		t.Helper()
		var out bytes.Buffer
		if err := runChannel(t.Context(), stdio{strings.NewReader(""), &out, t.Output()}, append(words, "--data", a.config.Data)); err != nil {
			t.Fatalf("channel %v: %v", words, err)
		}
		return out.String()
	}
	say("add", "service@house.example", "--name", "The House")
	say("add", "claims@house.example", "--name", "The House", "--alias", "schaden@house.example")
	if list := say("list"); !strings.Contains(list, "schaden@house.example") {
		t.Errorf("channels: %s", list)
	}
	message := strings.ReplaceAll(letterByMail, "\n", "\r\n")
	for _, to := range []string{"service@house.example", "schaden@house.example"} {
		c, err := smtp.DialStartTLS(a.config.SMTP, roots)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.SendMail("margaret@example.org", []string{to}, strings.NewReader("Delivered-To: "+to+"\r\n"+message)); err != nil {
			t.Fatalf("to %s: %v", to, err)
		}
		_ = c.Quit()
	}
	a.settle(t)
	a.finds(t, `from:margaret@example.org to:service@house.example subject:"washing machine" date:2026-03-14`, 1)
	found, err := a.index.Search(t.Context(), search.Request{Query: `"never worked"`, Reader: taxonomy.Root})
	if err != nil || found.Total != 1 {
		t.Fatalf("found %d, %v", found.Total, err)
	}
	document := repository.DocumentID(found.Hits[0].Document)
	tickets, err := a.desk.ByDocuments(t.Context(), a.pool, []repository.DocumentID{document})
	if err != nil || tickets[document].PartyName != "Margaret Whitcombe" {
		t.Errorf("its ticket: %+v, %v", tickets[document], err)
	}
	all, err := capture.Deliveries(t.Context(), a.pool, document)
	if err != nil || len(all) != 2 {
		t.Errorf("it came %d times, %v", len(all), err)
	} else if v := all[0].Verdict; v == nil || v.From != "example.org" || v.Aligned || v.Reason == "" {
		t.Errorf("who sent it: %+v", v)
	}
	say("retire", "service@house.example")
	c, err := smtp.DialStartTLS(a.config.SMTP, roots)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Mail("a@b.example", nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Rcpt("service@house.example", nil); err == nil {
		t.Errorf("a retired channel takes mail")
	}
}

// offerTLS gives the mail server a certificate and says what trusts it.
func (c *config) offerTLS(t *testing.T) *tls.Config {
	t.Helper()
	cert, key, roots := tlstest.Files(t, t.TempDir())
	c.MailCert, c.MailKey = cert, key
	return &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

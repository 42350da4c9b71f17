package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/capture/mail"
	sender "docket/capture/mail/verify"
	"docket/search"
	"docket/taxonomy"
	"docket/workflow"
	"docket/workflow/letter"
	"docket/workflow/relay/relaytest"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// sendingConfig is the configuration of a house that sends by a mail server, with a key whose public part is the record.
func sendingConfig(t *testing.T, world *relaytest.Server) (c config, record string) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	c = defaultConfig()
	c.Data, c.Relay, c.DKIMKey = t.TempDir(), "smtp://"+world.Address(), filepath.Join(t.TempDir(), "dkim.pem")
	if err := os.WriteFile(c.DKIMKey, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return c, "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
}

// published is what the domain house.example says of itself.
type published string

func (p published) LookupTXT(_ context.Context, name string) ([]string, error) {
	if strings.TrimSuffix(name, ".") == "docket._domainkey.house.example" {
		return []string{string(p)}, nil
	}
	return nil, &net.DNSError{IsNotFound: true, Name: name}
}

func (published) LookupMX(context.Context, string) ([]*net.MX, error) {
	return nil, &net.DNSError{IsNotFound: true}
}
func (published) LookupIPAddr(context.Context, string) ([]net.IPAddr, error) {
	return nil, &net.DNSError{IsNotFound: true}
}
func (published) LookupAddr(context.Context, string) ([]string, error) {
	return nil, &net.DNSError{IsNotFound: true}
}

// A reply leaves the house signed, and whoever reads it as we read messages finds our token, and nothing that a machine wrote.
func TestAReplyIsSignedAndSent(t *testing.T) {
	whole(t)
	world := relaytest.Start(t)
	world.Open = true
	c, record := sendingConfig(t, world)
	a := startConfigured(t, c)
	a.outbox.Undo = time.Millisecond
	var channel taxonomy.Channel
	a.inTx(t, func(tx pgx.Tx) (err error) {
		channel, err = a.plan.SaveChannel(t.Context(), tx, console, taxonomy.Channel{Address: "service@house.example", Name: "The House", Signature: "The House"})
		return err
	})
	p, err := a.intake.Receive(t.Context(), capture.Item{Source: "mail", Name: "complaint.eml", By: "anna", Content: strings.NewReader(letterByMail)})
	if err != nil {
		t.Fatal(err)
	}
	a.settle(t)
	tickets, err := a.desk.ByDocuments(t.Context(), a.pool, []uuid.UUID{p.Document})
	if err != nil || len(tickets) != 1 {
		t.Fatalf("tickets %v %v", tickets, err)
	}
	agent := workflow.User{ID: uuid.Must(uuid.NewV7()), Name: "anna", Roles: []workflow.Role{workflow.Agent}}
	var m workflow.Outgoing
	a.inTx(t, func(tx pgx.Tx) (err error) {
		m, err = a.outbox.Queue(t.Context(), tx, agent, workflow.Outgoing{Ticket: tickets[p.Document].ID, Channel: channel.ID, Recipients: []string{"margaret@example.org"},
			Subject: "Re: Complaint about my washing machine", Body: "The turquoise one comes on Friday."})
		return err
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ; m.State != workflow.Sent; time.Sleep(20 * time.Millisecond) {
		if m, err = a.outbox.Find(ctx, a.pool, taxonomy.Root, m.ID); err != nil {
			t.Fatal(err)
		}
	}
	given := world.Given()
	if len(given) != 1 {
		t.Fatalf("%d messages", len(given))
	}
	verdict := (&sender.Checker{Resolver: published(record)}).Check(t.Context(), strings.NewReader(given[0].Data), sender.Envelope{})
	if !verdict.Aligned || verdict.From != "house.example" {
		t.Errorf("its signature: %+v", verdict)
	}
	a.settle(t)
	found, err := a.index.Search(t.Context(), search.Request{Query: `"turquoise one" class:reply`, Reader: agent.Reader()})
	if err != nil || found.Total != 1 || found.Hits[0].Document != m.ID {
		t.Errorf("found %+v, %v", found, err)
	}
	var out bytes.Buffer
	if err := runOutbox(t.Context(), stdio{strings.NewReader(""), &out, t.Output()}, []string{"--state", "sent", "--json", "--data", c.Data}); err != nil ||
		!strings.Contains(out.String(), m.ID.String()) || strings.Contains(out.String(), "turquoise") {
		t.Errorf("docket outbox: %s %v", out.String(), err)
	}
	out.Reset()
	err = runChannel(t.Context(), stdio{strings.NewReader(""), &out, t.Output()}, []string{"test", "service@house.example", "--to", "ada@example.org", "--relay", c.Relay,
		"--dkim-key", c.DKIMKey, "--data", c.Data})
	if given := world.Given(); err != nil || !strings.Contains(out.String(), "took it: 250") || len(given) != 2 || !strings.HasPrefix(given[1].Data, "DKIM-Signature:") {
		t.Errorf("docket channel test: %s %v", out.String(), err)
	}
	v, err := verify(t.Context(), a.stack, true)
	if err != nil || !v.Sound {
		t.Errorf("verify: %+v, %v", v, err)
	}
}

// What marks our automatic messages is what the reader of messages knows them by.
func TestTheLoopHeaderIsOne(t *testing.T) {
	t.Parallel()
	if letter.LoopHeader != mail.LoopHeader {
		t.Errorf("%s and %s", letter.LoopHeader, mail.LoopHeader)
	}
}

// The command that lists the outbox says what it can know of whether it is sent.
func TestWhetherTheOutboxIsSent(t *testing.T) {
	t.Parallel()
	c := defaultConfig()
	c.Data = t.TempDir()
	if ready, say := c.sends(t.Context()); !ready || !strings.Contains(say, "no server answers on this data folder") {
		t.Errorf("without a server: %v %q", ready, say)
	}
	s := &stack{config: c, log: slog.New(slog.DiscardHandler)}
	a := &app{stack: s}
	if err := a.control(); err != nil {
		t.Fatal(err)
	}
	if ready, say := c.sends(t.Context()); ready || !strings.Contains(say, "not set up on the running server") {
		t.Errorf("with a server that does not send: %v %q", ready, say)
	}
	a.config.Relay = "smtp://relay.example:587"
	if ready, say := c.sends(t.Context()); !ready || say != "" {
		t.Errorf("with one that does: %v %q", ready, say)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
}

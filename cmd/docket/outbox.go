package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"docket/capture"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"
	"docket/workflow"
	"docket/workflow/letter"
	"docket/workflow/relay"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// seal is the key that signs what is sent.
func (c *config) seal() (letter.Seal, error) {
	if c.DKIMKey == "" {
		return letter.Seal{}, nil
	}
	text, err := os.ReadFile(c.DKIMKey)
	if err != nil {
		return letter.Seal{}, fault.Wrap(err, fault.Invalid, "The key for DKIM cannot be read: %v.", err)
	}
	key, err := letter.ParseKey(text)
	return letter.Seal{Selector: c.DKIMSelector, Key: key}, err
}

// postman sends what is in the outbox.
func (a *app) postman() (*workflow.Postman, error) {
	ring, err := a.config.ring()
	if err != nil {
		return nil, err
	}
	p := &workflow.Postman{Outbox: a.outbox, Pool: a.pool, Store: a.store, Loop: workflow.Installation(ring), MayAttach: capture.MayHandOut}
	if p.Keys, err = workflow.ReplyKeys(ring); err != nil {
		return nil, err
	}
	if p.Seal, err = a.config.seal(); err != nil {
		return nil, err
	}
	if p.TempDir, err = a.tempDir("letters"); err != nil {
		return nil, err
	}
	p.Relay, err = relay.Parse(a.config.Relay, a.config.RelayUser, a.config.RelayPassword)
	return p, err
}

// resumeSending has what waits in the outbox sent.
func (a *app) resumeSending(ctx context.Context) error {
	return postgres.InTx(ctx, a.pool, func(tx pgx.Tx) error {
		n, err := a.outbox.Resume(ctx, tx)
		if n > 0 {
			a.log.Info("taking up what was to be sent", "messages", n)
		}
		return err
	})
}

// runOutbox lists what is in the outbox, beside a running server of the same data folder.
func runOutbox(ctx context.Context, std stdio, args []string) error {
	var f workflow.OutgoingFilter
	var inJSON bool
	c, words, err := configure("outbox", args, func(s *flag.FlagSet) {
		s.StringVar((*string)(&f.State), "state", "", "held, queued, sent, failed, bounced or cancelled; empty lists all")
		s.StringVar((*string)(&f.Kind), "kind", "", "reply, acknowledgement, notification or notice; empty lists all but notices, which go to people of the house")
		s.IntVar(&f.Limit, "limit", 50, "how many, the newest first")
		s.BoolVar(&inJSON, "json", false, "one JSON object on each line")
	})
	if err != nil || len(words) > 0 {
		return errors.Join(err, unexpected(words))
	}
	if f.State != "" && !slices.Contains(workflow.OutgoingStates, f.State) {
		return usagef("--state %q: there is no such state. Choose from %v", f.State, workflow.OutgoingStates)
	}
	return beside(ctx, std, c, func(s *stack) error {
		ready, say := c.sends(ctx)
		j := journal.New()
		out := &workflow.Outbox{Desk: workflow.NewDesk(j, taxonomy.NewPlan(j, time.Local), workflow.Calendar{Zone: time.Local}, nil), Ready: ready}
		all, err := out.List(ctx, s.pool, taxonomy.Root, f)
		if err != nil {
			return err
		}
		if say != "" {
			fmt.Fprintln(std.Err, say)
		}
		if inJSON {
			return outboxJSON(std.Out, all)
		}
		return outboxTable(std.Out, all)
	})
}

// sending is what a running server says of the outbox.
type sending struct {
	Ready bool `json:"ready"` // it has a mail server that takes what is sent
}

// sends says whether what is in the outbox is sent, as far as can be known here: by our own settings, else by those of the server that runs
// on the data folder. Where it is not sent, or nobody knows, there is a sentence about it.
func (c *config) sends(ctx context.Context) (ready bool, say string) {
	if c.Relay != "" {
		return true, ""
	}
	var server sending
	switch err := ask(ctx, c.Data, http.MethodGet, "/sending", &server); {
	case err != nil:
		return true, "No mail server is named here (--relay), and no server answers on this data folder: what is queued waits, unless a server or a worker elsewhere sends it."
	case !server.Ready:
		return false, "Sending is not set up on the running server: what is queued waits, unless a worker sends it. See --relay."
	}
	return true, ""
}

func outboxTable(to io.Writer, all []workflow.Outgoing) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, m := range all {
		said := m.Trouble
		if m.Answer != "" {
			said = strings.TrimSpace(said + " " + m.Answer)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", m.ID, m.CreatedAt.Format(time.DateTime), m.State, m.Kind, m.TicketNumber, strings.Join(m.To(), ","), said)
	}
	return w.Flush()
}

// outboxJSON leaves out what a message says: that is a document, which not everybody may see.
func outboxJSON(to io.Writer, all []workflow.Outgoing) error {
	e := json.NewEncoder(to)
	for _, m := range all {
		err := e.Encode(map[string]any{"id": m.ID, "at": m.CreatedAt, "state": m.State, "kind": m.Kind, "ticket": m.TicketNumber, "from": m.Address, "to": m.To(),
			"attempts": m.Attempts, "trouble": m.Trouble, "answer": m.Answer, "stored": m.Stored})
		if err != nil {
			return err
		}
	}
	return nil
}

// testChannel sends a message from a channel, to see whether the relay takes it and the signature is right where it arrives. It belongs to
// no ticket and is not kept.
func testChannel(ctx context.Context, std stdio, s *stack, address string, f channelFlags) error {
	c, err := findChannel(ctx, s, address)
	if err != nil {
		return err
	}
	if s.config.Relay == "" || f.to == "" {
		return usagef("say where it goes and by which relay: docket channel test %s --to SOMEBODY --relay smtp://HOST:587", address)
	}
	out, err := relay.Parse(s.config.Relay, s.config.RelayUser, s.config.RelayPassword)
	if err != nil {
		return err
	}
	ring, err := s.config.ring()
	if err != nil {
		return err
	}
	keys, err := workflow.ReplyKeys(ring)
	if err != nil {
		return err
	}
	seal, err := s.config.seal()
	if err != nil {
		return err
	}
	l := letter.Letter{Name: c.Name, From: c.Address, To: []string{f.to}, Subject: "Test", Token: keys.Token(uuid.Nil, uuid.Must(uuid.NewV7()), f.to), Date: time.Now(),
		Text: "This message shows that Docket can send from " + c.Address + ".", Signature: c.Signature, Automatic: letter.Generated, Loop: workflow.Installation(ring)}
	var b bytes.Buffer
	if err := l.Write(&b); err != nil {
		return fault.Wrap(err, fault.Invalid, "“%.100s” is no address that mail can be sent to. Nothing was sent.", f.to)
	}
	_, domain, _ := strings.Cut(c.Address, "@")
	signature, err := seal.Sign(domain, bytes.NewReader(b.Bytes()))
	if err != nil {
		return err
	}
	message := signature + b.String()
	receipt, err := out.Send(ctx, relay.Envelope{From: c.Address, To: l.To, Size: int64(len(message))}, strings.NewReader(message))
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "%v", err)
	}
	fmt.Fprintf(std.Out, "%s took it: %s\n", out.Address, receipt.Answer)
	return nil
}

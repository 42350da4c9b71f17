package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"docket/capture"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// channelUsage is what can be said after "docket channel".
const channelUsage = "say 'add ADDRESS', 'retire ADDRESS', 'fetch ADDRESS', 'pause MAILBOX', 'resume MAILBOX', 'test ADDRESS' or 'list'"

// channelFlags are what a channel or its mailbox is to be.
type channelFlags struct {
	channel taxonomy.Channel
	aliases string
	to      string // of a test

	clientSecret bool // is read too
	box          capture.Mailbox
}

func (f *channelFlags) declare(s *flag.FlagSet) {
	s.StringVar(&f.channel.Name, "name", "", "what stands beside the address in what is sent from it")
	s.StringVar(&f.channel.Language, "language", "", "of what is sent when the customer's is not known: en, de, hu, pl, ru, sl")
	s.StringVar(&f.aliases, "alias", "", "other addresses of the same, separated by commas")
	s.StringVar(&f.to, "to", "", "address that a test goes to")
	s.StringVar(&f.box.Host, "host", "", "mail server whose mailbox is fetched")
	s.IntVar(&f.box.Port, "port", 993, "its port")
	s.StringVar(&f.box.Security, "security", capture.MailTLS, "tls, starttls, or none for a server on this machine")
	s.StringVar(&f.box.Username, "username", "", "account at the mail server")
	s.StringVar(&f.box.TokenURL, "token-url", "", "where access tokens are given out, to sign in by XOAUTH2: the refresh token is read from standard input instead of a password")
	s.StringVar(&f.box.ClientID, "client-id", "", "what we are called there")
	s.BoolVar(&f.clientSecret, "client-secret", false, "they know us by a secret as well: it is read from standard input, on a second line")
	s.StringVar(&f.box.Folder, "folder", "INBOX", "folder that is fetched")
	s.StringVar(&f.box.DoneFolder, "done-folder", "", "where messages are moved once they are stored; without one they stay and are marked as seen")
}

// runChannel manages channels and mailboxes, beside a running server of the same data folder, which knows of a change within seconds.
func runChannel(ctx context.Context, std stdio, args []string) error {
	var f channelFlags
	c, words, err := configure("channel", args, f.declare)
	if err != nil {
		return err
	}
	f.channel.Aliases = commas(f.aliases)
	if len(words) == 1 && words[0] == "list" {
		return beside(ctx, std, c, func(s *stack) error { return listChannels(ctx, std, s) })
	}
	if len(words) != 2 {
		return usagef(channelUsage)
	}
	do := map[string]func(context.Context, stdio, *stack, string, channelFlags) error{
		"add": addChannel, "retire": retireChannel, "fetch": fetchChannel, "pause": pauseMailbox, "resume": pauseMailbox, "test": testChannel}[words[0]]
	if do == nil {
		return usagef(channelUsage)
	}
	if words[0] == "pause" {
		f.box.PausedAt = time.Now()
	}
	return beside(ctx, std, c, func(s *stack) error { return do(ctx, std, s, words[1], f) })
}

func listChannels(ctx context.Context, std stdio, s *stack) error {
	channels, err := taxonomy.LoadChannels(ctx, s.pool)
	if err != nil {
		return err
	}
	boxes, err := capture.Mailboxes(ctx, s.pool)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(std.Out, 0, 0, 2, ' ', 0)
	for _, c := range channels {
		state := "in use"
		if !c.RetiredAt.IsZero() {
			state = "retired " + c.RetiredAt.Format(time.DateOnly)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", c.Address, c.Name, strings.Join(c.Aliases, ","), state)
		for _, m := range boxes {
			if m.Channel == c.ID {
				fmt.Fprintf(w, "  %s\t%s@%s:%d/%s\t%s\t%s\n", m.ID, m.Username, m.Host, m.Port, m.Folder, m.Security, stateOf(m))
			}
		}
	}
	return w.Flush()
}

func stateOf(m capture.Mailbox) string {
	switch {
	case !m.PausedAt.IsZero():
		return "paused"
	case m.Trouble != "":
		return m.Trouble
	case m.CheckedAt.IsZero():
		return "not looked into yet"
	}
	return "looked into at " + m.CheckedAt.Format(time.DateTime)
}

// addChannel makes a channel, or changes what it is called when it is there.
func addChannel(ctx context.Context, std stdio, s *stack, address string, f channelFlags) error {
	channels, err := taxonomy.LoadChannels(ctx, s.pool)
	if err != nil {
		return err
	}
	f.channel.Address = address
	for _, c := range channels {
		if c.Address == strings.ToLower(address) {
			f.channel.ID, f.channel.Version, f.channel.Signature = c.ID, c.Version, c.Signature
		}
	}
	return saveChannel(ctx, std, s, f.channel, "takes mail")
}

func retireChannel(ctx context.Context, std stdio, s *stack, address string, _ channelFlags) error {
	c, err := findChannel(ctx, s, address)
	if err != nil {
		return err
	}
	c.RetiredAt = time.Now()
	return saveChannel(ctx, std, s, c, "is retired")
}

func findChannel(ctx context.Context, s *stack, address string) (taxonomy.Channel, error) {
	channels, err := taxonomy.LoadChannels(ctx, s.pool)
	if err != nil {
		return taxonomy.Channel{}, err
	}
	c, ok := channels.For(address)
	if !ok {
		return c, fault.New(fault.NotFound, "There is no channel %s. 'docket channel list' shows them.", address)
	}
	return c, nil
}

func saveChannel(ctx context.Context, std stdio, s *stack, c taxonomy.Channel, now string) error {
	plan := taxonomy.NewPlan(journal.New(), time.Local)
	return postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
		pack, err := taxonomy.LoadPack()
		if err != nil {
			return err
		}
		if err := taxonomy.Install(ctx, tx, pack); err != nil { // a data folder that no server has run on yet
			return err
		}
		c, err := plan.SaveChannel(ctx, tx, console, c)
		if err == nil {
			fmt.Fprintf(std.Out, "%s %s\n", c.Address, now)
		}
		return err
	})
}

// fetchChannel makes a mailbox, once it could be opened.
func fetchChannel(ctx context.Context, std stdio, s *stack, address string, f channelFlags) error {
	c, err := findChannel(ctx, s, address)
	if err != nil {
		return err
	}
	in := bufio.NewReader(std.In)
	secret, err := readLine(in)
	if err != nil {
		return usagef("the password is read from standard input: echo SECRET | docket channel fetch %s --host HOST --username NAME", address)
	}
	clientKey := ""
	if f.clientSecret {
		if clientKey, err = readLine(in); err != nil {
			return usagef("the client secret is read from standard input after the refresh token, on a line of its own")
		}
	}
	ring, err := s.config.ring()
	if err != nil {
		return err
	}
	m := f.box
	m.ID, m.Channel, m.Login = uuid.Must(uuid.NewV7()), c.ID, capture.LoginPassword
	if m.TokenURL != "" {
		m.Login = capture.LoginXOAUTH2
	}
	m.Seal(ring, secret, clientKey)
	fetcher := &capture.Fetcher{Ring: ring, Log: slog.New(slog.DiscardHandler)}
	n, err := fetcher.Try(ctx, &m)
	if err != nil {
		return err
	}
	door := &capture.Intake{Journal: journal.New()}
	err = postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
		_, err := door.SaveMailbox(ctx, tx, console, m)
		return err
	})
	if err == nil {
		fmt.Fprintf(std.Out, "%s is fetched; %d messages are there\n", m.ID, n)
	}
	return err
}

// pauseMailbox pauses a mailbox, or with no time of pausing resumes it.
func pauseMailbox(ctx context.Context, std stdio, s *stack, id string, f channelFlags) error {
	key, err := uuid.Parse(id)
	if err != nil {
		return usagef("%q is no mailbox; 'docket channel list' shows their IDs", id)
	}
	in := &capture.Intake{Journal: journal.New()}
	return postgres.InTx(ctx, s.pool, func(tx pgx.Tx) error {
		m, err := capture.FindMailbox(ctx, tx, key)
		if err != nil {
			return err
		}
		m.PausedAt = f.box.PausedAt
		m, err = in.SaveMailbox(ctx, tx, console, m)
		if err == nil {
			fmt.Fprintf(std.Out, "%s: %s\n", m.ID, stateOf(m))
		}
		return err
	})
}

package main

import (
	"context"
	"crypto/tls"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"docket/capture"
	sender "docket/capture/mail/verify"
	"docket/repository/fault"
	"docket/repository/keyring"
	"docket/taxonomy"
)

// ring opens the house's keyring.
func (c *config) ring() (*keyring.Ring, error) {
	if c.MasterKey != "" {
		return keyring.Parse(c.MasterKey)
	}
	return keyring.Open(filepath.Join(c.Data, "master.key"))
}

// senderChecker finds out who really sent messages.
func (a *app) senderChecker() *sender.Checker {
	c := &sender.Checker{Trusted: commas(a.config.MailTrusted), Hops: a.config.MailHops}
	if a.config.MailDNS != "" {
		c.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, a.config.MailDNS)
		}}
	}
	return c
}

// takeMail listens where messages are handed over, and fetches those that lie in mailboxes.
func (a *app) takeMail(ctx context.Context) error {
	ring, err := a.config.ring()
	if err != nil {
		return err
	}
	for _, way := range []struct {
		address string
		lmtp    bool
	}{{a.config.SMTP, false}, {a.config.LMTP, true}} {
		if way.address == "" {
			continue
		}
		if err := a.listenForMail(ctx, way.address, way.lmtp); err != nil {
			return err
		}
	}
	fetcher := &capture.Fetcher{Intake: a.intake, Ring: ring, Log: a.log}
	a.inBackground(ctx, fetcher.Run)
	return nil
}

func (a *app) listenForMail(ctx context.Context, address string, lmtp bool) error {
	m := &capture.MailServer{Receive: a.intake.Receive, Host: a.config.MailHost, LMTP: lmtp, MaxSize: int64(a.config.MaxSize), Log: a.log,
		Channels: func(ctx context.Context) (taxonomy.Channels, error) { return taxonomy.LoadChannels(ctx, a.pool) }}
	if a.config.MailCert != "" {
		pair := &certificate{cert: a.config.MailCert, key: a.config.MailKey}
		if _, err := pair.get(nil); err != nil {
			return fault.Wrap(err, fault.Invalid, "The mail server's certificate cannot be used: %v.", err)
		}
		m.TLS = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.get}
	}
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
		if err := os.Remove(address); err != nil && !errors.Is(err, fs.ErrNotExist) { // what a killed predecessor left
			return err
		}
	}
	l, err := net.Listen(network, address)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "The address %s is taken or not ours. Choose another with --smtp or --lmtp.", address)
	}
	a.log.Info("taking mail", "address", address, "lmtp", lmtp, "tls", m.TLS != nil)
	a.inBackground(ctx, func(ctx context.Context) error { return m.Serve(ctx, l) })
	return nil
}

// A certificate is read again when its file has changed, so that one that was renewed is in use without a restart.
type certificate struct {
	cert, key string

	mu   sync.Mutex
	at   time.Time
	pair *tls.Certificate
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(c.cert)
	if err == nil && c.pair != nil && info.ModTime().Equal(c.at) {
		return c.pair, nil
	}
	pair, loaded := tls.LoadX509KeyPair(c.cert, c.key)
	if err := errors.Join(err, loaded); err != nil {
		if c.pair != nil { // half renewed: the old one serves until both files are there
			return c.pair, nil
		}
		return nil, err
	}
	c.pair, c.at = &pair, info.ModTime()
	return c.pair, nil
}

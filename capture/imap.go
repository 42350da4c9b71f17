package capture

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"time"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/keyring"
	"docket/taxonomy"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	imapDial = 20 * time.Second
	imapIdle = 10 * time.Minute // how long a silent server is believed to be there
	imapPoll = time.Minute      // between two looks at a server that cannot tell of new messages
)

// An imapSession is a connection to a mailbox, signed in, its folder open.
type imapSession struct {
	*imapclient.Client
	box      *Mailbox
	fetcher  *Fetcher
	validity int64
	looked   bool
	news     chan struct{} // has a token when the server told of messages
}

// open connects to a mailbox. Every error is a fault whose sentence says what did not work. A refresh token that was exchanged for another
// is another in m afterwards, whatever else fails.
func (f *Fetcher) open(ctx context.Context, m *Mailbox) (*imapSession, error) {
	s := &imapSession{box: m, fetcher: f, news: make(chan struct{}, 1)}
	address := net.JoinHostPort(m.Host, strconv.Itoa(m.Port))
	config := f.TLS.Clone()
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	config.ServerName = m.Host
	options := &imapclient.Options{TLSConfig: config,
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(*imapclient.UnilateralDataMailbox) {
			select {
			case s.news <- struct{}{}:
			default:
			}
		}}}
	var err error
	if s.Client, err = dialMailbox(ctx, m.Security, address, options); err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "The mail server %s could not be reached: %v.", address, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = s.Client.Close() })
	defer stop()
	if err := s.signIn(ctx, f.Ring); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	chosen, err := s.Select(m.Folder, nil).Wait()
	if err != nil {
		err = fault.Wrap(err, fault.Invalid, "The folder “%s” could not be opened: %v.", m.Folder, err)
		return nil, errors.Join(err, s.Close())
	}
	s.validity = int64(chosen.UIDValidity)
	return s, nil
}

// dialMailbox connects to a mail server, for as long as ctx holds and no longer than imapDial: a server that takes the connection and
// says nothing holds nobody up.
func dialMailbox(ctx context.Context, security, address string, options *imapclient.Options) (*imapclient.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, imapDial)
	defer cancel()
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	conn := raw
	switch security {
	case MailStartTLS:
		return imapclient.NewStartTLS(raw, options)
	case MailTLS:
		options.TLSConfig.NextProtos = []string{"imap"}
		secured := tls.Client(raw, options.TLSConfig)
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, raw.Close())
		}
		conn = secured
	}
	c := imapclient.New(conn, options)
	if err := c.WaitGreeting(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// signIn says who we are.
func (s *imapSession) signIn(ctx context.Context, ring *keyring.Ring) error {
	secret, err := ring.Open(s.box.purpose("secret"), s.box.Secret)
	if err != nil {
		return err
	}
	if s.box.Login == LoginXOAUTH2 {
		token, err := s.fetcher.accessToken(ctx, s.box, secret)
		if err != nil {
			return err
		}
		return refusedLogin(s.Authenticate(xoauth2{s.box.Username, token}), *s.box)
	}
	if s.Caps().Has(imap.AuthCap(sasl.Plain)) {
		return refusedLogin(s.Authenticate(sasl.NewPlainClient("", s.box.Username, secret)), *s.box)
	}
	return refusedLogin(s.Login(s.box.Username, secret).Wait(), *s.box)
}

func refusedLogin(err error, m Mailbox) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(err, fault.Invalid, "The mail server %s does not let “%s” in: %v.", m.Host, m.Username, err)
}

// look takes in what is new in the mailbox, one message after another, and then puts away what was taken in. The first look also
// puts away what was taken in before and left behind because we were cut off.
func (s *imapSession) look(ctx context.Context, in *Intake, to taxonomy.Channel) error {
	after := s.position()
	from := after
	if !s.looked && s.box.DoneFolder != "" {
		from = 0
	}
	all, err := s.after(from)
	if err != nil {
		return err
	}
	stored := imap.UIDSet{}
	for _, m := range all {
		if m.UID > after {
			if err := s.take(ctx, in, to, m); err != nil {
				return err
			}
			s.box.UIDValidity, s.box.UID = s.validity, int64(m.UID)
		}
		if m.RFC822Size <= in.maxSize() { // larger ones were not stored: they stay as they are
			stored.AddNum(m.UID)
		}
	}
	s.looked = true
	return s.putAway(stored)
}

// position is the UID of the last message that was taken in, 0 in a mailbox that was made anew.
func (s *imapSession) position() imap.UID {
	if s.validity != s.box.UIDValidity {
		return 0
	}
	return imap.UID(s.box.UID)
}

// after lists the messages behind a UID in their order.
func (s *imapSession) after(uid imap.UID) ([]*imapclient.FetchMessageBuffer, error) {
	set := imap.UIDSet{}
	set.AddRange(uid+1, 0)
	all, err := s.Fetch(set, &imap.FetchOptions{UID: true, InternalDate: true, RFC822Size: true}).Collect()
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	// A range that ends with * has the last message even when nothing is new: RFC 9051 section 9.
	all = slices.DeleteFunc(all, func(m *imapclient.FetchMessageBuffer) bool { return m.UID <= uid })
	slices.SortFunc(all, func(a, b *imapclient.FetchMessageBuffer) int { return cmp.Compare(a.UID, b.UID) })
	return all, nil
}

// take fetches one message and hands it in at the door.
func (s *imapSession) take(ctx context.Context, in *Intake, to taxonomy.Channel, m *imapclient.FetchMessageBuffer) error {
	item := func(r io.Reader) Item {
		i := messageItem(r, to, &Delivery{Protocol: "imap", Channels: []uuid.UUID{to.ID}}, journal.System("imap"))
		i.Origin = fmt.Sprintf("imap:%s/%d/%d", s.box.ID, s.validity, m.UID)
		i.With = func(ctx context.Context, tx pgx.Tx) error { return s.box.advance(ctx, tx, s.validity, int64(m.UID)) }
		if !m.InternalDate.IsZero() && m.InternalDate.Before(time.Now()) { // when the server had it: receipt is there, not here
			i.ReceivedAt = m.InternalDate
		}
		return i
	}
	if m.RFC822Size > in.maxSize() {
		_, err := in.Receive(ctx, item(tooLarge{}))
		return err
	}
	fetch := s.Fetch(imap.UIDSetNum(m.UID), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	var taken error
	for data := fetch.Next(); data != nil; data = fetch.Next() {
		for part := data.Next(); part != nil; part = data.Next() {
			if body, ok := part.(imapclient.FetchItemDataBodySection); ok && body.Literal != nil && taken == nil {
				_, taken = in.Receive(ctx, item(body.Literal))
			}
		}
	}
	return errors.Join(taken, fetch.Close())
}

// tooLarge stands for a message that is not even fetched.
type tooLarge struct{}

// Read fails with the fault that the door makes a refusal of.
func (tooLarge) Read([]byte) (int, error) {
	return 0, fault.New(fault.TooLarge, "The message is larger than what is accepted.")
}

// putAway moves or marks messages that are stored and in the ledger.
func (s *imapSession) putAway(set imap.UIDSet) error {
	if len(set) == 0 {
		return nil
	}
	if s.box.DoneFolder == "" {
		store := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}
		return s.Store(set, store, nil).Close()
	}
	_, err := s.Move(set, s.box.DoneFolder).Wait()
	var refused *imap.Error
	if errors.As(err, &refused) && refused.Code == imap.ResponseCodeTryCreate {
		if err := s.Create(s.box.DoneFolder, nil).Wait(); err != nil {
			return fault.Wrap(err, fault.Invalid, "The folder “%s” could not be made: %v.", s.box.DoneFolder, err)
		}
		_, err = s.Move(set, s.box.DoneFolder).Wait()
	}
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "Messages could not be moved to the folder “%s”: %v. They are stored.", s.box.DoneFolder, err)
	}
	return nil
}

// rest waits until the server tells of something new, by IDLE (RFC 2177) or by asking it now and then.
func (s *imapSession) rest(ctx context.Context) error {
	if !s.Caps().Has(imap.CapIdle) {
		sleep(ctx, imapPoll)
		return s.Noop().Wait()
	}
	idle, err := s.Idle()
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-s.news:
	case <-s.Closed():
	case <-time.After(imapIdle):
	}
	return errors.Join(idle.Close(), idle.Wait())
}

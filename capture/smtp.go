package capture

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"docket/capture/mail"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
)

// Bounds of what other servers may ask of a mail server.
const (
	mostMailConnections = 100 // at once
	mostOfOneAddress    = 20  // of these, of one address
	mostRecipients      = 100 // of one message
	mailReadTimeout     = 5 * time.Minute
	mailWriteTimeout    = time.Minute
	maxMailLine         = 1 << 20  // bytes; RFC 5321 allows 1,000, and what some programs send is one line
	maxPeek             = 32 << 10 // bytes of a message that are looked at for its subject
)

// MailSource is what the sources of messages begin with; the address that they came to follows.
const MailSource = "mail/"

// A MailServer takes in messages by SMTP (RFC 5321) or LMTP (RFC 2033) that are for one of our channels, and no others: it relays
// nothing. "250" is answered only after the message is stored and in the ledger; while the database or the store is away the other
// server is asked to come again.
type MailServer struct {
	Receive  func(context.Context, Item) (Piece, error)
	Channels func(context.Context) (taxonomy.Channels, error) // asked once a message
	Host     string                                           // what the server calls itself; empty is the machine's name
	TLS      *tls.Config                                      // for STARTTLS; nil offers none
	LMTP     bool
	MaxSize  int64 // bytes; 0 means DefaultMaxSize
	Log      *slog.Logger

	mu   sync.Mutex
	open int
	of   map[netip.Addr]int // connections, by the other's address
}

// Serve takes connections until ctx ends, and then finishes what it has begun.
func (m *MailServer) Serve(ctx context.Context, l net.Listener) error {
	s := smtp.NewServer(smtp.BackendFunc(m.session))
	s.Domain = m.Host
	if s.Domain == "" {
		s.Domain, _ = os.Hostname()
	}
	s.LMTP = m.LMTP
	s.TLSConfig = m.TLS
	s.MaxMessageBytes = cmp.Or(m.MaxSize, DefaultMaxSize)
	s.MaxRecipients = mostRecipients
	s.ReadTimeout, s.WriteTimeout = mailReadTimeout, mailWriteTimeout
	s.MaxLineLength = maxMailLine
	s.EnableSMTPUTF8 = true
	s.ErrorLog = slog.NewLogLogger(m.Log.Handler(), slog.LevelDebug)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if err := s.Shutdown(late); err != nil {
			return errors.Join(s.Close(), <-ended)
		}
		return <-ended
	}
}

// Refusals, as other servers are told them (RFC 3463).
var (
	tooManyConnections = &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 7, 0}, Message: "Too many connections. Come again later."}
	noSuchMailbox      = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "There is no such mailbox here."}
	badAddress         = &smtp.SMTPError{Code: 501, EnhancedCode: smtp.EnhancedCode{5, 1, 7}, Message: "This is no address."}
	lineTooLong        = &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "A line of the message is longer than a line can be."}
	comeAgain          = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "The message was not taken. Please send it again later."}
)

func (m *MailServer) session(c *smtp.Conn) (smtp.Session, error) {
	s := &mailSession{server: m, conn: c}
	if a, err := netip.ParseAddrPort(c.Conn().RemoteAddr().String()); err == nil {
		s.ip = a.Addr().Unmap()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.open >= mostMailConnections || s.ip.IsValid() && m.of[s.ip] >= mostOfOneAddress {
		return nil, tooManyConnections
	}
	if m.of == nil {
		m.of = map[netip.Addr]int{}
	}
	m.open++
	m.of[s.ip]++
	return s, nil
}

func (m *MailServer) left(ip netip.Addr) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open--
	if m.of[ip]--; m.of[ip] <= 0 {
		delete(m.of, ip)
	}
}

// A mailSession is one connection.
type mailSession struct {
	server   *MailServer
	conn     *smtp.Conn
	ip       netip.Addr // the zero Addr on a Unix socket
	from     string
	to       []string
	channels taxonomy.Channels // of the message, all of the house
	reached  []taxonomy.Channel
}

// Reset forgets the message that was begun.
func (s *mailSession) Reset() { s.from, s.to, s.channels, s.reached = "", nil, nil, nil }

// Logout ends the connection.
func (s *mailSession) Logout() error {
	s.server.left(s.ip)
	return nil
}

// Mail begins a message. An empty sender is a bounce's or a machine's.
func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if len(from) > maxName || strings.ContainsAny(from, "\x00\r\n") {
		return badAddress
	}
	s.Reset()
	s.from = from
	return nil
}

// Rcpt adds a recipient, who must be a channel of ours.
func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) (err error) {
	if len(to) > maxName || strings.ContainsAny(to, "\x00\r\n") {
		return badAddress
	}
	if s.channels == nil {
		ctx, cancel := context.WithTimeout(context.Background(), mailWriteTimeout)
		defer cancel()
		if s.channels, err = s.server.Channels(ctx); err != nil {
			return s.refused("which channels there are", err)
		}
	}
	c, ok := s.channels.For(to)
	if !ok {
		return noSuchMailbox
	}
	s.to = append(s.to, to)
	s.reached = append(s.reached, c)
	return nil
}

// Data takes the message in.
func (s *mailSession) Data(r io.Reader) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*mailReadTimeout)
	defer cancel()
	d := &Delivery{Protocol: "smtp", MailFrom: s.from, Recipients: s.to, Channels: idsOf(s.reached), Helo: s.conn.Hostname(), IP: s.ip}
	if s.server.LMTP {
		d.Protocol = "lmtp"
	}
	p, err := s.server.Receive(ctx, messageItem(r, s.reached[0], d, journal.System(d.Protocol)))
	if err != nil {
		return s.refused("a message", err)
	}
	if p.State == Rejected {
		return &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 3, 4}, Message: p.Reason}
	}
	s.server.Log.Info("message received", "protocol", d.Protocol, "receipt", p.Receipt, "bytes", p.Size, "from", s.from, "to", s.to)
	return nil
}

// refused is what the other server is told of an error, which the log has in full.
func (s *mailSession) refused(what string, err error) error {
	var reply *smtp.SMTPError
	if errors.As(err, &reply) { // the connection broke off or the message is too large
		return reply
	}
	if errors.Is(err, smtp.ErrTooLongLine) { // it would be no shorter the next time
		return lineTooLong
	}
	s.server.Log.Warn("mail was not taken", "what", what, "ip", s.ip, "error", err)
	return comeAgain
}

// messageItem is a message as it is handed in at the door.
func messageItem(r io.Reader, to taxonomy.Channel, d *Delivery, by journal.Actor) Item {
	head := bufio.NewReaderSize(r, maxPeek)
	start, _ := head.Peek(maxPeek) // of a shorter message all; errors come again when it is read
	return Item{Source: MailSource + to.Address, Name: messageName(start), By: by, Mail: d, Content: head}
}

// messageName is what a message is called as a file: by its subject.
func messageName(head []byte) string {
	subject := cleanName(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return ' '
		}
		return r
	}, mail.HeaderOf(head).Get("Subject")))
	subject = strings.Join(strings.Fields(subject), " ")
	if runes := []rune(subject); len(runes) > 100 {
		subject = strings.TrimSpace(string(runes[:100]))
	}
	if subject == "" {
		subject = "message"
	}
	return subject + ".eml"
}

func idsOf(all []taxonomy.Channel) []uuid.UUID {
	var ids []uuid.UUID
	seen := map[uuid.UUID]bool{}
	for _, c := range all {
		if !seen[c.ID] {
			seen[c.ID] = true
			ids = append(ids, c.ID)
		}
	}
	return ids
}

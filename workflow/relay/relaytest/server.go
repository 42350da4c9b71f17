// Package relaytest is the outside world for tests: a mail server on this machine that keeps what it is given, and can be told to refuse.
package relaytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"docket/workflow/relay"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// User and Password sign in to a Server.
const User, Password = "docket", "pass word"

// A Message is one that the server was given whole, whether or not it took it.
type Message struct {
	From string
	To   []string
	Data string
}

// A Server is a mail server with STARTTLS and AUTH. Set the functions before it is used.
type Server struct {
	Open bool                   // takes messages without TLS and sign-in too
	Rcpt func(to string) error  // what it says to a recipient; nil takes all
	Data func(m Message) error  // what it says to a message; nil takes all
	Drop func(got Message) bool // says of a message that the connection is lost instead of an answer

	listener net.Listener
	roots    *x509.CertPool

	mu    sync.Mutex
	given []Message
}

// Start starts a server, which ends with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{listener: l}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{server: s, conn: c}, nil }))
	server.Domain, server.TLSConfig, server.ErrorLog = "mx.example", s.certificate(t), quiet{}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return s
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// Relay is how the server is used: with STARTTLS and a password.
func (s *Server) Relay() *relay.Relay {
	return &relay.Relay{Address: s.Address(), StartTLS: true, User: User, Password: Password, Name: "docket.example", Roots: s.roots, Timeout: time.Minute}
}

// Address is where the server listens.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Given are the messages that came so far.
func (s *Server) Given() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.given...)
}

// certificate is one for the loopback address that lives as long as the test.
func (s *Server) certificate(t testing.TB) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sheet := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	raw, err := x509.CreateCertificate(rand.Reader, sheet, sheet, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	s.roots = x509.NewCertPool()
	s.roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{raw}, PrivateKey: key}}}
}

// A session is one connection.
type session struct {
	server *Server
	conn   *smtp.Conn
	in     bool
	m      Message
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != User || password != Password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "Bad user or password"}
		}
		s.in = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if _, encrypted := s.conn.TLSConnectionState(); !s.server.Open && (!encrypted || !s.in) {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Sign in first"}
	}
	s.m.From = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.server.Rcpt != nil {
		if err := s.server.Rcpt(to); err != nil {
			return err
		}
	}
	s.m.To = append(s.m.To, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.m.Data = string(raw)
	s.server.mu.Lock()
	s.server.given = append(s.server.given, s.m)
	s.server.mu.Unlock()
	if s.server.Drop != nil && s.server.Drop(s.m) {
		s.conn.Conn().Close()
		return errors.New("lost")
	}
	if s.server.Data != nil {
		return s.server.Data(s.m)
	}
	return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: "OK queued as 4F2A9C"}
}

func (s *session) Reset()        { s.m = Message{} }
func (s *session) Logout() error { return nil }

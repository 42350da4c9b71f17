package clamd

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"docket/repository/fault"
)

// How long clamd may take. Its own limit for one stream (MaxScanTime) is two minutes.
const (
	dialTimeout   = 5 * time.Second
	chunkTimeout  = 30 * time.Second // to take one chunk
	askTimeout    = 10 * time.Second // to answer PING and VERSION
	answerTimeout = 3 * time.Minute  // to say what it found
)

// chunk is how many bytes are sent at a time.
const chunk = 64 << 10

// A Scanner is a clamd. It holds no connection and is safe for concurrent use.
type Scanner struct{ network, address string }

// Parse reads where clamd listens: "unix:/run/clamav/clamd.ctl", or "host:port".
func Parse(address string) (*Scanner, error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok && strings.HasPrefix(path, "/") {
		return &Scanner{"unix", path}, nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || port == "" || host == "unix" {
		return nil, fault.New(fault.Invalid, "%q is no address of a virus scanner. Write it as unix:/run/clamav/clamd.ctl or as host:3310.", address)
	}
	return &Scanner{"tcp", address}, nil
}

// String is the address as Parse reads it.
func (s *Scanner) String() string {
	if s.network == "unix" {
		return "unix:" + s.address
	}
	return s.address
}

// Ping asks whether the scanner answers.
func (s *Scanner) Ping(ctx context.Context) error {
	line, err := s.ask(ctx, "PING")
	if err == nil && line != "PONG" {
		err = fmt.Errorf("clamd answered %.200q", line)
	}
	return s.away(err)
}

// Version asks which scanner it is and which signatures it knows now.
func (s *Scanner) Version(ctx context.Context) (Version, error) {
	line, err := s.ask(ctx, "VERSION")
	if err != nil {
		return Version{}, s.away(err)
	}
	v, err := parseVersion(line)
	return v, s.away(err)
}

// Scan streams r to the scanner and says what it found. An error of kind Unavailable is the scanner's: nothing is known of the stream
// then. One of r is given as it is.
func (s *Scanner) Scan(ctx context.Context, r io.Reader) (Answer, error) {
	c, err := s.begin(ctx, "INSTREAM")
	if err != nil {
		return Answer{}, s.away(err)
	}
	defer c.end()
	var unread *readError
	sent := c.send(r)
	if errors.As(sent, &unread) {
		return Answer{}, unread.error
	}
	line, err := c.answer(answerTimeout) // also when not all was taken: clamd says why and hangs up
	if err != nil {
		return Answer{}, s.away(errors.Join(sent, err))
	}
	a, err := parseAnswer(line)
	if err == nil && a.Clean && sent != nil { // of a stream that was cut short nobody knows
		a, err = Answer{}, sent
	}
	return a, s.away(err)
}

func (s *Scanner) ask(ctx context.Context, command string) (string, error) {
	c, err := s.begin(ctx, command)
	if err != nil {
		return "", err
	}
	defer c.end()
	return c.answer(askTimeout)
}

// away says what it means for people that the scanner does not answer as it should.
func (s *Scanner) away(err error) error {
	return fault.Wrap(err, fault.Unavailable, "The virus scanner does not answer.")
}

// A conversation is one command and its answer.
type conversation struct {
	net.Conn
	stop func() bool // no longer hang up when the context ends
}

// begin connects and says a command, ended by a NUL as its answer is.
func (s *Scanner) begin(ctx context.Context, command string) (*conversation, error) {
	conn, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, s.network, s.address)
	if err != nil {
		return nil, err
	}
	c := &conversation{conn, context.AfterFunc(ctx, func() { _ = conn.Close() })}
	_ = c.SetDeadline(time.Now().Add(chunkTimeout))
	if _, err := io.WriteString(c, "z"+command+"\x00"); err != nil {
		c.end()
		return nil, err
	}
	return c, nil
}

func (c *conversation) end() {
	c.stop()
	_ = c.Close()
}

// readError is an error of what is scanned, not of the scanner.
type readError struct{ error }

// send sends all of r in chunks, each after its length, and the chunk of no length that ends them.
func (c *conversation) send(r io.Reader) error {
	buffer := make([]byte, 4+chunk)
	for {
		n, err := io.ReadFull(r, buffer[4:])
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return &readError{err}
		}
		if n > 0 {
			if err := c.write(buffer, n); err != nil {
				return err
			}
		}
		if err != nil {
			return c.write(buffer, 0)
		}
	}
}

func (c *conversation) write(buffer []byte, n int) error {
	binary.BigEndian.PutUint32(buffer, uint32(n))
	_ = c.SetDeadline(time.Now().Add(chunkTimeout))
	_, err := c.Write(buffer[:4+n])
	return err
}

// answer reads up to the NUL that ends an answer.
func (c *conversation) answer(within time.Duration) (string, error) {
	_ = c.SetDeadline(time.Now().Add(within))
	line, err := bufio.NewReader(io.LimitReader(c, longestAnswer)).ReadString(0)
	if err != nil {
		return "", fmt.Errorf("clamd's answer: %w", err)
	}
	return strings.TrimSuffix(line, "\x00"), nil
}

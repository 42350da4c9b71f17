package relay_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"docket/workflow/relay"
	"docket/workflow/relay/relaytest"

	"github.com/emersion/go-smtp"
)

const message = "Subject: x\r\n\r\n.dots\r\n..\r\n.\r\nend\r\n"

func no(code int, class, subject, detail int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{class, subject, detail}, Message: text}
}

func send(t *testing.T, r *relay.Relay, to ...string) (relay.Receipt, error) {
	return r.Send(t.Context(), relay.Envelope{From: "service@house.example", To: to, Size: int64(len(message))}, strings.NewReader(message))
}

// What is handed over is what arrives, byte by byte.
func TestBytesArriveAsTheyAre(t *testing.T) {
	t.Parallel()
	s := relaytest.Start(t)
	got, err := send(t, s.Relay(), "eva@example.org", "law@example.net")
	if err != nil || got.Answer != "250 2.0.0 OK queued as 4F2A9C" || len(got.Refused) > 0 {
		t.Errorf("%+v %v", got, err)
	}
	given := s.Given()
	if len(given) != 1 || given[0].Data != message || given[0].From != "service@house.example" || len(given[0].To) != 2 {
		t.Errorf("%+v", given)
	}
}

// What a failure says decides whether it is tried again.
func TestFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what   string
		change func(*relaytest.Server, *relay.Relay)
		final  bool
		answer string
	}{
		{"nobody listens", func(_ *relaytest.Server, r *relay.Relay) { r.Address = "127.0.0.1:1" }, false, "refused"},
		{"a wrong password", func(_ *relaytest.Server, r *relay.Relay) { r.Password = "x" }, false, "535 5.7.8 Bad user or password"},
		{"a certificate that nobody vouches for", func(_ *relaytest.Server, r *relay.Relay) { r.Roots = nil }, false, "certificate"},
		{"no TLS where the server wants it", func(_ *relaytest.Server, r *relay.Relay) { r.StartTLS = false }, false, "write ?starttls=yes"},
		{"too busy", func(s *relaytest.Server, _ *relay.Relay) {
			s.Data = func(relaytest.Message) error { return no(451, 4, 3, 0, "Try again later") }
		}, false, "451 4.3.0 Try again later"},
		{"greylisting", func(s *relaytest.Server, _ *relay.Relay) {
			s.Rcpt = func(string) error { return no(450, 4, 2, 0, "Greylisted") }
		}, false, "450 4.2.0 Greylisted"},
		{"a message that it does not like", func(s *relaytest.Server, _ *relay.Relay) {
			s.Data = func(relaytest.Message) error { return no(554, 5, 7, 1, "Spam") }
		}, true, "554 5.7.1 Spam"},
		{"a recipient that it does not know", func(s *relaytest.Server, _ *relay.Relay) {
			s.Rcpt = func(string) error { return no(550, 5, 1, 1, "No such user") }
		}, true, ""},
		{"a connection that is lost before the answer", func(s *relaytest.Server, _ *relay.Relay) {
			s.Drop = func(relaytest.Message) bool { return true }
		}, false, ""},
	} {
		s := relaytest.Start(t)
		r := s.Relay()
		c.change(s, r)
		_, err := send(t, r, "eva@example.org")
		f, ok := errors.AsType[*relay.Failure](err)
		if !ok || f.Final != c.final || !strings.Contains(f.Answer, c.answer) || f.Say == "" {
			t.Errorf("%s: %#v", c.what, err)
		}
	}
}

// Of several recipients those that are refused for good are told; one that may be taken later keeps all waiting.
func TestSomeRecipientsAreRefused(t *testing.T) {
	t.Parallel()
	s := relaytest.Start(t)
	later := false
	s.Rcpt = func(to string) error {
		switch {
		case strings.HasPrefix(to, "gone"):
			return no(550, 5, 1, 1, "No such user")
		case strings.HasPrefix(to, "later") && later:
			return no(450, 4, 2, 0, "Later")
		}
		return nil
	}
	got, err := send(t, s.Relay(), "gone@example.org", "later@example.org")
	if err != nil || fmt.Sprint(got.Refused) != "[{gone@example.org true 550 5.1.1 No such user}]" || len(s.Given()) != 1 {
		t.Errorf("%+v %v", got, err)
	}
	later = true
	if _, err := send(t, s.Relay(), "gone@example.org", "eva@example.org", "later@example.org"); err == nil || len(s.Given()) != 1 {
		t.Errorf("it was sent to some: %v", err)
	}
}

// Who stops waiting is told so, and not that the relay failed.
func TestAContextThatEnds(t *testing.T) {
	t.Parallel()
	s := relaytest.Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.Data = func(relaytest.Message) error { cancel(); return no(451, 4, 3, 0, "Later") }
	s.Drop = func(relaytest.Message) bool { cancel(); return true }
	_, err := s.Relay().Send(ctx, relay.Envelope{To: []string{"eva@example.org"}}, strings.NewReader(message))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	r := s.Relay()
	r.Timeout = time.Nanosecond
	_, err = send(t, r, "eva@example.org")
	if f, ok := errors.AsType[*relay.Failure](err); !ok || f.Final {
		t.Errorf("too slow: %v", err)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"smtp://mail.example:587":            "mail.example:587 false true",
		"smtp://mail.example":                "mail.example:587 false true",
		"smtps://mail.example/":              "mail.example:465 true false",
		"smtp://localhost:25":                "localhost:25 false false",
		"smtp://[::1]:25":                    "[::1]:25 false false",
		"smtp://127.0.0.1:25?starttls=yes":   "127.0.0.1:25 false true",
		"smtp://mail.example:25?starttls=no": "",
		"mail.example:25":                    "",
		"http://mail.example":                "",
		"smtp://user:pw@mail.example":        "",
		"smtp://mail.example?starttls=maybe": "",
		"":                                   "",
	} {
		r, err := relay.Parse(address, "docket", "secret")
		if want == "" {
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v", address, err)
			}
			continue
		}
		if err != nil || fmt.Sprint(r.Address, " ", r.TLS, " ", r.StartTLS) != want {
			t.Errorf("%s: %+v %v", address, r, err)
		}
	}
	if r, err := relay.Parse("smtp://mail.example:25?starttls=no", "", ""); err != nil || r.StartTLS {
		t.Errorf("without a password: %+v %v", r, err)
	}
}

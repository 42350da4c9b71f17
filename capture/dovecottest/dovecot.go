// Package dovecottest runs a real IMAP server, Debian's dovecot, for tests: on loopback, in a folder of the test, with a certificate
// that only the test trusts. It runs as root, when dovecot changes to an account of its own, and as anybody else.
package dovecottest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"docket/capture/tlstest"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// A Server is a running dovecot. Any user may sign in with Password, and where it was started with StartTokens, with an access token.
type Server struct {
	Host           string // "127.0.0.1"
	Port, TLSPort  int    // with STARTTLS, and with TLS from the first byte
	Roots          *x509.CertPool
	folder, config string
	introspection  string // where access tokens are asked about; empty: they are not taken
	running        *exec.Cmd
	ended          chan struct{}
}

// Password opens every account.
const Password = "correct-horse"

// Start runs a server until the test ends.
func Start(t *testing.T) *Server {
	t.Helper()
	return start(t, "")
}

// StartTokens is Start for a server that takes access tokens by XOAUTH2 and OAUTHBEARER (RFC 7628): it posts each to an address, which
// answers as RFC 7662 says, with "active" and "username".
func StartTokens(t *testing.T, introspection string) *Server {
	t.Helper()
	return start(t, introspection)
}

func start(t *testing.T, introspection string) *Server {
	t.Helper()
	binary, err := exec.LookPath("dovecot")
	if err != nil {
		if binary, err = exec.LookPath("/usr/sbin/dovecot"); err != nil {
			t.Fatalf("dovecot is not installed; .ci/install test does: %v", err)
		}
	}
	folder, err := os.MkdirTemp("", "dovecot-") // the test's own is too long a path for a Unix socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	s := &Server{Host: "127.0.0.1", folder: folder, config: filepath.Join(folder, "dovecot.conf"), introspection: introspection}
	for try := range 3 { // another test may take a port that was free just now
		s.Port, s.TLSPort = freePort(t), freePort(t)
		s.write(t)
		if err := s.run(binary); err == nil {
			break
		} else if try == 2 {
			log, _ := os.ReadFile(filepath.Join(folder, "log"))
			t.Fatalf("dovecot does not start: %v\n%s", err, log)
		}
	}
	t.Cleanup(s.Stop)
	return s
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// settings are the configuration, with places for what differs.
const settings = `protocols = imap
listen = 127.0.0.1
base_dir = %[1]s/run
state_dir = %[1]s/state
log_path = %[1]s/log
default_internal_user = %[2]s
default_internal_group = %[3]s
default_login_user = %[4]s
first_valid_uid = 1
mail_location = maildir:%[1]s/mail/%%u
mail_fsync = never
ssl = yes
ssl_cert = <%[5]s
ssl_key = <%[6]s
disable_plaintext_auth = yes
%[11]spassdb {
  driver = static
  mechanisms = plain login
  args = password=%[7]s
}
userdb {
  driver = static
  args = %[8]s home=%[1]s/mail/%%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = %[9]d
  }
  inet_listener imaps {
    port = %[10]d
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
namespace inbox {
  inbox = yes
}
`

// write lays the configuration, accounts and certificate down.
func (s *Server) write(t *testing.T) {
	t.Helper()
	cert, key, roots := tlstest.Files(t, s.folder)
	s.Roots = roots
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		t.Fatal(err)
	}
	internal, login, ids := me.Username, me.Username, fmt.Sprintf("uid=%s gid=%s", me.Uid, me.Gid)
	if me.Uid == "0" { // dovecot refuses to read mail as root
		internal, login, ids = "dovecot", "dovenull", "uid=dovecot gid=dovecot"
	}
	mail := filepath.Join(s.folder, "mail")
	if err := errors.Join(os.MkdirAll(mail, 0o777), os.Chmod(mail, 0o777), os.Chmod(s.folder, 0o755)); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(settings, s.folder, internal, groupOf(me, group), login, cert, key, Password, ids, s.Port, s.TLSPort, s.tokens(t))
	if err := os.WriteFile(s.config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tokens is the part of the configuration that lets access tokens in.
func (s *Server) tokens(t *testing.T) string {
	t.Helper()
	if s.introspection == "" {
		return ""
	}
	file := filepath.Join(s.folder, "oauth2.conf")
	text := fmt.Sprintf("introspection_mode = post\nintrospection_url = %s\nforce_introspection = yes\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n", s.introspection)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("auth_mechanisms = plain login xoauth2 oauthbearer\npassdb {\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = %s\n}\n", file)
}

func groupOf(me *user.User, group *user.Group) string {
	if me.Uid == "0" {
		return "dovecot"
	}
	return group.Name
}

// run starts the server and waits until it answers.
func (s *Server) run(binary string) error {
	s.running, s.ended = exec.Command(binary, "-F", "-c", s.config), make(chan struct{})
	if err := s.running.Start(); err != nil {
		return err
	}
	go func() {
		_ = s.running.Wait()
		close(s.ended)
	}()
	for range 200 {
		conn, err := net.Dial("tcp", s.address())
		if err == nil {
			return conn.Close()
		}
		select {
		case <-s.ended:
			return fmt.Errorf("it ended: %s", s.running.ProcessState)
		case <-time.After(50 * time.Millisecond):
		}
	}
	s.Stop()
	return errors.New("it does not answer")
}

func (s *Server) address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.TLSPort)) }

// Stop ends the server and those of its children that serve clients.
func (s *Server) Stop() {
	_ = s.running.Process.Signal(os.Interrupt)
	<-s.ended
}

// Client connects as a user.
func (s *Server) Client(t *testing.T, user string) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialTLS(s.address(), &imapclient.Options{TLSConfig: &tls.Config{RootCAs: s.Roots, ServerName: s.Host}})
	if err != nil {
		t.Fatalf("connect to dovecot: %v", err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Login(user, Password).Wait(); err != nil {
		t.Fatalf("sign in to dovecot as %s: %v", user, err)
	}
	return c
}

// Deliver puts messages into a user's inbox.
func (s *Server) Deliver(t *testing.T, user string, messages ...string) {
	t.Helper()
	c := s.Client(t, user)
	for _, m := range messages {
		put := c.Append("INBOX", int64(len(m)), nil)
		_, err := put.Write([]byte(m))
		if err := errors.Join(err, put.Close()); err != nil {
			t.Fatalf("deliver to %s: %v", user, err)
		}
		if _, err := put.Wait(); err != nil {
			t.Fatalf("deliver to %s: %v", user, err)
		}
	}
}

// Messages gives the flags of the messages in a user's folder, in their order.
func (s *Server) Messages(t *testing.T, user, folder string) [][]imap.Flag {
	t.Helper()
	c := s.Client(t, user)
	chosen, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatalf("open %s: %v", folder, err)
	}
	if chosen.NumMessages == 0 {
		return nil
	}
	set := imap.SeqSet{}
	set.AddRange(1, 0)
	all, err := c.Fetch(set, &imap.FetchOptions{Flags: true}).Collect()
	if err != nil {
		t.Fatalf("list %s: %v", folder, err)
	}
	flags := make([][]imap.Flag, len(all))
	for i, m := range all {
		flags[i] = m.Flags
	}
	return flags
}

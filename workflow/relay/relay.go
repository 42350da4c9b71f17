package relay

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/url"
	"os"
	"time"

	"docket/repository/fault"
)

// A Relay is a mail server that takes what we send. It is safe for concurrent use.
type Relay struct {
	Address  string // host:port
	TLS      bool   // from the first byte on (RFC 8314)
	StartTLS bool   // before anything else is said (RFC 3207); without it nothing is sent
	User     string // empty: no sign-in
	Password string
	Name     string         // what we call ourselves; empty: the machine's name
	Roots    *x509.CertPool // nil: those of the machine
	Timeout  time.Duration  // of one message; 0 means DefaultTimeout
}

// DefaultTimeout is how long handing over one message may take.
const DefaultTimeout = 10 * time.Minute

// Parse reads where a relay is: smtp://host:587 or smtps://host:465. STARTTLS is required, but for a relay on this machine;
// "?starttls=yes" and "?starttls=no" say otherwise. A password is never sent in the clear to another machine.
func Parse(address, user, password string) (*Relay, error) {
	u, err := url.Parse(address)
	bad := fault.New(fault.Invalid, "The relay is written wrongly. Write it as smtp://host:587 or smtps://host:465, and user and password apart from it.")
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.User != nil {
		return nil, bad
	}
	r := &Relay{User: user, Password: password}
	port := "587"
	switch u.Scheme {
	case "smtp":
		r.StartTLS = !local(u.Hostname())
	case "smtps":
		r.TLS, port = true, "465"
	default:
		return nil, bad
	}
	switch u.Query().Get("starttls") {
	case "":
	case "yes":
		r.StartTLS = !r.TLS
	case "no":
		r.StartTLS = false
	default:
		return nil, bad
	}
	r.Address = net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), port))
	if user != "" && !r.TLS && !r.StartTLS && !local(u.Hostname()) {
		return nil, fault.New(fault.Invalid, "The password for %s would go over the network in the clear. Use STARTTLS or smtps.", r.Address)
	}
	return r, nil
}

// local says whether a host is this machine.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (r *Relay) config() *tls.Config {
	host, _, _ := net.SplitHostPort(r.Address)
	return &tls.Config{ServerName: host, RootCAs: r.Roots, MinVersion: tls.VersionTLS12}
}

func (r *Relay) name() string {
	if r.Name != "" {
		return r.Name
	}
	if name, err := os.Hostname(); err == nil && name != "" {
		return name
	}
	return "localhost"
}

package verify

import (
	"context"
	"io"
	"net"
	"strings"
)

// records are the text records of an internet that holds nothing else.
type records map[string]string

// away is a record that cannot be asked for now.
const away = "\x00away"

func (r records) LookupTXT(_ context.Context, name string) ([]string, error) {
	text, found := r[strings.TrimSuffix(name, ".")]
	switch {
	case !found:
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	case text == away:
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	}
	return strings.Split(text, "\n"), nil
}

func (r records) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (r records) LookupIPAddr(_ context.Context, host string) ([]net.IPAddr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (r records) LookupAddr(_ context.Context, addr string) ([]string, error) {
	return nil, &net.DNSError{Err: "no such host", Name: addr, IsNotFound: true}
}

// pieces is a reader that gives its text a few bytes at a time.
type pieces struct {
	text string
	size int
}

func (p *pieces) Read(b []byte) (int, error) {
	if p.text == "" {
		return 0, io.EOF
	}
	n := copy(b[:min(p.size, len(b))], p.text)
	p.text = p.text[n:]
	return n, nil
}

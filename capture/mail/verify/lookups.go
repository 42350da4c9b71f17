package verify

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"
)

// A Resolver answers questions about names of the internet. *net.Resolver is one. It is asked for absolute names, which end with a dot,
// so that no search list is tried. A name that does not exist is a *net.DNSError that says so; every other error may pass.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) (names []string, err error)
}

// maxLookups bounds the questions for one message: a chain of fifty seals and the worst permitted SPF record stay below it.
const maxLookups = 200

// maxSilence is how long a question waits for its answer. Who is not answered in time asks nothing more for that message: a sender whose name
// server is silent holds up the reading of everybody's post no longer than that.
const maxSilence = 5 * time.Second

// lookups are the questions asked for one message. What was asked for once is not asked again where signatures repeat their key.
type lookups struct {
	resolver Resolver
	left     int
	silent   bool // a question was not answered in time
	texts    map[string]texts
}

type texts struct {
	records []string
	err     error
}

func newLookups(r Resolver) *lookups {
	return &lookups{resolver: r, left: maxLookups, texts: map[string]texts{}}
}

// LookupTXT gives the text records of a name.
func (l *lookups) LookupTXT(ctx context.Context, name string) ([]string, error) {
	name = absolute(name)
	t, known := l.texts[name]
	if !known {
		t.records, t.err = ask(ctx, l, name, func(ctx context.Context) ([]string, error) { return l.resolver.LookupTXT(ctx, name) })
		l.texts[name] = t
	}
	return t.records, t.err
}

// LookupMX gives the mail servers of a name.
func (l *lookups) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	name = absolute(name)
	return ask(ctx, l, name, func(ctx context.Context) ([]*net.MX, error) { return l.resolver.LookupMX(ctx, name) })
}

// LookupIPAddr gives the addresses of a host.
func (l *lookups) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	host = absolute(host)
	return ask(ctx, l, host, func(ctx context.Context) ([]net.IPAddr, error) { return l.resolver.LookupIPAddr(ctx, host) })
}

// LookupAddr gives the names of an address.
func (l *lookups) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	return ask(ctx, l, addr, func(ctx context.Context) ([]string, error) { return l.resolver.LookupAddr(ctx, addr) })
}

// ask asks unless too much was asked already. Every error is a *net.DNSError, which is what the SPF library tells errors apart by.
func ask[T any](ctx context.Context, l *lookups, name string, question func(context.Context) (T, error)) (answer T, err error) {
	if l.left == 0 || l.silent {
		return answer, &net.DNSError{Err: l.refusal(), Name: name, IsTemporary: true}
	}
	l.left--
	ctx, cancel := context.WithTimeout(ctx, maxSilence)
	defer cancel()
	answer, err = question(ctx)
	if err == nil {
		return answer, nil
	}
	dns, ok := errors.AsType[*net.DNSError](err)
	if ok && dns.IsNotFound {
		return answer, dns
	}
	l.silent = ctx.Err() != nil || ok && dns.IsTimeout
	return answer, &net.DNSError{UnwrapErr: err, Err: err.Error(), Name: name, IsTemporary: true}
}

func (l *lookups) refusal() string {
	if l.silent {
		return "an earlier question was not answered in time"
	}
	return "too many lookups for one message"
}

// isTemporary says whether asking later may give an answer.
func isTemporary(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && !dns.IsNotFound
}

func absolute(name string) string { return strings.TrimSuffix(name, ".") + "." }

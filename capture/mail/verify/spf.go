package verify

import (
	"context"
	"net/netip"
	"strings"

	"blitiri.com.ar/go/spf"
)

// An Envelope is what the sending server said before the message. The zero envelope says nothing, which is so for messages that were
// fetched from a mailbox or imported.
type Envelope struct {
	IP       netip.Addr // of the server that sent it; the zero address is unknown
	Helo     string     // the name it gave itself
	MailFrom string     // the address that bounces go to; empty for bounces themselves
}

// identity is the address that SPF is about (RFC 7208, section 2.4), "" when it cannot be checked.
func (e Envelope) identity() (address, domain string) {
	address = strings.Trim(e.MailFrom, "<> ")
	if address == "" {
		address = "postmaster@" + e.Helo
	}
	// What the library takes apart at its first @ must have one only. Quoted local parts may have more.
	if strings.Count(address, "@") != 1 || strings.ContainsAny(address, "\" \t\r\n") {
		return "", ""
	}
	local, _, _ := strings.Cut(address, "@")
	if domain = mailDomain(address); domain == "" {
		return "", ""
	}
	return local + "@" + domain, domain
}

// spf says whether the server may use the sender's domain.
func (e Envelope) spf(ctx context.Context, l *lookups) SPF {
	if !e.IP.IsValid() {
		return SPF{Result: None, Detail: serverUnknown}
	}
	address, domain := e.identity()
	if domain == "" {
		return SPF{Result: None, Detail: "no sender to check"}
	}
	helo := domainOf(e.Helo)
	result, err := spf.CheckHostWithSender(e.IP.Unmap().AsSlice(), helo, address, spf.WithContext(ctx), spf.WithResolver(l))
	s := SPF{Result: Result(result), Domain: domain}
	if l.left == 0 && s.Result == PermError {
		s.Result = TempError
	}
	if err != nil && (s.Result == PermError || s.Result == TempError) {
		s.Detail = detailOf(err)
	}
	return s
}

// detailOf is what the library says of a record. Errors of the resolver name what strangers wrote, so they are told by kind alone.
func detailOf(err error) string {
	switch err {
	case spf.ErrLookupLimitReached, spf.ErrVoidLookupLimitReached, spf.ErrTooManyMXRecords, spf.ErrMultipleRecords:
		return err.Error()
	}
	if isTemporary(err) {
		return "record not available now"
	}
	return "malformed record"
}

package capture_test

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"docket/capture"
	"docket/capture/dovecottest"
	"docket/repository/fault"
	"docket/repository/keyring"

	"github.com/google/uuid"
)

// A provider gives out access tokens for refresh tokens, and answers the mail server that asks whether one is good.
type provider struct {
	url, introspection string
	roots              *httptest.Server

	mu      sync.Mutex
	refresh string // the one that is good
	rotates bool   // each use of it gives another, and ends it
	given   int    // access tokens so far; the last one is good
}

func openProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{refresh: "refresh-0"}
	p.roots = httptest.NewTLSServer(http.HandlerFunc(p.token))
	t.Cleanup(p.roots.Close)
	asked := httptest.NewServer(http.HandlerFunc(p.introspect)) // dovecot asks on loopback
	t.Cleanup(asked.Close)
	p.url, p.introspection = p.roots.URL+"/token", asked.URL+"/introspect"
	return p
}

// token is the token endpoint: RFC 6749 section 6. The client says its secret in the header or in the form.
func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, key, ok := r.BasicAuth()
	if !ok {
		id, key = r.FormValue("client_id"), r.FormValue("client_secret")
	}
	w.Header().Set("Content-Type", "application/json")
	refuse := func(status int, why string) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":%q}`, why)
	}
	switch {
	case r.Method != http.MethodPost || r.URL.Path != "/token" || r.FormValue("grant_type") != "refresh_token":
		refuse(400, "invalid_request")
		return
	case id != "docket" || key != "client-secret":
		refuse(401, "invalid_client")
		return
	case r.FormValue("refresh_token") != p.refresh:
		refuse(400, "invalid_grant")
		return
	}
	p.given++
	answer := map[string]any{"access_token": p.good(), "token_type": "Bearer", "expires_in": 3600}
	if p.rotates {
		p.refresh = fmt.Sprint("refresh-", p.given)
		answer["refresh_token"] = p.refresh
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (p *provider) good() string { return fmt.Sprint("access-", p.given) }

// introspect is RFC 7662.
func (p *provider) introspect(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"active": r.FormValue("token") == p.good(), "username": "service"})
}

// refuseAll ends every token.
func (p *provider) refuseAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refresh = "revoked"
}

// openTokenHouse is a mailHouse whose mailbox is signed in to by XOAUTH2.
func openTokenHouse(t *testing.T, p *provider) *mailHouse {
	t.Helper()
	h := &mailHouse{postOffice: openPostOffice(t), server: dovecottest.StartTokens(t, p.introspection)}
	h.server.Roots.AddCert(p.roots.Certificate())
	h.ring = must(keyring.Parse(strings.Repeat("ab", keyring.KeySize)))
	h.box = capture.Mailbox{ID: uuid.Must(uuid.NewV7()), Channel: h.channel("service@house.example"), Host: h.server.Host, Port: h.server.TLSPort,
		Security: capture.MailTLS, Login: capture.LoginXOAUTH2, Username: "service", TokenURL: p.url, ClientID: "docket"}
	h.box.Seal(h.ring, "refresh-0", "client-secret")
	h.save()
	return h
}

// A mailbox is signed in to with an access token, which is given out for the refresh token that is kept.
func TestAMailboxIsFetchedByXOAUTH2(t *testing.T) {
	p := openProvider(t)
	h := openTokenHouse(t, p)
	h.server.Deliver(t, "service", numbered(1))
	h.fetch()
	h.until("the message is in", h.pieces(1))
	h.server.Deliver(t, "service", numbered(2))
	h.until("the next is in", h.pieces(2))
	if p.given != 1 {
		t.Errorf("%d access tokens were asked for in one connection", p.given)
	}
}

// A refresh token that the provider exchanges for another is kept, before the old one is needed again.
func TestARotatedRefreshTokenIsKept(t *testing.T) {
	p := openProvider(t)
	p.rotates = true
	h := openTokenHouse(t, p)
	h.server.Deliver(t, "service", numbered(1))
	stop := h.fetch()
	h.until("the message is in", h.pieces(1))
	stop()
	kept := must(capture.FindMailbox(t.Context(), h.Pool, h.box.ID))
	if kept.Secret == h.box.Secret || kept.Version != h.box.Version {
		t.Fatalf("kept %+v", kept)
	}
	h.server.Deliver(t, "service", numbered(2))
	h.fetch()
	h.until("the next is in", h.pieces(2))

	fresh := h.box // not saved yet, as when an administrator tries one
	fresh.ID = uuid.Must(uuid.NewV7())
	fresh.Seal(h.ring, p.refresh, "client-secret")
	f := h.fetcher()
	for range 2 {
		if n, err := f.Try(t.Context(), &fresh); n != 2 || err != nil {
			t.Errorf("%d messages, %v", n, err)
		}
	}
}

// What is refused is said: by the provider, who gives no token for it, and by the mail server, which does not take the token.
func TestRefusedTokens(t *testing.T) {
	p := openProvider(t)
	h := openTokenHouse(t, p)
	for name, test := range map[string]struct {
		change func(*capture.Mailbox)
		want   string
	}{
		"client secret": {func(m *capture.Mailbox) { m.Seal(h.ring, "", "wrong") }, `No access token was given out at ` + p.url + `: oauth2: "invalid_client".`},
		"refresh token": {func(m *capture.Mailbox) { m.Seal(h.ring, "old", "") }, `No access token was given out at ` + p.url + `: oauth2: "invalid_grant".`},
		"another's":     {func(m *capture.Mailbox) { m.Username = "somebody" }, "The mail server 127.0.0.1 does not let “somebody” in: "},
	} {
		m := h.box
		test.change(&m)
		if _, err := h.fetcher().Try(t.Context(), &m); !fault.Is(err, fault.Invalid) || !strings.HasPrefix(fault.Sentence(err), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := h.fetcher()
	f.TLS = &tls.Config{} // trusts nobody here
	if _, err := f.Try(t.Context(), &h.box); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a server that is not trusted: %v", err)
	}
	p.refuseAll()
	h.fetch()
	h.until("the trouble is kept", func() bool {
		return strings.Contains(must(capture.FindMailbox(t.Context(), h.Pool, h.box.ID)).Trouble, "No access token was given out")
	})
}

package capture

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"time"

	"docket/repository/fault"

	"golang.org/x/oauth2"
)

// xoauth2 signs in with an access token, the way that large providers had before RFC 7628 and still have.
type xoauth2 struct{ user, token string }

// Start gives the first answer.
func (x xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next answers the server's explanation of a refusal, which then refuses.
func (x xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }

// accessToken exchanges a mailbox's refresh token for an access token (RFC 6749 section 6). A provider may give out another refresh token
// with it, and take the old one no longer: the new one is kept before anything is done with the access token.
func (f *Fetcher) accessToken(ctx context.Context, m *Mailbox, refresh string) (string, error) {
	key, err := f.Ring.Open(m.purpose("client"), m.ClientKey)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, oauth2.HTTPClient, tokenClient(f.TLS)), imapDial)
	defer cancel()
	config := oauth2.Config{ClientID: m.ClientID, ClientSecret: key, Endpoint: oauth2.Endpoint{TokenURL: m.TokenURL}}
	token, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh}).Token()
	if err != nil {
		return "", fault.Wrap(err, fault.Invalid, "No access token was given out at %s: %v.", m.TokenURL, err)
	}
	if token.RefreshToken != refresh {
		err = f.keepToken(ctx, m, token.RefreshToken)
	}
	return token.AccessToken, err
}

// tokenClient asks for tokens, by TLS as mailboxes are reached by.
func tokenClient(config *tls.Config) *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig, t.DisableKeepAlives = config.Clone(), true
	return &http.Client{Transport: t}
}

// keepToken keeps a mailbox's new refresh token in place of the one that it was exchanged for, unless an administrator has typed another
// meanwhile. Of a mailbox that is not saved yet it is only in m.
func (f *Fetcher) keepToken(ctx context.Context, m *Mailbox, refresh string) error {
	old := m.Secret
	m.Seal(f.Ring, refresh, "")
	if f.Intake == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if _, err := f.Intake.Pool.Exec(ctx, "update capture.mailbox set secret = $2 where id = $1 and secret = $3", m.ID, m.Secret, old); err != nil {
		return fmt.Errorf("keep the new token of mailbox %s: %w", m.Username, err)
	}
	return nil
}

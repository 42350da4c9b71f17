package letter

import (
	"bufio"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"strings"

	"docket/repository/fault"

	"github.com/emersion/go-msgauth/dkim"
)

// minRSA is the least size of an RSA key in bits that others accept (RFC 8301, section 3.2).
const minRSA = 1024

// A Seal signs messages by DKIM. The zero Seal signs nothing.
type Seal struct {
	Selector string
	Key      crypto.Signer // RSA or Ed25519
}

// signed are the fields that are signed. Each is named once more than it is there, so that nobody can add one.
var signed = []string{"From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "In-Reply-To", "References", "MIME-Version", "Content-Type",
	"Content-Transfer-Encoding", "Auto-Submitted"}

// ParseKey reads a private key for DKIM in PEM: PKCS #8, or PKCS #1 for RSA.
func ParseKey(text []byte) (crypto.Signer, error) {
	bad := func(cause error) (crypto.Signer, error) {
		return nil, fault.Wrap(cause, fault.Invalid, "The key for DKIM is none: an RSA key of at least %d bits or an Ed25519 key in PEM is needed, such as 'openssl genpkey -algorithm RSA' prints.", minRSA)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return bad(errors.New("no PEM"))
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	if err != nil {
		return bad(err)
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		if k.N.BitLen() >= minRSA {
			return k, nil
		}
	case ed25519.PrivateKey:
		return k, nil
	}
	return bad(fmt.Errorf("%T", key))
}

// Sign gives the signature of a message for a domain, as a whole header field with its line end, to be put before the message. The zero
// Seal gives nothing.
func (s Seal) Sign(domain string, message io.Reader) (string, error) {
	if s.Key == nil {
		return "", nil
	}
	r := bufio.NewReader(message)
	head, err := readHead(r)
	if err != nil {
		return "", fmt.Errorf("sign a message: %w", err)
	}
	signer, err := dkim.NewSigner(&dkim.SignOptions{Domain: domain, Selector: s.Selector, Signer: s.Key, HeaderKeys: fieldsOf(head),
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed})
	if err != nil {
		return "", fmt.Errorf("sign a message: %w", err)
	}
	_, err = io.Copy(signer, io.MultiReader(strings.NewReader(head), r))
	if err := errors.Join(err, signer.Close()); err != nil {
		return "", fmt.Errorf("sign a message: %w", err)
	}
	return signer.Signature(), nil
}

// fieldsOf are the fields to sign of a header: as often as they are there, and once more.
func fieldsOf(head string) []string {
	var keys []string
	for _, name := range signed {
		times := strings.Count(strings.ToLower("\r\n"+head), strings.ToLower("\r\n"+name+":"))
		for range times + 1 {
			keys = append(keys, name)
		}
	}
	return keys
}

// maxHead is the largest header of a message of ours.
const maxHead = 64 << 10

// readHead reads a message's header with the empty line below it.
func readHead(r *bufio.Reader) (string, error) {
	var head strings.Builder
	for head.Len() <= maxHead {
		line, err := r.ReadString('\n')
		head.WriteString(line)
		if err != nil || line == "\r\n" {
			return head.String(), err
		}
	}
	return "", errors.New("the header never ends")
}

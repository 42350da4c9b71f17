package verify

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// rsaKey is the key that domains of these tests sign with, and edKey another.
var (
	rsaKey = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	edKey  = sync.OnceValue(func() ed25519.PrivateKey {
		_, k, err := ed25519.GenerateKey(rand.Reader)
		return must(k, err)
	})
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// keyRecord is what a domain publishes for its key.
func keyRecord(k crypto.Signer) string {
	if pub, ok := k.Public().(ed25519.PublicKey); ok {
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub)
	}
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(must(x509.MarshalPKIXPublicKey(k.Public())))
}

// A relay passes messages on and seals them. It is written as plainly as RFC 8617 says it, with no code of the package.
type relay string

var (
	blanks   = regexp.MustCompile(`[ \t\r\n]+`)
	trailing = regexp.MustCompile(`[ \t]*\r\n`)
)

func relaxed(field string) string {
	name, value, _ := strings.Cut(field, ":")
	return strings.ToLower(name) + ":" + strings.TrimSpace(blanks.ReplaceAllString(value, " "))
}

func (r relay) sign(text string) string {
	digest := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(must(rsa.SignPKCS1v15(nil, rsaKey(), crypto.SHA256, digest[:])))
}

// seal puts set i on top of a message whose lines end in CRLF, without folded fields. The sets of before are in earlier.
func (r relay) seal(message string, i int, cv string, earlier []string) (sealed string, sets []string) {
	head, body, _ := strings.Cut(message, "\r\n\r\n")
	hash := sha256.Sum256([]byte(strings.TrimRight(trailing.ReplaceAllString(body, "\r\n"), "\r\n") + "\r\n"))
	aar := fmt.Sprintf("ARC-Authentication-Results: i=%d; %s; spf=pass smtp.mailfrom=bank.example", i, r)
	ams := fmt.Sprintf("ARC-Message-Signature: i=%d; a=rsa-sha256; c=relaxed/relaxed; d=%s; s=arc; h=from:subject; bh=%s; b=", i, r,
		base64.StdEncoding.EncodeToString(hash[:]))
	var from, subject string
	for line := range strings.SplitSeq(head, "\r\n") {
		switch name, _, _ := strings.Cut(line, ":"); name {
		case "From":
			from = line
		case "Subject":
			subject = line
		}
	}
	ams += r.sign(relaxed(from) + "\r\n" + relaxed(subject) + "\r\n" + relaxed(ams))
	as := fmt.Sprintf("ARC-Seal: i=%d; a=rsa-sha256; cv=%s; d=%s; s=arc; t=12345; b=", i, cv, r)
	var text strings.Builder
	for _, s := range earlier {
		text.WriteString(relaxed(s) + "\r\n")
	}
	as += r.sign(text.String() + relaxed(aar) + "\r\n" + relaxed(ams) + "\r\n" + relaxed(as))
	return as + "\r\n" + ams + "\r\n" + aar + "\r\n" + message, append(earlier, aar, ams, as)
}

// letter is a plain message of bank.example.
const letter = "From: \"Bank, the\" <office@bank.example>\r\nTo: us@docket.example\r\nSubject: Your  claim\r\nDate: Thu, 14 Jan 2027 15:00:01 +0100\r\n\r\n" +
	"Good day,\r\n\r\nplease find our answer below. \r\n"

// chained is a letter that n relays passed on, relay1.example first, and the records of their keys.
func chained(t testing.TB, n int) (string, records) {
	t.Helper()
	message, r := letter, records{}
	var sets []string
	for i := 1; i <= n; i++ {
		cv := "pass"
		if i == 1 {
			cv = "none"
		}
		domain := fmt.Sprintf("relay%d.example", i)
		message, sets = relay(domain).seal(message, i, cv, sets)
		r["arc._domainkey."+domain] = keyRecord(rsaKey())
	}
	return message, r
}

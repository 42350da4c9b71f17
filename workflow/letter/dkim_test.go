package letter

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"docket/repository/fault"

	"github.com/emersion/go-msgauth/dkim"
)

// inPEM is a private key as a file has it.
func inPEM(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
}

// record is what the domain publishes for a key.
func record(t *testing.T, key crypto.Signer) string {
	t.Helper()
	if public, ok := key.Public().(ed25519.PublicKey); ok {
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	}
	raw, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(raw)
}

// A signed letter verifies with either sort of key, and with nothing added or changed.
func TestLettersAreSigned(t *testing.T) {
	t.Parallel()
	old, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, young, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []crypto.Signer{old, young} {
		parsed, err := ParseKey(inPEM(t, key))
		if err != nil {
			t.Fatal(err)
		}
		raw := written(t, reply())
		field, err := Seal{"docket", parsed}.Sign("house.example", strings.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		verify := func(message string) error {
			t.Helper()
			all, err := dkim.VerifyWithOptions(strings.NewReader(message), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
				if name != "docket._domainkey.house.example" {
					t.Errorf("asked for %s", name)
				}
				return []string{record(t, key)}, nil
			}})
			if err != nil || len(all) != 1 {
				t.Fatalf("%T: %d signatures, %v", key, len(all), err)
			}
			return all[0].Err
		}
		if err := verify(field + raw); err != nil {
			t.Errorf("%T: %v", key, err)
		}
		for what, changed := range map[string]string{
			"another subject": strings.Replace(raw, "Subject:", "Subject: x", 1),
			"a second From":   "From: evil@example.org\r\n" + raw,
			"a second To":     "To: evil@example.org\r\n" + raw,
			"another text":    strings.Replace(raw, "Freitag", "Montag", 1),
		} {
			if changed == raw || verify(field+changed) == nil {
				t.Errorf("%T: %s is not noticed", key, what)
			}
		}
	}
}

func TestKeysThatAreNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if _, err := ParseKey([]byte(text)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if field, err := (Seal{}).Sign("house.example", strings.NewReader("")); field != "" || err != nil {
		t.Errorf("without a key: %q %v", field, err)
	}
}

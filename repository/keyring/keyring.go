// Package keyring keeps the secrets of a house.
//
// One master key of 32 random bytes lies in a file beside the data, or comes from the configuration where several machines serve
// one house. Everything else is derived from it (HKDF, RFC 5869), a key for each purpose, so that no two uses share one:
//
//   - Seal and Open encrypt what must be kept but not be readable in the database or a copy of it: passwords of mailboxes.
//   - Derive gives keys that others compute with: the signatures of reply tokens.
//
// Whoever loses the master key loses what is sealed, which is then typed again; documents are not encrypted with it.
package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"docket/repository/fault"
)

// KeySize is the length of the master key and of those derived from it, in bytes.
const KeySize = 32

// A Ring is a master key. It is safe for concurrent use.
type Ring struct{ master [KeySize]byte }

// Parse reads a master key written as 64 hexadecimal digits.
func Parse(text string) (*Ring, error) {
	raw, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != KeySize {
		return nil, fault.New(fault.Invalid, "The secret key must be %d hexadecimal digits, such as 'openssl rand -hex %d' prints.", 2*KeySize, KeySize)
	}
	return &Ring{[KeySize]byte(raw)}, nil
}

// Open reads the master key from a file. A file that is not there is made, with a random key, readable for its owner alone.
func Open(file string) (*Ring, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(file); err != nil {
			return nil, fmt.Errorf("make the secret key: %w", err)
		}
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, fmt.Errorf("read the secret key: %w", err)
	}
	return Parse(string(text))
}

// create writes a new key under another name and links it, so that of two that do so at once one wins and neither reads half a key.
func create(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".key-*") // with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	var key [KeySize]byte
	rand.Read(key[:]) // never fails
	_, err = fmt.Fprintln(f, hex.EncodeToString(key[:]))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Derive gives the key of a purpose. The same purpose gives the same key.
func (r *Ring) Derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, r.master[:], nil, purpose, KeySize)
	if err != nil {
		panic(err) // only for lengths beyond 255 hashes
	}
	return key
}

func (r *Ring) aead(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(r.Derive("seal " + purpose))
	if err != nil {
		panic(err) // only for other lengths of keys
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return aead
}

// Seal encrypts a secret (AES-256-GCM). The purpose says what it is and whose: sealed for one it opens for no other. The empty
// secret stays empty.
func (r *Ring) Seal(purpose, secret string) string {
	if secret == "" {
		return ""
	}
	return base64.StdEncoding.EncodeToString(r.aead(purpose).Seal(nil, nil, []byte(secret), nil))
}

// Open decrypts what was sealed for a purpose with this key. Anything else is a fault of kind Conflict.
func (r *Ring) Open(purpose, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err == nil {
		raw, err = r.aead(purpose).Open(nil, nil, raw, nil)
	}
	if err != nil {
		return "", fault.Wrap(err, fault.Conflict, "The password was kept with another secret key than the one in use. Type it again.")
	}
	return string(raw), nil
}

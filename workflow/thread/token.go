package thread

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"strings"

	"github.com/google/uuid"
)

// minKey is the least length of a secret in bytes.
const minKey = 32

// macSize is how much of the HMAC a token carries: 80 bits, the least that RFC 2104 (section 5) permits. A whole one would not fit
// beside a mailbox name into the 64 octets of a local part. It is enough, because a guess can only be tried by sending a message.
const macSize = 10

// The marks begin tokens, so that one is told from other words at sight, and its kind from the other. A local part never begins with a
// digit. What carries a notification's mark leads nowhere in rules 24 and 26, and the other way round.
const (
	mark       = "d" // of what is said to a customer
	noticeMark = "n" // of what one of us is told, see NoticeToken
)

var alphabet = base32.StdEncoding.WithPadding(base32.NoPadding)

// tokenSize is the length of a token: the mark, and the message's ID and the MAC in base32.
const tokenSize = len(mark) + ((16+macSize)*8+4)/5

// Keys are the secrets that reply tokens are made with. The zero value opens no token.
type Keys struct{ secrets [][]byte }

// NewKeys makes keys of a current secret and of older ones, by which answers to what was sent before are still known. Each has 32
// bytes or more.
func NewKeys(current []byte, older ...[]byte) (Keys, error) {
	k := Keys{append([][]byte{current}, older...)}
	for _, s := range k.secrets {
		if len(s) < minKey {
			return Keys{}, errors.New("a secret for reply tokens has at least 32 bytes")
		}
	}
	return k, nil
}

// Token makes the token of a message that goes to a recipient: 43 lower-case letters and digits. It names the message; its MAC holds the
// ticket and the recipient as well, which the database knows of every message sent. Two whole IDs would take 65 octets with the MAC.
func (k Keys) Token(ticket, message uuid.UUID, recipient string) string {
	sum := mac(k.secrets[0], ticket, message, recipient)
	return encode(mark, message, sum)
}

func encode(mark string, message uuid.UUID, sum []byte) string {
	return mark + strings.ToLower(alphabet.EncodeToString(append(message[:], sum...)))
}

// messageOf is the ID of the message that a token names. It proves nothing: what has the form of a token has one.
func messageOf(token string) (message uuid.UUID, ok bool) {
	raw, ok := decode(mark, token)
	if ok {
		message = uuid.UUID(raw[:16])
	}
	return message, ok
}

// Open says whether a token was made here for a message about a ticket to a recipient. All keys are tried, in constant time each.
func (k Keys) Open(token string, ticket uuid.UUID, recipient string) bool {
	raw, ok := decode(mark, token)
	return ok && k.made(raw, func(secret []byte) []byte { return mac(secret, ticket, uuid.UUID(raw[:16]), recipient) })
}

// made says whether one of the keys made the MAC of a token. All are tried, and none is compared faster than another.
func (k Keys) made(raw []byte, mac func(secret []byte) []byte) bool {
	found := false
	for _, secret := range k.secrets {
		if hmac.Equal(raw[16:], mac(secret)) {
			found = true
		}
	}
	return found
}

// mac is that of a reply token.
func mac(secret []byte, ticket, message uuid.UUID, recipient string) []byte {
	return macOf(secret, "docket reply token 1", string(ticket[:]), string(message[:]), address(recipient))
}

// macOf is over some parts with their lengths, of which the first says what it is for, so it fits nothing else that the key may sign.
func macOf(secret []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, secret)
	for _, part := range parts {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		h.Write([]byte(part))
	}
	return h.Sum(nil)[:macSize]
}

// decode takes a token of a kind apart. What is written otherwise than encode writes it, but for the case of letters, is none.
func decode(mark, token string) ([]byte, bool) {
	token = strings.ToLower(token)
	if len(token) != tokenSize || !strings.HasPrefix(token, mark) {
		return nil, false
	}
	raw, err := alphabet.DecodeString(strings.ToUpper(token[len(mark):]))
	if err != nil || mark+strings.ToLower(alphabet.EncodeToString(raw)) != token {
		return nil, false
	}
	return raw, true
}

// MessageID is the Message-ID of a message with a token.
func MessageID(token, domain string) string { return "<" + token + "@" + domain + ">" }

// TokenOf is the token in a Message-ID, with or without angle brackets. It proves nothing.
func TokenOf(messageID string) (token string, ok bool) {
	return tokenOf(mark, messageID)
}

func tokenOf(mark, messageID string) (token string, ok bool) {
	local, _, found := strings.Cut(bare(messageID), "@")
	_, ok = decode(mark, local)
	return strings.ToLower(local), found && ok
}

// PlusAddress is a mailbox's address with a token, to which answers go. ok is false when the local part would be longer than 64 octets.
func PlusAddress(mailbox, token string) (plus string, ok bool) {
	i := strings.LastIndexByte(mailbox, '@')
	if i < 0 || i+1+len(token) > 64 {
		return mailbox, false
	}
	return mailbox[:i] + "+" + token + mailbox[i:], true
}

// TokenIn is the token in an address that a message was sent to, of either kind.
func TokenIn(plus string) (token string, ok bool) {
	i := strings.LastIndexByte(plus, '@')
	_, token, found := strings.Cut(plus[:max(i, 0)], "+")
	_, reply := decode(mark, token)
	_, notice := decode(noticeMark, token)
	return strings.ToLower(token), found && (reply || notice)
}

// Marker is the line that carries a token in a body, for those whose programs give messages other IDs. Package mail finds it.
func Marker(token string) string { return MarkerStart + token + "]" }

// MarkerStart is how markers begin.
const MarkerStart = "[#docket:"

// maxMarkers is how many tokens of addresses and bodies are looked at.
const maxMarkers = 20

// bare is a Message-ID without angle brackets.
func bare(id string) string {
	id = strings.TrimSpace(id)
	return strings.TrimSuffix(strings.TrimPrefix(id, "<"), ">")
}

// address is an address as it is compared.
func address(s string) string { return strings.ToLower(strings.Trim(strings.TrimSpace(s), "<>")) }

// domain is the domain of an address.
func domain(s string) string {
	s = address(s)
	return s[strings.LastIndexByte(s, '@')+1:]
}

package thread

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// ids of these tests.
var (
	ticketA  = uuid.MustParse("0190a000-0000-7000-8000-00000000000a")
	ticketB  = uuid.MustParse("0190a000-0000-7000-8000-00000000000b")
	message1 = uuid.MustParse("0190b000-0000-7000-8000-000000000001")
	message2 = uuid.MustParse("0190b000-0000-7000-8000-000000000002")
)

func keys(t testing.TB, secrets ...byte) Keys {
	t.Helper()
	all := make([][]byte, len(secrets))
	for i, s := range secrets {
		all[i] = bytes.Repeat([]byte{s}, minKey)
	}
	k, err := NewKeys(all[0], all[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A token is for one message about one ticket to one recipient.
func TestToken(t *testing.T) {
	t.Parallel()
	now, later := keys(t, 1), keys(t, 2, 1)
	token := now.Token(ticketA, message1, "Anna@Bank.example")
	if len(token) != tokenSize || tokenSize != 43 || strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		t.Errorf("form: %s", token)
	}
	if m, ok := messageOf(strings.ToUpper(token)); !ok || m != message1 {
		t.Errorf("names %v", m)
	}
	last := token[:len(token)-1]
	for _, c := range []struct {
		what      string
		keys      Keys
		token     string
		ticket    uuid.UUID
		recipient string
		want      bool
	}{
		{"as it was made", now, token, ticketA, "anna@bank.example", true},
		{"in other letters, as some programs write it", now, strings.ToUpper(token), ticketA, " <ANNA@bank.example> ", true},
		{"with the key of before", later, token, ticketA, "anna@bank.example", true},
		{"with a key of later", now, later.Token(ticketA, message1, "anna@bank.example"), ticketA, "anna@bank.example", false},
		{"for another ticket", now, token, ticketB, "anna@bank.example", false},
		{"for another recipient", now, token, ticketA, "bert@bank.example", false},
		{"with the message of another", now, now.Token(ticketA, message2, "anna@bank.example")[:27] + token[27:], ticketA, "anna@bank.example", false},
		{"cut off", now, last, ticketA, "anna@bank.example", false},
		{"without keys", Keys{}, token, ticketA, "anna@bank.example", false},
		{"nothing", now, "", ticketA, "anna@bank.example", false},
	} {
		if got := c.keys.Open(c.token, c.ticket, c.recipient); got != c.want {
			t.Errorf("%s: opens %v, want %v", c.what, got, c.want)
		}
	}
	if _, err := NewKeys(make([]byte, minKey-1)); err == nil {
		t.Error("a short secret is taken")
	}
}

// A token is found again in all places where it is put.
func TestTokenPlaces(t *testing.T) {
	t.Parallel()
	token := keys(t, 1).Token(ticketA, message1, "anna@bank.example")
	if got, ok := TokenOf(MessageID(token, "docket.example")); !ok || got != token {
		t.Errorf("in a Message-ID: %q", got)
	}
	plus, ok := PlusAddress("claims@docket.example", token)
	if got, found := TokenIn(strings.ToUpper(plus)); !ok || !found || got != token {
		t.Errorf("in %s: %q", plus, got)
	}
	if plus, ok := PlusAddress("the-mailbox-of-all-claims@docket.example", token); ok || plus != "the-mailbox-of-all-claims@docket.example" {
		t.Errorf("a local part of more than 64 octets: %s", plus)
	}
	for _, id := range []string{"", "@", "<x@docket.example>", token, "<" + token[1:] + "@docket.example>"} {
		if got, ok := TokenOf(id); ok {
			t.Errorf("%q has the token %q", id, got)
		}
	}
}

// FuzzToken gives tokens of strangers to the keys. None opens but what they made.
func FuzzToken(f *testing.F) {
	k := keys(f, 1)
	token := k.Token(ticketA, message1, "anna@bank.example")
	f.Add(token)
	f.Add(strings.ToUpper(token))
	f.Add("<" + token + "@docket.example>")
	f.Add("claims+" + token + "@docket.example")
	f.Fuzz(func(t *testing.T, s string) {
		if k.Open(s, ticketA, "anna@bank.example") && strings.ToLower(s) != token {
			t.Errorf("%q opens", s)
		}
		for _, found := range []func(string) (string, bool){TokenOf, TokenIn} {
			if got, ok := found(s); ok {
				if _, ok := messageOf(got); !ok || got != strings.ToLower(got) {
					t.Errorf("%q holds %q, which is none", s, got)
				}
			}
		}
	})
}

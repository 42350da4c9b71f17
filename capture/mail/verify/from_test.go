package verify

import "testing"

// The sender is the one that people see, or nobody.
func TestFrom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ value, want, problem string }{
		{" anna@bank.example", "bank.example", ""},
		{" <anna@BANK.example>", "bank.example", ""},
		{" \"Anna, of <evil@other.example>\" <anna@bank.example>", "bank.example", ""},
		{" Anna (evil@other.example) <anna@bank.example> (again)", "bank.example", ""},
		{" anna@bank.example (Anna \\) <evil@other.example>)", "bank.example", ""},
		{" =?utf-8?q?Anna=2C_=3Cevil=40other=2Eexample=3E?= <anna@bank.example>", "bank.example", ""},
		{" evil@other.example <anna@bank.example>", "bank.example", ""},
		{" Anna\r\n <anna@bank.example>", "bank.example", ""},
		{" <anna@bank.example>, Bert <bert@bank.example>", "bank.example", ""},
		{" \"a@b\"@bank.example", "bank.example", ""},
		{" <\"a>b\"@bank.example>", "bank.example", ""},
		{" anna@bank.example, evil@other.example", "", "several domains in From"},
		{" <anna@bank.example> <evil@other.example>", "", "malformed address in From"},
		{" <anna@bank.example", "bank.example", ""},
		{" Us: anna@bank.example;", "bank.example", ""},
		{" undisclosed:;", "", "no address in From"},
		{"", "", "no address in From"},
		{" Anna", "", "no address in From"},
		{" <>", "", "malformed address in From"},
		{" <anna@localhost>", "", "malformed address in From"},
		{" <anna@[192.0.2.1]>", "", "malformed address in From"},
		{" <anna@bank..example>", "", "malformed address in From"},
	} {
		got, problem := header{{"from", "From:" + c.value}}.from()
		if got != c.want || problem != c.problem {
			t.Errorf("%s: %q (%s), want %q (%s)", c.value, got, problem, c.want, c.problem)
		}
	}
}

package mail

import "testing"

// What stories show of a message is what is new in it, by the text of its pages.
func TestNewest(t *testing.T) {
	t.Parallel()
	const long = "A subject that is so long that it stands on two lines of the page"
	for _, c := range []struct{ what, text, subject, want string }{
		{"one that came", "From: a@b.example\n\nTo: c@d.example\n\nSubject: Fire\n\nIt burns.\n\n> What is it?", "Fire", "It burns."},
		{"a long subject", "From: a@b.example\n\nSubject: A subject that is so long\nthat it stands on two lines of the page\n\nIt burns.", long, "It burns."},
		{"one that we sent", "We have received it [CLM-1]\n\nDear Eva,\n\nthank you.", "We have received it [CLM-1]", "Dear Eva,\n\nthank you."},
		{"a text that begins otherwise", "Dear Eva,\n\nthank you.", "Thanks", "Dear Eva,\n\nthank you."},
		{"nothing", "", "", ""},
	} {
		if got := Newest(c.text, c.subject); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

package letter

import (
	"strings"
	"testing"
	"time"

	"docket/workflow/thread"
)

// notified is what a notification can tell, all of it.
func notified() Notification {
	at := time.Date(2026, 3, 16, 9, 41, 0, 0, time.UTC)
	return Notification{Number: "CLM-2026-000123-7", Title: "Complaint – late delivery", House: "The House", To: "eva@example.org", Page: "https://docket.example/tickets/CLM-2026-000123-7",
		Settings: "https://docket.example/settings", Last: true, Told: []Told{
			{Kind: "assigned", Who: "Bert Ober", At: at}, {Kind: "assigned", At: at},
			{Kind: "answered", Who: "Eva Weiß", At: at, Text: "Where is it?\n\n" + thread.Marker("dxyz"), Unproved: true},
			{Kind: "noted", Who: "Bert Ober", At: at, Text: "Be kind."}, {Kind: "bounced", Address: "eva@example.org", At: at, Text: "550 5.1.1 No such user"}}}
}

// Notifications say all that has happened in each language, quote what was written without its tokens, and say what an answer does.
func TestNotifications(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "hu", "pl", "ru", "sl"} {
		subject, text, got, err := Notify(notified(), time.UTC, "", language)
		if err != nil || got != language {
			t.Fatalf("%s: %s %v", language, got, err)
		}
		for _, want := range []string{"Bert Ober", "Eva Weiß", "> Where is it?", "> Be kind.", "> 550 5.1.1 No such user", "CLM-2026-000123-7: Complaint – late delivery",
			"https://docket.example/tickets/CLM-2026-000123-7", "https://docket.example/settings", "eva@example.org", dayIn(language, notified().Told[0].At), "09:41", "The House"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing from:\n%s", language, want, text)
			}
		}
		if subject == "" || !strings.HasPrefix(text, "##- ") || strings.Contains(text, "{{") || strings.Contains(text, "\n\n\n") || strings.Contains(text, thread.MarkerStart) {
			t.Errorf("%s: %q\n%s", language, subject, text)
		}
		subjects := map[string]bool{subject: true}
		for _, one := range notified().Told[1:] {
			subject, text, _, err := Notify(Notification{Number: "N", Title: "T", Told: []Told{one}}, time.UTC, language)
			if subjects[subject] = true; err != nil || strings.Contains(text, "\n\n\n") || strings.Contains(text, "eva@example.org.") && one.Kind != "bounced" {
				t.Errorf("%s: %v %s\n%s", language, err, subject, text)
			}
		}
		if len(subjects) != 5 {
			t.Errorf("%s: subjects are the same: %v", language, subjects)
		}
	}
	long := notified()
	long.Told = make([]Told, 100)
	for i := range long.Told {
		long.Told[i] = Told{Kind: "noted", Who: "x\r\nBcc: y", Text: strings.Repeat("много ", 10_000)}
	}
	if subject, text, language, err := Notify(long, time.UTC, "fr"); err != nil || language != "en" || len(text) > 40_000 || strings.ContainsAny(subject, "\r\n") || strings.Contains(text, "\nBcc") {
		t.Errorf("%d bytes in %s, %v", len(text), language, err)
	}
}

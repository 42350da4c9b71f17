package letter

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"text/template"
	"time"

	"docket/workflow/thread"
)

//go:embed notification/*.txt
var notifications embed.FS

// A Notification is what one of us is told of by e-mail. All of it is text, such as strangers wrote it.
type Notification struct {
	Number   string // of the ticket
	Title    string // of the ticket
	House    string // the channel's name
	Told     []Told // in the order in which it happened
	To       string // the customer's address to which an answer goes; empty: an answer is a note
	Page     string // address of the ticket's page
	Settings string // address of the page on which the person says what they are told of
	Last     bool   // no more are sent within the hour
}

// Told is one thing that has happened.
type Told struct {
	Kind     string // assigned, answered, noted or bounced
	Who      string // did it; empty where nobody did
	At       time.Time
	Text     string // what they wrote, or what the other server said
	Address  string // of whom a message did not reach
	Unproved bool   // nothing proves that Who wrote it
}

// Bounds of a notification: it says enough to know whether to look at the ticket, which has all of it.
const (
	maxTold    = 20   // things
	maxExcerpt = 1500 // bytes
)

// notify are the texts by language: the subject, an empty line, the text. They begin with a line above which answers are written, by
// which package mail knows what of an answer is new.
var notify = sync.OnceValues(func() (map[string]*template.Template, error) {
	all := map[string]*template.Template{}
	for language := range months {
		source, err := notifications.ReadFile("notification/" + language + ".txt")
		if err != nil {
			return nil, err
		}
		if all[language], err = template.New(language).Option("missingkey=error").Parse(string(source)); err != nil {
			return nil, fmt.Errorf("the notification in %s: %w", language, err)
		}
	}
	return all, nil
})

// Notify writes a notification in the first of some languages that there is one in, else in English, and says which that is. Days are
// those of the zone.
func Notify(n Notification, zone *time.Location, languages ...string) (subject, text, language string, err error) {
	all, err := notify()
	if err != nil {
		return "", "", "", err
	}
	language = "en"
	for _, l := range languages {
		if _, ok := all[l]; ok {
			language = l
			break
		}
	}
	out := &bounded{}
	if err := all[language].Execute(out, n.values(language, zone)); err != nil {
		return "", "", "", fmt.Errorf("write a notification: %w", err)
	}
	subject, text, _ = strings.Cut(out.String(), "\n")
	return plain(subject, maxSubject), gaps.ReplaceAllString(lines(text), "\n\n"), language, nil
}

// gaps are where a text leaves something out.
var gaps = regexp.MustCompile(`\n{3,}`)

// values are the facts as one-line texts, and what somebody wrote as a quotation.
func (n Notification) values(language string, zone *time.Location) map[string]any {
	told, only := []map[string]any{}, ""
	for i, t := range n.Told {
		if only = t.Kind; i > 0 && t.Kind != n.Told[0].Kind {
			only = ""
			break
		}
	}
	for _, t := range n.Told[:min(len(n.Told), maxTold)] {
		at := t.At.In(zone)
		told = append(told, map[string]any{"Kind": t.Kind, "Who": plain(t.Who, maxName), "Date": dayIn(language, at), "Time": at.Format("15:04"),
			"Text": quoted(t.Text), "Address": plain(t.Address, maxName), "Unproved": t.Unproved})
	}
	return map[string]any{"Number": n.Number, "Title": plain(n.Title, maxName), "House": plain(n.House, maxName), "Told": told, "Only": only,
		"To": plain(n.To, maxName), "Page": n.Page, "Settings": n.Settings, "Last": n.Last}
}

// quoted is the beginning of what somebody wrote, each line marked as a quotation, without tokens that it may hold.
func quoted(s string) string {
	if s = lines(strings.ReplaceAll(s, thread.MarkerStart, "[")); s == "" {
		return ""
	}
	return "> " + strings.ReplaceAll(cut(s, maxExcerpt), "\n", "\n> ")
}

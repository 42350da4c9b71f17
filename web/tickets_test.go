package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/workflow"

	"github.com/chromedp/chromedp"
)

// manyTickets is a house with so many complaints, each with its ticket, and their numbers, the newest first.
func manyTickets(t *testing.T, n int) (*house, []string) {
	t.Helper()
	h := newHouse(t)
	for i := range n {
		p := h.receive(t, fmt.Sprintf("%d.pdf", i), "scanner", fmt.Sprint(i))
		l := letters[i%2]
		if i > 1 { // another customer of that name
			l.text, l.sender = strings.ReplaceAll(l.text, "K-", fmt.Sprintf("K-%d", i)), fmt.Sprintf("%c. %s", 'A'+i, l.sender)
		}
		h.read(t, p, l, 0.97)
		h.file(t, p, l)
		h.filed = p
	}
	all, err := h.config.Desk.List(t.Context(), h.config.Pool, person("ada", workflow.Administrator).Reader(), workflow.Filter{})
	if err != nil || len(all) != n {
		t.Fatalf("%d tickets, %v", len(all), err)
	}
	numbers := make([]string, n)
	for i, ticket := range all {
		numbers[i] = ticket.Number
	}
	return h, numbers
}

// listed are the tickets of a list, in its order.
func listed(body string) []string {
	var all []string
	for _, m := range regexp.MustCompile(`href="/tickets/([^"]+)" data-row`).FindAllStringSubmatch(body, -1) {
		all = append(all, m[1])
	}
	return all
}

func TestTicketsAreNarrowedAndSorted(t *testing.T) {
	t.Parallel()
	h, numbers := manyTickets(t, 4)
	h.exec(t, "update workflow.ticket set due_at = now() - interval '3 days' where number = $1", numbers[2])
	h.exec(t, "update workflow.ticket set active_at = now() - interval '9 days', due_at = now() + interval '1 day' where number = $1", numbers[1])
	h.exec(t, "update workflow.ticket set owner = 'ben' where number = $1", numbers[0])
	ben := h.as(t, "ben")
	for path, want := range map[string][]string{
		"/tickets?view=all":             numbers,
		"/tickets?view=overdue":         {numbers[2]},
		"/tickets?view=soon":            {numbers[1]},
		"/tickets?view=mine":            {numbers[0]},
		"/tickets?owner=ben":            {numbers[0]},
		"/tickets?q=whitcombe&view=all": {numbers[1], numbers[3]},
		"/tickets?state=nowhere":        nil,
		"/tickets?view=all&party=01950000-0000-7000-8000-000000000001": nil,
	} {
		if got := listed(ben.get(path).body); !slices.Equal(got, want) {
			t.Errorf("%s lists %v, want %v", path, got, want)
		}
	}
	if got := listed(ben.get("/tickets?sort=wait").body); len(got) != 4 || got[0] != numbers[1] {
		t.Errorf("the one that waits longest is not first: %v", got)
	}
	page := ben.get("/tickets?owner=ben&waiting=not-started&view=all").body
	for _, want := range []string{"Owner: <bdi>Ben</bdi>", "Waiting on: <bdi>us, not begun</bdi>", `href="/tickets?owner=ben&amp;view=all"`, "(1 ticket)", "3 days late"} {
		if want == "3 days late" {
			page = ben.get("/tickets?view=overdue").body
		}
		if !strings.Contains(page, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if r := ben.get("/tickets?after=x"); r.status < 400 || r.status > 499 {
		t.Errorf("a wrong place in the list: %d", r.status)
	}
}

func TestManyTicketsAreChangedAtOnce(t *testing.T) {
	t.Parallel()
	h, numbers := manyTickets(t, 3)
	h.exec(t, "update workflow.ticket set readers = '{role:records-manager}' where number = $1", numbers[0])
	ben := h.as(t, "ben")
	query := url.Values{"t": numbers, "back": {"/tickets?view=all"}}.Encode()
	page := ben.get("/tickets/bulk?" + query).body
	wantAll(t, "the page", page, "Assign 2 tickets", "Start work: 2 tickets", `href="/tickets?view=all"`)
	if strings.Contains(page, "/tickets/"+numbers[0]) {
		t.Error("the page tells of a ticket that may not be seen")
	}
	var form []string
	for _, m := range regexp.MustCompile(`name="t" value="([^"]+)"`).FindAllStringSubmatch(strings.Split(page, `name="do" value="move"`)[0], -1) {
		form = append(form, "t", m[1])
	}
	h.exec(t, "update workflow.ticket set version = version + 1 where number = $1", numbers[1]) // somebody is quicker
	r := ben.post("/tickets/bulk", append(form, "do", "assign", "owner", "ben", "team", "=", "t", numbers[0]+" 1", "back", "/tickets?view=all")...)
	if r.status != http.StatusSeeOther || r.header.Get("Location") != "/tickets?view=all" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	list := ben.get("/tickets?view=all").body
	wantAll(t, "the list", list, "1 ticket was changed.", "2 tickets stay as they were.", numbers[1]+": The ticket")
	if got := listed(ben.get("/tickets?owner=ben").body); !slices.Equal(got, numbers[2:]) {
		t.Errorf("ben has %v", got)
	}
	if r := h.as(t, "rosa").post("/tickets/bulk", "do", "assign", "owner", "rosa", "team", "=", "t", numbers[2]+" 2", "back", "//evil.example"); r.header.Get("Location") != "/" {
		t.Errorf("it leads to %q", r.header.Get("Location"))
	}
	if got := listed(ben.get("/tickets?owner=ben").body); !slices.Equal(got, numbers[2:]) {
		t.Errorf("who may not assign has assigned: ben has %v", got)
	}
	if r := ben.get("/tickets/bulk"); r.status < 400 || r.status > 499 {
		t.Errorf("nothing is chosen: %d", r.status)
	}
}

func TestTicketsAreExported(t *testing.T) {
	t.Parallel()
	h, numbers := manyTickets(t, 3)
	h.exec(t, "update workflow.ticket set readers = '{role:records-manager}' where number = $1", numbers[0])
	r := h.as(t, "ben").get("/tickets/export/csv?view=all")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][0] != numbers[1] || rows[2][0] != numbers[2] {
		t.Errorf("%v: %v", rows, err)
	}
	if want := "tickets-" + time.Now().UTC().Format(time.DateOnly) + ".csv"; !strings.Contains(r.header.Get("Content-Disposition"), want) {
		t.Errorf("the file is called %q", r.header.Get("Content-Disposition"))
	}
}

// TestTicketsByKeys walks the list as an agent in the morning does: two tickets are chosen and given to herself, the mouse untouched.
func TestTicketsByKeys(t *testing.T) {
	t.Parallel()
	h, numbers := manyTickets(t, 3)
	b := newTab(t, h.url)
	b.signIn("ben")
	b.open("/tickets?view=all")
	b.key("j")
	b.key("x")
	b.key("j")
	b.key("x")
	b.until(`document.querySelector(".bulk-bar [data-count]").textContent === "2"`)
	b.axe("tickets-chosen")
	b.picture("tickets-chosen")
	b.key("a")
	b.until(`document.activeElement?.id === "owner"`)
	b.ready()
	b.axe("bulk")
	b.picture("bulk")
	b.run(chromedp.KeyEvent("Ben"), chromedp.KeyEvent("\t"), chromedp.KeyEvent("\t"), chromedp.KeyEvent("\r"))
	b.until(`document.querySelector(".alert-success") !== null`)
	b.ready()
	if got := listed(h.as(t, "ben").get("/tickets?owner=ben&sort=newest").body); !slices.Equal(got, numbers[:2]) {
		t.Errorf("ben has %v", got)
	}
	b.key("j")
	b.key("j")
	b.run(chromedp.KeyEvent("\r"))
	b.until(`document.querySelector(".case") !== null`)
	b.quiet("tickets by keys")
}

func TestGist(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Niamh Yardley - 85 Victoria Street - Edinburgh - EH9 2PQ\nTelephone: 0117 496 0538\n\nCOMPLAINT\n\nDear Sir or Madam,\n\nOn 22 December you\ndeducted a fee that was never agreed.\n\nPlease refund the money to my account soon.\n\nBest regards": "On 22 December you deducted a fee that was never agreed. Please refund the money to my account soon.",
		"Sehr geehrte Damen und Herren,\n\nder Geschirrspüler kam mit einer verbeulten Tür an.": "der Geschirrspüler kam mit einer verbeulten Tür an.",
		"INVOICE\n\nNo. 4711 of 3 May": "No. 4711 of 3 May",
		"":                             "",
	} {
		if got := gist(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if n := len([]rune(gist(strings.Repeat("слово ", 100)))); n != gistLength+1 {
		t.Errorf("a gist of %d characters", n)
	}
}

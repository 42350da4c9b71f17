package thread

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// A world is a random house and a random message to it.
type world struct {
	m Message
	k Known
}

var people = []string{"anna@bank.example", "bert@mail.example", "carl@law.example", "mia@docket.example", ""}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// randomWorld has four tickets, some closed, merged or gone, eight messages in them, and a message that refers to any of it.
func randomWorld(t testing.TB, r *rand.Rand) (w world) {
	t.Helper()
	true1, false1 := keys(t, 1), keys(t, 9)
	tickets := make([]uuid.UUID, 4)
	w.k = Known{Keys: true1, Domains: []string{"docket.example"}, Mail: map[string]Mail{}, Sent: map[uuid.UUID]Mail{},
		Numbers: map[string]uuid.UUID{}, Tickets: map[uuid.UUID]Ticket{}}
	for i := range tickets {
		tickets[i][15] = byte(i + 1)
		w.k.Numbers[fmt.Sprint(i)] = tickets[i]
		if r.IntN(8) == 0 {
			continue
		}
		a := Ticket{Parties: []string{pick(r, people...)}, Replies: pick(r, Link, Reopen, ReopenWithin, ""), Within: 48 * time.Hour}
		if r.IntN(3) == 0 {
			a.Closed = now.AddDate(0, 0, -r.IntN(4))
		}
		if r.IntN(4) == 0 {
			a.MergedInto = uuid.UUID{15: byte(1 + r.IntN(len(tickets)))}
		}
		if r.IntN(2) == 0 {
			a.Domains = []string{"law.example"}
		}
		w.k.Tickets[tickets[i]] = a
	}
	ids := []string{"unknown@mail.example"}
	for i := range 8 {
		m := Mail{Ticket: pick(r, tickets...), BaseSubject: pick(r, "fire", "water", "")}
		id := fmt.Sprintf("%d@mail.example", i)
		if r.IntN(2) == 0 {
			m.Ours, m.To, m.Message = true, []string{pick(r, people...)}, uuid.UUID{0: 9, 15: byte(i)}
			made := pick(r, true1, true1, false1).Token(m.Ticket, m.Message, m.To[0])
			id = made + "@docket.example"
			w.k.Sent[m.Message] = m
			w.m.Tokens = append(w.m.Tokens, made)
		}
		w.k.Mail[id] = m
		ids = append(ids, id)
	}
	r.Shuffle(len(w.m.Tokens), func(i, j int) { w.m.Tokens[i], w.m.Tokens[j] = w.m.Tokens[j], w.m.Tokens[i] })
	w.m.Tokens = w.m.Tokens[:r.IntN(2)*min(1, len(w.m.Tokens))]
	for range r.IntN(4) {
		w.m.References = append(w.m.References, pick(r, ids...))
	}
	if r.IntN(3) == 0 {
		w.m.Numbers = []string{pick(r, "0", "1", "2", "3", "none"), pick(r, "0", "1", "2", "3", "none")}
	}
	w.m.ID, w.m.Subject, w.m.From = "new@mail.example", pick(r, "Re: Fire", "AW: Water", ""), pick(r, people...)
	w.m.Aligned, w.m.Kind = r.IntN(2) == 0, pick(r, Person, Person, Person, Automatic, Bounce, Receipt, Generated)
	return w
}

// naive finds the ticket that a signed token leads to, as the rules say it and no more: one of the header, or else one of the address
// and the body.
func (w world) naive() (ticket uuid.UUID, byHeader, found bool) {
	var tokens []string
	for _, id := range append(slices.Clone(w.m.InReplyTo), backward(w.m.References)...) {
		if local, of, _ := strings.Cut(strings.Trim(id, "<> "), "@"); strings.EqualFold(of, "docket.example") {
			tokens = append(tokens, local)
		}
	}
	inHeader := len(tokens)
	for i, token := range append(tokens, w.m.Tokens...) {
		for id, m := range w.k.Sent {
			for _, to := range m.To {
				if !strings.EqualFold(token, w.k.Keys.Token(m.Ticket, id, to)) { // servers may change letters to capitals
					continue
				}
				if ticket, here := w.last(m.Ticket); here {
					return ticket, i < inHeader, true
				}
			}
		}
	}
	return uuid.Nil, false, false
}

func backward(s []string) []string {
	s = slices.Clone(s)
	slices.Reverse(s)
	return s
}

// last follows merges as far as there are tickets.
func (w world) last(id uuid.UUID) (uuid.UUID, bool) {
	seen := map[uuid.UUID]bool{}
	for !seen[id] {
		seen[id] = true
		t, here := w.k.Tickets[id]
		if !here {
			return id, false
		}
		if t.MergedInto == uuid.Nil {
			return id, true
		}
		id = t.MergedInto
	}
	return id, false
}

// Whatever the house and the message, a decision keeps to the rules.
func TestDecisionsKeepToTheRules(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[Action]int{}
	for i := range 20_000 {
		w := randomWorld(t, r)
		d := Decide(w.m, w.k, now)
		seen[d.Action]++
		if broken := w.broken(d); broken != "" {
			t.Fatalf("world %d: %s\n%+v\n%+v\n%+v", i, broken, d, w.m, w.k)
		}
		longer := w.m
		longer.References = append([]string{"nobody@knows.example"}, w.m.References...)
		if diff := cmp.Diff(d, Decide(longer, w.k, now)); diff != "" {
			t.Fatalf("world %d: a message that nobody knows changes the decision: %s", i, diff)
		}
	}
	for _, a := range []Action{New, NewLinked, Join, ReopenIt, Attach, Quarantine} {
		if seen[a] < 100 {
			t.Errorf("%s: decided %d times only", a, seen[a])
		}
	}
}

// broken says which rule a decision breaks.
func (w world) broken(d Decision) string {
	signed, byHeader, isSigned := w.naive()
	ticket, here := w.k.Tickets[d.Ticket]
	sender := func(p string) bool { return p != "" && strings.EqualFold(p, address(w.m.From)) }
	party := slices.ContainsFunc(ticket.Parties, sender)
	writes := d.Action == Join || d.Action == ReopenIt
	switch {
	case byHeader && (d.Ticket != signed || d.Rule == 25 || d.Rule == 26 || d.Rule == 27):
		return "the first signed token that leads to a matter decides"
	case isSigned && (d.Action == New || d.Action == Quarantine || d.Rule == 27 || d.Rule == 26 && d.Ticket != signed):
		return "a signed token leads to a matter"
	case !isSigned && (d.Rule == 26 || d.Rule == 24 && d.Action != Quarantine):
		return "without a token of ours nothing is signed"
	case d.Ticket != uuid.Nil && (!here || ticket.MergedInto != uuid.Nil):
		return "a matter is here and not merged"
	case writes && !isSigned && !w.m.Aligned:
		return "who is not proved changes nothing"
	case writes && w.m.Kind != Person:
		return "programs change nothing"
	case (d.Action == ReopenIt || d.Action == Join) && (d.Action == ReopenIt) == ticket.Closed.IsZero():
		return "what is closed is reopened, and nothing else"
	case d.Action == ReopenIt && ticket.Replies != Reopen && (ticket.Replies != ReopenWithin || now.Sub(ticket.Closed) > ticket.Within):
		return "reopened against the process"
	case d.AddParty && (party || !writes):
		return "a party is added once, and where it answers"
	case d.Action == Attach && !isSigned && !w.m.Kind.answers() && !party && !w.m.Aligned:
		return "an unproved stranger writes into a matter"
	}
	return ""
}

// FuzzDecide gives what strangers write in headers to the chain.
func FuzzDecide(f *testing.F) {
	f.Add("<a@b>", "<b1@mail.example>", "Re: Fire CLM-2026-000124-5", "bert@mail.example", "", uint8(1))
	f.Add("", "<"+token(f)+"@docket.example>", "Water damage", "anna@bank.example", token(f), uint8(2))
	f.Fuzz(func(t *testing.T, id, parent, subject, from, token string, bits uint8) {
		k := house(t)
		m := Message{ID: id, InReplyTo: []string{parent}, References: []string{id, parent, token}, Tokens: []string{token}, Subject: subject, From: from,
			Numbers: Numbers(subject, func(string) bool { return true }), Aligned: bits&1 != 0, OwnLoop: bits&2 != 0,
			Kind: []Kind{Person, Automatic, Bounce, Receipt, Generated, Person, Person, Person}[bits>>2&7]}
		m.Asks()
		d := Decide(m, k, now)
		if d.Action == "" || d.Reason == "" || len(d.Trace) == 0 {
			t.Errorf("undecided: %+v", d)
		}
		if broken := (world{m, k}).broken(d); d.Action != Drop && broken != "" {
			t.Errorf("%s: %+v", broken, d)
		}
	})
}

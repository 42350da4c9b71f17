package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/capture/mail"
	"docket/workflow"
	"docket/workflow/relay/relaytest"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

var updateRules = flag.Bool("update", false, "write what the messages of the rules give as what is wanted; look at every difference before keeping it")

// A rulesHouse is a house to which the messages of testdata/rules are sent, in the order of their names.
type rulesHouse struct {
	*mailHouse
	world *relaytest.Server
	agent workflow.User
	main  workflow.Ticket   // of the matter with which it begins
	names map[string]string // what stands for {{...}} in the messages: tokens and numbers of this house
}

// TestEveryRuleByMail sends messages for the rules of docs/email.md that only a whole house can show; those that a parser shows are in
// capture/mail. want.txt says of each what the mail server answered, what the ledger says, what was decided and by which rule, in which
// ticket it is, how many documents it brought, how many automatic answers went out, and where the first matter stands then.
func TestEveryRuleByMail(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts everything embedded")
	}
	h := openRulesHouse(t)
	folders, err := filepath.Glob("testdata/rules/*-*")
	if err != nil || len(folders) < 20 {
		t.Fatalf("%d folders, %v", len(folders), err)
	}
	var got strings.Builder
	for _, folder := range folders {
		h.before(filepath.Base(folder))
		files, err := filepath.Glob(folder + "/*.eml")
		if err != nil || len(files) == 0 {
			t.Fatalf("no messages in %s, %v", folder, err)
		}
		for _, file := range files {
			fmt.Fprintf(&got, "%s: %s\n", strings.TrimSuffix(strings.TrimPrefix(file, "testdata/rules/"), ".eml"), h.send(file))
		}
	}
	if *updateRules {
		if err := os.WriteFile("testdata/rules/want.txt", []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/rules/want.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Error(diff)
	}
}

func openRulesHouse(t *testing.T) *rulesHouse {
	world := relaytest.Start(t)
	world.Open = true
	h := &rulesHouse{mailHouse: startMailHouseWith(t, func(c *config) { c.Relay, c.MaxSize = "smtp://"+world.Address(), 60_000 }, "service@house.example"), world: world, names: map[string]string{}}
	h.agent = workflow.User{ID: uuid.New(), Name: "anna", Title: "Anna", Roles: []workflow.Role{workflow.Agent}, Teams: []string{"complaints"}, Active: true}
	h.inTx(t, func(tx pgx.Tx) (err error) {
		h.channel.Aliases = []string{"info@house.example", "help@house.example"}
		h.channel, err = h.plan.SaveChannel(t.Context(), tx, console, h.channel)
		return err
	})
	return h
}

// before does what has to happen before the messages of a rule come.
func (h *rulesHouse) before(folder string) {
	switch folder {
	case "01-stored": // the first matter is there, and was acknowledged
		_, h.main = h.placed("00-first@customer.example")
		ack := sent(h.t, h.world, 1)
		h.names["{{token}}"], h.names["{{number}}"], h.names["{{forged}}"] = ack.ID, h.main.Number, forged(ack.ID)
	case "23-clock": // the customer was asked, and the ticket waits for her
		h.move("start", "ask-customer")
		h.answer()
	case "31-closed":
		h.move("withdraw")
	case "32-moved":
		h.inTx(h.t, func(tx pgx.Tx) error {
			_, err := h.desk.Assign(h.t.Context(), tx, h.agent, h.main.ID, "", "service", 0)
			return err
		})
	case "46-proof":
		h.inTx(h.t, func(tx pgx.Tx) error {
			return h.outbox.Restore(h.t.Context(), tx, h.agent, "eva@customer.example", "she has it again")
		})
		h.answer()
	}
}

// move takes steps of the first matter's process.
func (h *rulesHouse) move(steps ...string) {
	h.t.Helper()
	for _, step := range steps {
		h.inTx(h.t, func(tx pgx.Tx) error {
			_, err := h.desk.Move(h.t.Context(), tx, h.agent, h.main.ID, step, 0, "a reason")
			return err
		})
	}
}

// answer sends an answer of the agent, and waits until the world has it.
func (h *rulesHouse) answer() {
	h.t.Helper()
	var m workflow.Outgoing
	h.inTx(h.t, func(tx pgx.Tx) (err error) {
		m, err = h.outbox.Queue(h.t.Context(), tx, h.agent, workflow.Outgoing{Ticket: h.main.ID, Recipients: []string{"eva@customer.example"}, Subject: "The dishwasher", Body: "A new one comes on Friday."})
		return err
	})
	for deadline := time.Now().Add(time.Minute); m.State != workflow.Sent; time.Sleep(20 * time.Millisecond) {
		var err error
		if m, err = h.outbox.Find(h.t.Context(), h.pool, h.agent.Reader(), m.ID); err != nil || time.Now().After(deadline) {
			h.t.Fatalf("the answer is %s: %v", m.State, err)
		}
	}
	messages, err := h.desk.Messages(h.t.Context(), h.pool, []uuid.UUID{m.ID})
	if err != nil {
		h.t.Fatal(err)
	}
	h.names["{{reply}}"] = messages[m.ID].MessageID
}

// send hands a message over, several times when its name says so, and tells what came of it.
func (h *rulesHouse) send(file string) string {
	h.t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		h.t.Fatal(err)
	}
	times := 1
	if _, err := fmt.Sscanf(filepath.Ext(strings.TrimSuffix(file, ".eml")), ".x%d", &times); err != nil {
		times = 1
	}
	acknowledged := h.acknowledged()
	text, said := "", ""
	for n := range times {
		text = strings.ReplaceAll(string(raw), "{{n}}", fmt.Sprint(n+1))
		for name, value := range h.names {
			text = strings.ReplaceAll(text, name, value)
		}
		said = h.hand(text)
	}
	if said != "250" {
		return said
	}
	h.settle(h.t)
	return fmt.Sprintf("%s | %s | acknowledged %d | %s", said, h.placedAs(text), h.acknowledged()-acknowledged, h.state())
}

// hand speaks SMTP, to all addresses of the house in To, and gives the code of the answer.
func (h *rulesHouse) hand(text string) string {
	h.t.Helper()
	m, err := mail.Parse(strings.NewReader(text))
	if err != nil {
		h.t.Fatal(err)
	}
	to, from := []string{}, ""
	for _, a := range m.To {
		to = append(to, a.Address)
	}
	if len(to) == 0 {
		to = []string{h.channel.Address}
	}
	if len(m.From) > 0 && m.Machine.Kind == "" {
		from = m.From[0].Address
	}
	c, err := smtp.Dial(h.config.SMTP)
	if err != nil {
		h.t.Fatal(err)
	}
	defer c.Close()
	err = c.SendMail(from, to, strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n")))
	if refused, ok := errors.AsType[*smtp.SMTPError](err); ok {
		return fmt.Sprint(refused.Code)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return "250"
}

// acknowledged is how many acknowledgements were made.
func (h *rulesHouse) acknowledged() (n int) {
	h.t.Helper()
	err := h.pool.QueryRow(h.t.Context(), "select count(*) from workflow.outgoing where kind = 'acknowledgement'").Scan(&n)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// placedAs says what became of the message that came last.
func (h *rulesHouse) placedAs(text string) string {
	h.t.Helper()
	var p capture.Piece
	err := h.pool.QueryRow(h.t.Context(), "select receipt, document, state from capture.piece where depth = 0 order by seq desc limit 1").Scan(&p.Receipt, &p.Document, &p.State)
	if err != nil {
		h.t.Fatal(err)
	}
	messages, err := h.desk.Messages(h.t.Context(), h.pool, []uuid.UUID{p.Document})
	if err != nil {
		h.t.Fatal(err)
	}
	tickets, err := h.desk.ByDocuments(h.t.Context(), h.pool, []uuid.UUID{p.Document})
	if err != nil {
		h.t.Fatal(err)
	}
	parts, err := capture.Attachments(h.t.Context(), h.pool, p.Receipt)
	if err != nil {
		h.t.Fatal(err)
	}
	where, m := "in no ticket", messages[p.Document]
	switch t, filed := tickets[p.Document]; {
	case filed && t.ID == h.main.ID:
		where = "in the first ticket"
	case filed:
		where = "in a ticket of its own"
	case m.Ticket == h.main.ID && m.Ticket != uuid.Nil:
		where = "perhaps of the first ticket"
	}
	proved := map[bool]string{true: "proved", false: "not proved"}[m.Aligned]
	return fmt.Sprintf("%s | %s by rule %d, %s | %s | %d documents", p.State, m.Action, m.Rule, proved, where, 1+len(parts))
}

// state is where the first matter stands, and who takes part in it.
func (h *rulesHouse) state() string {
	h.t.Helper()
	if h.main.ID == uuid.Nil {
		return "-"
	}
	ctx := context.WithoutCancel(h.t.Context())
	t, err := h.desk.ByNumber(ctx, h.pool, h.agent.Reader(), h.main.Number)
	if err != nil {
		h.t.Fatal(err)
	}
	rows, err := h.pool.Query(ctx, "select address from workflow.participant where ticket = $1", t.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	who, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		h.t.Fatal(err)
	}
	slices.Sort(who)
	return strings.TrimSpace(fmt.Sprintf("%s, %s %s", t.State, t.Team, strings.Join(who, " ")))
}

// Every rule of docs/email.md has messages of its own: those that a parser shows beside it, the others here.
func TestEveryRuleHasMessages(t *testing.T) {
	t.Parallel()
	all := 0
	for rule := 1; rule <= 46; rule++ {
		n := 0
		for _, corpus := range []string{"testdata/rules", "../../capture/mail/testdata/corpus"} {
			files, err := filepath.Glob(fmt.Sprintf("%s/%02d-*/*.eml", corpus, rule))
			if err != nil {
				t.Fatal(err)
			}
			n += len(files)
		}
		if n == 0 {
			t.Errorf("rule %d has no message", rule)
		}
		all += n
	}
	if all < 150 {
		t.Errorf("%d messages", all)
	}
}

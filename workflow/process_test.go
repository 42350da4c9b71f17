package workflow

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestEveryClassNamesAProcessThatShips(t *testing.T) {
	t.Parallel()
	all, err := shippedProcesses()
	if err != nil {
		t.Fatal(err)
	}
	pack, err := taxonomy.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"": true}
	for _, p := range all {
		known[p.ID] = true
	}
	for _, c := range pack.Classes {
		if !known[c.Process] {
			t.Errorf("class %s names the process %q", c.ID, c.Process)
		}
	}
}

// TestCheckSaysWhatIsWrong spoils a good process in one place after the other.
func TestCheckSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	all, err := shippedProcesses()
	if err != nil {
		t.Fatal(err)
	}
	good, err := json.Marshal(all[0])
	if err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(p *Process){
		"no title in hu":             func(p *Process) { delete(p.Titles, "hu") },
		"prefix":                     func(p *Process) { p.Prefix = "clm" },
		"is there twice":             func(p *Process) { p.States[1].ID = p.States[0].ID },
		"0 initial states":           func(p *Process) { p.States[0].Initial = false },
		"2 initial states":           func(p *Process) { p.States[1].Initial = true },
		"initial state new is a fin": func(p *Process) { p.States[0].WaitingOn = WaitingOnNothing },
		"waits on":                   func(p *Process) { p.States[1].WaitingOn = "somebody" },
		"which is not there":         func(p *Process) { p.Transitions[0].To = "nowhere" },
		"done by nobody":             func(p *Process) { p.Transitions[0].Roles = nil },
		"which does not exist":       func(p *Process) { p.Transitions[0].Roles = []Role{"king"} },
		"undeclared reference":       func(p *Process) { p.Transitions[0].Guard = "amuont > 1.0" },
		"not true or false":          func(p *Process) { p.Transitions[0].Guard = "amount + 1.0" },
		"refusal of transition":      func(p *Process) { p.Transitions[0].Guard = "amount > 1.0" },
		"no event":                   func(p *Process) { p.Transitions[0].On = "full-moon" },
		"names no team":              func(p *Process) { p.Routes[0].Team = "" },
		"the last route":             func(p *Process) { p.Routes[len(p.Routes)-1].When = "amount > 1.0" },
		"priority":                   func(p *Process) { p.Routes[0].Priority = "extreme" },
		"cannot be reached":          func(p *Process) { p.Transitions = append(p.Transitions[:4], p.Transitions[5:]...) },
		"can ever be closed": func(p *Process) {
			p.States[len(p.States)-1].WaitingOn = WaitingOnUs
			p.States[4].WaitingOn = WaitingOnUs
			p.States[5].WaitingOn = WaitingOnUs
		},
		"target": func(p *Process) { p.Target.Days = 0 },
	} {
		p := &Process{}
		if err := json.Unmarshal(good, p); err != nil {
			t.Fatal(err)
		}
		if err := p.Check(); err != nil {
			t.Fatalf("the process is wrong before it is spoilt: %v", err)
		}
		spoil(p)
		if err := p.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want something about %q, got %v", want, err)
		}
	}
	if _, err := parseProcess([]byte(`{"id": "x", "guards": []}`)); err == nil {
		t.Error("an unknown key was accepted")
	}
}

func TestGuards(t *testing.T) {
	t.Parallel()
	f := Facts{Class: "claim", Amount: 999.5, Currency: "EUR", Owner: "anna", User: "anna", Roles: []string{"agent"}, Teams: []string{},
		Fields: map[string]string{"iban": "AT61"}, Opened: now, Now: now.AddDate(0, 0, 10)}
	for expression, want := range map[string]bool{
		"":                                      true,
		"amount <= 1000.0 && currency == 'EUR'": true,
		"owner != user":                         false,
		"'agent' in roles":                      true,
		"'lead' in roles || 'claims' in teams":  false,
		"now - opened > duration('168h')":       true,
		"'iban' in fields && fields['iban'] == 'AT61'": true,
		"class.startsWith('cl')":                       true,
	} {
		got, err := holds(expression, f)
		if err != nil || got != want {
			t.Errorf("%q gives %v, %v; want %v", expression, got, err, want)
		}
	}
	for _, bad := range []string{"1", "amount", "class == 5", "nothing == ''", "fields.all(k, true", strings.Repeat("(", 300) + "true", strings.Repeat("true && ", 1000) + "true"} {
		if _, err := compile(bad); err == nil {
			t.Errorf("%.40q was compiled", bad)
		}
	}
	if _, err := holds("fields['absent'] == ''", f); err == nil {
		t.Error("a field that is not there gives no error")
	}
	f.Teams = make([]string, 1000)
	start := time.Now()
	if _, err := holds("teams.all(a, teams.all(b, teams.all(c, a == b && b == c)))", f); err == nil || time.Since(start) > 5*time.Second {
		t.Errorf("a costly condition ran for %v and gave %v", time.Since(start), err)
	}
}

func TestAssignment(t *testing.T) {
	t.Parallel()
	p := &Process{Routes: []Route{
		{When: "fields['broken'] == 'yes'", Team: "never"},
		{When: "class == 'claim' && amount > 100.0", Team: "claims", Priority: High},
		{Team: "rest", Owner: "anna"},
	}}
	for _, test := range []struct {
		f    Facts
		want Route
	}{
		{Facts{Class: "claim", Amount: 500}, Route{When: p.Routes[1].When, Team: "claims", Priority: High}},
		{Facts{Class: "claim"}, Route{Team: "rest", Owner: "anna", Priority: Normal}},
	} {
		if diff := cmp.Diff(test.want, p.Assignment(test.f)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", test.f, diff)
		}
	}
}

func TestInstallMakesNewVersionsOnly(t *testing.T) {
	h := open(t)
	shipped, err := shippedProcesses()
	if err != nil {
		t.Fatal(err)
	}
	_, old := h.send(letter{class: taxonomy.Claim})
	changed := *shipped[0]
	changed.Target.Days = 3
	for range 2 {
		h.Tx(func(ctx context.Context, tx pgx.Tx) error {
			return installProcesses(ctx, tx, append([]*Process{&changed}, shipped[1:]...))
		})
	}
	all, err := h.desk.Processes(t.Context(), h.Pool)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, p := range all {
		got[p.ID] = p.Version
	}
	if diff := cmp.Diff(map[string]int{"claims": 2, "general": 1, "question": 1}, got); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	_, young := h.send(letter{class: taxonomy.Claim})
	if old.ProcessVersion != 1 || young.ProcessVersion != 2 || !young.DueAt.Before(old.DueAt) {
		t.Errorf("the old ticket runs under %d, the new one under %d", old.ProcessVersion, young.ProcessVersion)
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	vienna, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		t.Fatal(err)
	}
	easterMonday := time.Date(2026, 4, 6, 0, 0, 0, 0, vienna)
	c := Calendar{Zone: vienna, Holidays: easterMonday.Equal}
	for _, test := range []struct {
		received string
		days     int
		want     string
	}{
		{"2026-03-16T09:00:00Z", 1, "2026-03-17T23:59:59+01:00"},  // Monday to Tuesday
		{"2026-03-16T23:30:00Z", 1, "2026-03-18T23:59:59+01:00"},  // already Tuesday in Vienna
		{"2026-03-20T09:00:00Z", 1, "2026-03-23T23:59:59+01:00"},  // over a weekend
		{"2026-03-21T09:00:00Z", 1, "2026-03-23T23:59:59+01:00"},  // received on a Saturday
		{"2026-03-27T09:00:00Z", 1, "2026-03-30T23:59:59+02:00"},  // over the change of clocks
		{"2026-04-02T09:00:00Z", 2, "2026-04-07T23:59:59+02:00"},  // over a holiday
		{"2026-03-16T09:00:00Z", 15, "2026-04-07T23:59:59+02:00"}, // three weeks and a holiday
	} {
		received, err := time.Parse(time.RFC3339, test.received)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Due(received, test.days).Format(time.RFC3339); got != test.want {
			t.Errorf("%s and %d days: due %s, want %s", test.received, test.days, got, test.want)
		}
	}
}

package workflow

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"docket/taxonomy"
)

var (
	idPattern     = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	prefixPattern = regexp.MustCompile(`^[A-Z]{2,5}$`)
)

// Check says everything that is wrong with a process, or nothing: IDs, titles in every language, one initial state, every
// state can be reached and none is a trap, roles exist, guards and conditions are of the right type, every ticket gets a team.
func (p *Process) Check() error {
	c := &checker{process: p}
	if !idPattern.MatchString(p.ID) || !prefixPattern.MatchString(p.Prefix) {
		c.bad("the ID %q or the prefix %q is not well formed", p.ID, p.Prefix)
	}
	if p.Target.Days < 1 {
		c.bad("the target of %d days is not at least one", p.Target.Days)
	}
	c.titles("process", p.ID, p.Titles)
	c.states()
	c.transitions()
	c.routes()
	if len(c.all) == 0 {
		c.paths()
	}
	return errors.Join(c.all...)
}

type checker struct {
	process *Process
	all     []error
}

func (c *checker) bad(format string, args ...any) { c.all = append(c.all, fmt.Errorf(format, args...)) }

func (c *checker) titles(kind, id string, titles taxonomy.Titles) {
	for _, l := range taxonomy.Languages {
		if titles[l] == "" {
			c.bad("%s %s has no title in %s", kind, id, l)
		}
	}
}

func (c *checker) states() {
	seen, initial := map[string]bool{}, 0
	for _, s := range c.process.States {
		if seen[s.ID] || !idPattern.MatchString(s.ID) {
			c.bad("the state %q is there twice or not well formed", s.ID)
		}
		seen[s.ID] = true
		c.titles("state", s.ID, s.Titles)
		if !slices.Contains([]WaitingOn{NotStarted, WaitingOnUs, WaitingOnThem, WaitingOnNothing}, s.WaitingOn) {
			c.bad("state %s waits on %q", s.ID, s.WaitingOn)
		}
		if s.Initial {
			initial++
			if s.WaitingOn == WaitingOnNothing {
				c.bad("the initial state %s is a final one", s.ID)
			}
		}
	}
	if initial != 1 {
		c.bad("there are %d initial states, not one", initial)
	}
}

func (c *checker) transitions() {
	seen := map[string]bool{}
	for _, t := range c.process.Transitions {
		if seen[t.ID] || !idPattern.MatchString(t.ID) {
			c.bad("the transition %q is there twice or not well formed", t.ID)
		}
		seen[t.ID] = true
		c.titles("transition", t.ID, t.Titles)
		if len(t.From) == 0 || len(t.Roles) == 0 {
			c.bad("transition %s leads from nowhere or may be done by nobody", t.ID)
		}
		for _, id := range append(slices.Clone(t.From), t.To) {
			if _, ok := c.process.State(id); !ok {
				c.bad("transition %s names the state %q, which is not there", t.ID, id)
			}
		}
		for _, r := range t.Roles {
			if !slices.Contains(Roles, r) {
				c.bad("transition %s names the role %q, which does not exist", t.ID, r)
			}
		}
		if _, err := compile(t.Guard); err != nil {
			c.bad("transition %s: guard: %w", t.ID, err)
		}
		if t.Guard != "" {
			c.titles("refusal of transition", t.ID, t.Refusal)
		}
		for _, event := range strings.Fields(t.On) {
			if !slices.Contains([]string{OnJoined, OnAnswered, OnBounced}, event) {
				c.bad("transition %s happens on %q, which is no event", t.ID, event)
			}
		}
	}
}

func (c *checker) routes() {
	for i, r := range c.process.Routes {
		if _, err := compile(r.When); err != nil {
			c.bad("route %d: condition: %w", i+1, err)
		}
		if r.Team == "" {
			c.bad("route %d names no team", i+1)
		}
		if !slices.Contains([]Priority{"", Low, Normal, High, Urgent}, r.Priority) {
			c.bad("route %d has the priority %q", i+1, r.Priority)
		}
	}
	if n := len(c.process.Routes); n == 0 || c.process.Routes[n-1].When != "" {
		c.bad("the last route has a condition, so that some tickets get no team")
	}
}

// paths checks that every state can be reached from the initial one, and that from every state a final one can be reached.
func (c *checker) paths() {
	p := c.process
	reached := p.reach(p.Initial().ID)
	for _, s := range p.States {
		if !reached[s.ID] {
			c.bad("the state %s cannot be reached", s.ID)
		}
		out := p.reach(s.ID)
		if !slices.ContainsFunc(p.States, func(f State) bool { return f.WaitingOn == WaitingOnNothing && out[f.ID] }) {
			c.bad("from the state %s no ticket can ever be closed", s.ID)
		}
	}
}

// reach gives all states that can be reached from one, itself included.
func (p *Process) reach(from string) map[string]bool {
	seen, todo := map[string]bool{from: true}, []string{from}
	for len(todo) > 0 {
		state := todo[0]
		todo = todo[1:]
		for _, t := range p.From(state) {
			if !seen[t.To] {
				seen[t.To], todo = true, append(todo, t.To)
			}
		}
	}
	return seen
}

package api

import (
	"slices"

	"docket/repository/journal"
	"docket/taxonomy"
)

// The roles that the API asks for.
const (
	mailroom       = "mailroom"
	agent          = "agent"
	recordsManager = "records-manager"
	administrator  = "administrator"
)

// Sets of roles, as operations ask for them. Administrators have all roles.
var (
	anybody     []string
	senders     = []string{mailroom, agent}
	mailClerks  = []string{mailroom}
	workers     = []string{mailroom, agent, recordsManager}
	caseWorkers = []string{agent, recordsManager}
	admins      = []string{administrator}
)

// Who is the person that a request comes from.
type Who struct {
	Name   string // user name
	Roles  []string
	Reader taxonomy.Reader // what they may see
}

// Has says whether the person has one of the roles. Administrators have all.
func (w Who) Has(roles ...string) bool {
	return slices.Contains(w.Roles, administrator) || slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(w.Roles, r) })
}

// Actor is the person in the journal.
func (w Who) Actor() journal.Actor { return journal.Actor(w.Name) }

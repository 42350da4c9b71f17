package web

import (
	"slices"

	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// newParty is the choice of a party that is to be made, beside those that are known.
const newParty = "new"

// A partyChoice is who the document seems to be from, and who else it may be from.
type partyChoice struct {
	Match  taxonomy.Recognition // by what the document says
	Others []taxonomy.Party     // found by a name
	Chosen string               // an ID, newParty, or empty for the match
	Asked  string               // the name that was looked for, empty for the sender's
	Name   string               // the sender's, for a new one
}

// Shown is the party that the document would be filed under, as far as it is known now.
func (p partyChoice) Shown() taxonomy.Party {
	if p.Chosen == newParty {
		return taxonomy.Party{Name: p.Name}
	}
	if i := slices.IndexFunc(p.Others, func(o taxonomy.Party) bool { return o.ID.String() == p.Chosen }); i >= 0 {
		return p.Others[i]
	}
	if p.Match.Found {
		return p.Match.Party
	}
	return taxonomy.Party{Name: p.Name}
}

// addParty looks for the sender among the parties that are known.
func (s *Server) addParty(v *visit, page *validatePage, values taxonomy.Values, chosen, asked string) (err error) {
	p := &page.Party
	p.Chosen, p.Asked, p.Name = chosen, asked, values.Get(taxonomy.SenderName)
	if p.Match, err = taxonomy.FindMatch(v.ctx(), v.pool(), taxonomy.HintsFrom(values, 0)); err != nil {
		return err
	}
	name := asked
	if name == "" {
		name = p.Name
	}
	if name != "" {
		if p.Others, err = taxonomy.FindParties(v.ctx(), v.pool(), name, 8); err != nil {
			return err
		}
	}
	return s.keepChosen(v, p)
}

// keepChosen keeps a party in the list that was chosen before something else was looked for.
func (s *Server) keepChosen(v *visit, p *partyChoice) error {
	id, err := uuid.Parse(p.Chosen)
	if err != nil {
		return nil
	}
	if slices.ContainsFunc(p.Others, func(o taxonomy.Party) bool { return o.ID == id }) {
		return nil
	}
	party, err := taxonomy.PartyByID(v.ctx(), v.pool(), id)
	if err == nil {
		p.Others = append([]taxonomy.Party{party}, p.Others...)
	}
	return err
}

// addNewParty makes the party that a person asked for. It is no guess, so it is not provisional.
func (s *Server) addNewParty(v *visit, tx pgx.Tx, by journal.Actor, page validatePage, values taxonomy.Values) (taxonomy.PartyID, error) {
	hints := taxonomy.HintsFrom(values, 0)
	party, err := s.config.Plan.AddParty(v.ctx(), tx, by, taxonomy.Party{Kind: taxonomy.KindOfName(hints.Name), Name: hints.Name}, hints, page.Document)
	return party.ID, err
}

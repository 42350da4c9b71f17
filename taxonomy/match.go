package taxonomy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"docket/repository/postgres"
	"docket/repository/say"

	"github.com/jackc/pgx/v5"
)

// A Recognition says whether a sender is a party that we know.
type Recognition struct {
	Found    bool
	Party    Party   // without contacts; the zero Party when not found
	Score    float64 // 0 to 1
	How      string  // "e-mail anna@example.org", or why there is none
	Conflict bool    // several parties answer to the hints: a person must decide
}

// Scores of what speaks for a party. A customer number is ours and names one customer; an e-mail address or a phone may be
// shared in a household; a name with a postcode is nearly always one person.
const (
	scoreCustomer     = 0.99
	scoreEmail        = 0.97
	scorePhone        = 0.93
	scoreNamePostcode = 0.90
	nameDiffers       = 0.15 // taken off when the party's name shares no word with the hinted one
)

// candidate is one party that one of the hints points to.
type candidate struct {
	party   Party
	nameKey string
	by      ContactKind
	text    string
}

// FindMatch looks for the one party that the hints point to: by customer number, e-mail, phone, or name with postcode. When
// they point to several, the one whose name fits is taken, and when that does not settle it, none: a Conflict.
func FindMatch(ctx context.Context, q postgres.Querier, h Hints) (Recognition, error) {
	candidates, err := candidatesFor(ctx, q, h)
	if err != nil {
		return Recognition{}, fmt.Errorf("match a party: %w", err)
	}
	return decide(candidates, NameKey(h.Name)), nil
}

func candidatesFor(ctx context.Context, q postgres.Querier, h Hints) ([]candidate, error) {
	var kinds, values []string
	for _, c := range h.contacts() {
		kinds, values = append(kinds, string(c.Kind)), append(values, c.Value)
	}
	if len(kinds) == 0 {
		return nil, nil
	}
	rows, err := q.Query(ctx, `select p.id, p.kind, p.name, p.provisional, p.version, p.created_at, p.created_by, p.name_key, c.kind, c.text
		from unnest($1::text[], $2::text[]) as hint (kind, value)
		join taxonomy.contact c on c.kind = hint.kind and c.value = hint.value
		join taxonomy.party p on p.id = c.party
		where p.merged_into is null and hint.kind <> 'address' and (hint.kind <> 'postcode' or p.name_key = $3 and $3 <> '')
		order by p.id`, kinds, values, NameKey(h.Name))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (candidate, error) {
		var c candidate
		p := &c.party
		err := row.Scan(&p.ID, &p.Kind, &p.Name, &p.Provisional, &p.Version, &p.CreatedAt, &p.CreatedBy, &c.nameKey, &c.by, &c.text)
		return c, err
	})
}

// decide is the rule, without the database.
func decide(all []candidate, nameKey string) Recognition {
	if len(all) == 0 {
		return Recognition{How: say.Text("nobody known has this customer number, e-mail, phone, or name with postcode")}
	}
	parties := partiesOf(all)
	if len(parties) > 1 {
		all = slices.DeleteFunc(slices.Clone(all), func(c candidate) bool { return nameKey == "" || !sharesWord(c.nameKey, nameKey) })
		if left := partiesOf(all); len(left) != 1 {
			return Recognition{Conflict: true, How: say.Text("the hints point to several parties: %s", strings.Join(namesOf(parties), ", "))}
		}
	}
	best := slices.MaxFunc(all, func(a, b candidate) int { return compare(score(a, nameKey), score(b, nameKey)) })
	return Recognition{Found: true, Party: best.party, Score: score(best, nameKey), How: howOf(best)}
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func score(c candidate, nameKey string) float64 {
	s := map[ContactKind]float64{Customer: scoreCustomer, Email: scoreEmail, Phone: scorePhone, Postcode: scoreNamePostcode}[c.by]
	if nameKey != "" && c.nameKey != "" && !sharesWord(c.nameKey, nameKey) {
		s -= nameDiffers
	}
	return s
}

func howOf(c candidate) string {
	switch c.by {
	case Customer:
		return say.Text("known customer number %s", c.text)
	case Email:
		return say.Text("known e-mail address %s", c.text)
	case Phone:
		return say.Text("known phone number %s", c.text)
	}
	return say.Text("known name with postcode %s", c.text)
}

func partiesOf(all []candidate) []Party {
	var parties []Party
	for _, c := range all {
		if !slices.ContainsFunc(parties, func(p Party) bool { return p.ID == c.party.ID }) {
			parties = append(parties, c.party)
		}
	}
	return parties
}

func namesOf(parties []Party) []string {
	var names []string
	for _, p := range parties {
		names = append(names, p.Name)
	}
	return names
}

// sharesWord says whether two name keys have a word of at least two letters in common.
func sharesWord(a, b string) bool {
	words := strings.Fields(b)
	return slices.ContainsFunc(strings.Fields(a), func(w string) bool { return len(w) > 1 && slices.Contains(words, w) })
}

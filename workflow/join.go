package workflow

import (
	"slices"
	"strings"
	"time"

	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// sameMatter is how long after a ticket was last active a letter on the same subject still belongs to it.
const sameMatter = 30 * 24 * time.Hour

// An openTicket is what the rule needs to know of a ticket that is still open.
type openTicket struct {
	ID       TicketID
	Number   string
	Process  string
	Subject  string
	Product  string
	Keys     []string
	ActiveAt time.Time
}

// keysOf are the numbers of a document that name a matter: of contracts, policies and invoices, letters and digits only.
func keysOf(v taxonomy.Values) []string {
	keys := []string{}
	for _, id := range []taxonomy.FieldID{taxonomy.ContractNumber, taxonomy.PolicyNumber, taxonomy.InvoiceNumber} {
		key := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
				return r
			}
			return -1
		}, strings.ToUpper(v.Get(id)))
		if len(key) >= 4 && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// belongs says whether a document of a party belongs to one of the party's open tickets, and why. The rule, in order:
//
//   - a shared contract, policy or invoice number, unless both speak of different subjects: one contract can have two troubles;
//   - the same subject and product in the same process, when the ticket was active within thirty days.
//
// Tickets of another process are joined only by a number. Of several the most recently active one is taken.
func belongs(open []openTicket, r taxonomy.Record, process string, now time.Time) (openTicket, string, bool) {
	keys := keysOf(r.Values)
	subject, product := r.Values.Get(taxonomy.Subject), r.Values.Get(taxonomy.Product)
	open = slices.Clone(open)
	slices.SortStableFunc(open, func(a, b openTicket) int { return b.ActiveAt.Compare(a.ActiveAt) })
	for _, t := range open {
		if key := shared(t.Keys, keys); key != "" && (t.Subject == "" || subject == "" || t.Subject == subject) {
			return t, say.Text("same sender and same number %s", key), true
		}
	}
	for _, t := range open {
		if t.Process == process && subject != "" && t.Subject == subject && t.Product == product && now.Sub(t.ActiveAt) <= sameMatter {
			return t, say.Text("same sender and same matter"), true
		}
	}
	return openTicket{}, "", false
}

func shared(a, b []string) string {
	for _, k := range a {
		if slices.Contains(b, k) {
			return k
		}
	}
	return ""
}

// sameParty says whether a document that names a ticket comes from the ticket's party: the same one, or a name that is the
// same when accents, case, order and titles are left aside. Where a party is not known nothing is the same.
func sameParty(t Ticket, r taxonomy.Record) bool {
	if t.Party != uuid.Nil && t.Party == r.Party {
		return true
	}
	key := taxonomy.NameKey(t.PartyName)
	return key != "" && key == taxonomy.NameKey(r.PartyName)
}

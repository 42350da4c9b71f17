package sample

import (
	"slices"
	"strconv"
	"time"

	"docket/taxonomy"
)

// A matter is what somebody writes about: who, which product, what happened, with which numbers.
type matter struct {
	class    taxonomy.ClassID
	language string
	sender   party
	client   party // of a lawyer
	subject  string
	product  string
	remedy   string
	tone     string

	customer, contract, policy, invoice, ticket string // "" when the writer does not know it

	incident time.Time
	written  time.Time
	deadline time.Time // zero for none
	within   int       // days: the deadline is said as "within n days"; 0 for as a date
	earlier  time.Time // their own letter before this one; zero for none
	ours     time.Time // our letter that a reply answers
	cents    int       // 0 for none
}

// A topic is a subject with the products it happens to and the remedies asked for.
type topic struct {
	subject  string
	products []string
	remedies []string
}

var (
	insurance  = []string{"home-insurance", "motor-insurance", "travel-insurance", "health-insurance", "liability-insurance"}
	accounts   = []string{"current-account", "savings-account", "credit-card"}
	loans      = []string{"personal-loan", "mortgage"}
	supplies   = []string{"electricity", "natural-gas", "broadband", "mobile-phone"}
	appliances = []string{"washing-machine", "dishwasher", "refrigerator", "laptop", "television", "vacuum-cleaner"}
	goods      = slices.Concat(appliances, []string{"sofa", "bicycle"})
	services   = slices.Concat(insurance, accounts, loans, supplies)
)

var complaints = []topic{
	{"late-delivery", goods, []string{"refund", "cancellation", "compensation", "information", "call-back"}},
	{"damaged-goods", goods, []string{"replacement", "refund", "price-reduction", "repair"}},
	{"wrong-goods", goods, []string{"replacement", "refund"}},
	{"faulty-product", appliances, []string{"repair", "replacement", "refund", "price-reduction"}},
	{"billing-error", supplies[:2], []string{"correction", "refund"}},
	{"double-charge", services, []string{"refund", "correction"}},
	{"poor-service", slices.Concat(services, goods), []string{"apology", "call-back", "compensation"}},
	{"missed-appointment", slices.Concat(supplies[:3], appliances), []string{"compensation", "apology", "call-back"}},
	{"no-answer", slices.Concat(services, goods), []string{"information", "call-back"}},
	{"data-protection", slices.Concat(insurance, accounts, supplies), []string{"apology", "information", "compensation"}},
	{"misleading-advice", slices.Concat(insurance, loans, accounts[1:2]), []string{"cancellation", "compensation"}},
	{"delayed-payment", insurance, []string{"payment", "information"}},
	{"unfair-fee", slices.Concat(accounts, loans), []string{"refund"}},
	{"denied-claim", insurance, []string{"payment"}},
	{"contract-terms", slices.Concat(insurance, supplies), []string{"cancellation", "correction"}},
	{"app-problem", slices.Concat(accounts, supplies), []string{"information", "call-back"}},
}

var losses = []topic{
	{"water-damage", insurance[:1], []string{"payment", "compensation"}},
	{"motor-accident", insurance[1:2], []string{"payment", "compensation", "repair"}},
	{"theft", []string{"home-insurance", "home-insurance", "travel-insurance"}, []string{"payment", "compensation"}},
	{"storm-damage", insurance[:2], []string{"payment", "compensation"}},
	{"fire-damage", insurance[:1], []string{"payment", "compensation"}},
	{"travel-disruption", insurance[2:3], []string{"payment", "refund"}},
	{"medical-costs", insurance[2:4], []string{"payment", "refund"}},
}

var questions = []topic{
	{"address-change", services, []string{"information"}},
	{"opening-hours", services, []string{"information", "call-back"}},
	{"product-information", slices.Concat(insurance, accounts, loans, supplies, goods), []string{"information", "call-back"}},
	{"app-problem", slices.Concat(accounts, supplies), []string{"information", "call-back"}},
	{"contract-terms", slices.Concat(insurance, supplies), []string{"information", "call-back"}},
	{"billing-error", supplies, []string{"information", "call-back"}},
}

// topics of a class; classes not listed have only a product.
var topics = map[taxonomy.ClassID][]topic{
	taxonomy.Complaint: complaints,
	taxonomy.Claim:     losses,
	taxonomy.Question:  questions,
	taxonomy.Form:      slices.Concat(losses, complaints, losses),
}

// newMatter invents a matter. All chance comes from d, so the same dice give the same matter.
func newMatter(g *grammar, d *dice, class taxonomy.ClassID, language string) matter {
	m := matter{class: class, language: language}
	m.sender = newParty(g, d, language, senderKind(d, class))
	if m.sender.lawyer {
		m.client = newParty(g, d, language, "person")
	}
	m.choose(d)
	m.tone = pick(d, []share[string]{{"polite", 37}, {"angry", 20}, {"rambling", 20}, {"terse", 13}, {"friendly", 10}})
	m.written = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, d.between(0, 250))
	m.incident = m.written.AddDate(0, 0, -d.between(2, 60))
	if m.subject == "address-change" || class == taxonomy.Contract {
		m.incident = m.written.AddDate(0, 0, d.between(3, 40))
	}
	m.ours = m.written.AddDate(0, 0, -d.between(3, 20))
	m.number(d)
	if d.chance(0.5) || class == taxonomy.Invoice || m.sender.lawyer {
		m.within = one(d, []int{0, 0, 0, 0, 14, 10, 30})
		m.deadline = m.written.AddDate(0, 0, d.between(8, 35))
		if m.within > 0 {
			m.deadline = m.written.AddDate(0, 0, m.within)
		}
	}
	if d.chance(0.65) || slices.Contains([]taxonomy.ClassID{taxonomy.Claim, taxonomy.Invoice, taxonomy.Contract}, class) {
		m.cents = m.amount(d)
	}
	return m
}

// senderKind says who writes: mostly persons; invoices come from firms.
func senderKind(d *dice, class taxonomy.ClassID) string {
	switch class {
	case taxonomy.Invoice:
		return "firm"
	case taxonomy.Correspondence:
		return pick(d, []share[string]{{"firm", 8}, {"lawyer", 2}})
	case taxonomy.Complaint, taxonomy.Claim:
		return pick(d, []share[string]{{"person", 19}, {"lawyer", 1}})
	}
	return "person"
}

func (m *matter) choose(d *dice) {
	if all := topics[m.class]; all != nil {
		t := one(d, all)
		m.subject, m.product, m.remedy = t.subject, one(d, t.products), one(d, t.remedies)
		if m.sender.lawyer {
			m.remedy = ""
		}
		return
	}
	switch m.class {
	case taxonomy.Cancellation:
		m.product, m.remedy = one(d, services), "cancellation"
	case taxonomy.Contract:
		m.product = one(d, services)
	case taxonomy.Invoice, taxonomy.Identity, taxonomy.Correspondence:
	default:
		m.product = one(d, slices.Concat(services, goods))
	}
}

// number decides which numbers the writer knows, by what the product usually has.
func (m *matter) number(d *dice) {
	year := strconv.Itoa(m.written.Year() - d.between(0, 4))
	if d.chance(0.55) {
		m.customer = d.customerNumber()
	}
	switch {
	case slices.Contains(insurance, m.product):
		if d.chance(0.65) {
			m.policy = one(d, []string{"POL-" + year + "-" + d.digits(7), "POL-" + d.digits(8), "P" + d.digits(9), d.digits(3) + "/" + d.digits(6)})
		}
	case slices.Contains(goods, m.product):
		if d.chance(0.5) {
			m.invoice = m.invoiceNumber(d)
		}
	default:
		if d.chance(0.55) || m.class == taxonomy.Contract {
			m.contract = one(d, []string{"CT-" + year + "-" + d.digits(6), "V-" + d.digits(7), d.digits(9), "V" + d.digits(8)})
		}
	}
	if m.class == taxonomy.Invoice || m.subject == "billing-error" && d.chance(0.6) {
		m.invoice = m.invoiceNumber(d)
	}
	if m.class == taxonomy.Reply {
		m.ticket = ticketNumber(d, m.written.Year())
	}
}

func (d *dice) customerNumber() string {
	return one(d, []string{"K-" + d.digits(d.between(6, 8)), "C-" + d.digits(8), d.digits(d.between(7, 10))})
}

func (m *matter) invoiceNumber(d *dice) string {
	year := strconv.Itoa(m.written.Year())
	if m.language == "pl" {
		return one(d, []string{"FV/" + d.digits(3) + "/" + year, "FV " + d.digits(4) + "/" + twoDigits(d.between(1, 12)) + "/" + year})
	}
	if m.language == "de" {
		return one(d, []string{"RE-" + year + "-" + d.digits(4), "R" + d.digits(7), year + "-" + d.digits(5)})
	}
	return one(d, []string{"INV-" + year + "-0" + d.digits(4), year + "/" + d.digits(5), "F-" + d.digits(6)})
}

// ticketNumber invents a number of ours, with its check digit (ISO 7064 MOD 11,10 over year and sequence).
func ticketNumber(d *dice, year int) string {
	digits := strconv.Itoa(year) + "0" + d.digits(5)
	product := 10
	for _, c := range digits {
		sum := (product + int(c-'0')) % 10
		if sum == 0 {
			sum = 10
		}
		product = sum * 2 % 11
	}
	check := (11 - product) % 10
	return one(d, []string{"CLM", "CMP", "QRY"}) + "-" + digits[:4] + "-" + digits[4:] + "-" + strconv.Itoa(check)
}

// amount is a sum in hundredths, of a size usual for the matter and the currency.
func (m *matter) amount(d *dice) int {
	cents := one(d, []int{d.between(900, 9900), d.between(5000, 99000), d.between(50000, 450000)})
	switch {
	case m.class == taxonomy.Contract: // a month
		cents = d.between(900, 9900)
	case slices.Contains(goods, m.product):
		cents = d.between(12000, 180000)
	case m.class == taxonomy.Claim || m.sender.lawyer:
		cents = d.between(15000, 650000)
	}
	switch m.sender.country.currency {
	case "HUF":
		return cents * 4 / 10 * 1000 // whole forints
	case "RUB":
		return cents * 90 / 100 * one(d, []int{100, 100, 101})
	case "PLN":
		return cents * 43 / 10
	}
	if d.chance(0.3) {
		return (cents + 99) / 100 * 100
	}
	return cents
}

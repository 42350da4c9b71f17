package taxonomy

import (
	"slices"
	"strings"
	"time"

	"docket/repository/journal"

	"github.com/google/uuid"
)

// A PartyID names a party. It is a UUIDv7, so it sorts by time.
type PartyID = uuid.UUID

// A PartyKind says what sort of party it is.
type PartyKind string

// The kinds of parties.
const (
	Person       PartyKind = "person"
	Organisation PartyKind = "organisation"
)

// A Party is a person or an organisation that a document is from or about.
type Party struct {
	ID          PartyID
	Kind        PartyKind
	Name        string
	Provisional bool    // made by the machine; nobody has confirmed it
	MergedInto  PartyID // the party it turned out to be, Nil for none
	Version     int
	CreatedAt   time.Time
	CreatedBy   journal.Actor
	Contacts    []Contact
}

// A ContactKind says what a contact is.
type ContactKind string

// The kinds of contacts and their normalised forms.
const (
	Email    ContactKind = "email"    // lower case
	Phone    ContactKind = "phone"    // E.164
	Customer ContactKind = "customer" // upper case, letters and digits only
	Address  ContactKind = "address"  // folded words
	Postcode ContactKind = "postcode" // upper case, letters and digits only
)

// A Contact is one way to reach or to recognise a party.
type Contact struct {
	Kind     ContactKind
	Value    string    // normalised
	Text     string    // as people read it
	Document uuid.UUID // where it was first seen, Nil when typed in
}

// Hints are what a document says about its sender.
type Hints struct {
	Name            string
	Emails          []string
	Phones          []string
	CustomerNumbers []string
	Address         string // one line: "street and number, postcode town"
	Postcode        string // when empty it is taken from the address
}

// HintsFrom gathers what the values of a document say about its sender. Values less sure than least are left out.
func HintsFrom(v Values, least float64) Hints {
	get := func(id FieldID) string {
		if v[id].Confidence < least {
			return ""
		}
		return v.Get(id)
	}
	some := func(id FieldID) []string {
		if s := get(id); s != "" {
			return []string{s}
		}
		return nil
	}
	return Hints{Name: get(SenderName), Emails: some(SenderEmail), Phones: some(SenderPhone),
		CustomerNumbers: some(CustomerNumber), Address: get(SenderAddress)}
}

// contacts are the hints in normalised form, without doubles.
func (h Hints) contacts() []Contact {
	var all []Contact
	add := func(kind ContactKind, value, text string) {
		if value != "" && !slices.ContainsFunc(all, func(c Contact) bool { return c.Kind == kind && c.Value == value }) {
			all = append(all, Contact{Kind: kind, Value: value, Text: strings.TrimSpace(text)})
		}
	}
	for _, s := range h.Emails {
		add(Email, strings.ToLower(strings.TrimSpace(s)), s)
	}
	for _, s := range h.Phones {
		add(Phone, phoneKey(s), s)
	}
	for _, s := range h.CustomerNumbers {
		add(Customer, numberKey(s), s)
	}
	add(Address, wordsKey(h.Address), h.Address)
	postcode := h.Postcode
	if postcode == "" {
		postcode = postcodeOf(h.Address)
	}
	add(Postcode, numberKey(postcode), postcode)
	return all
}

func phoneKey(s string) string {
	s = strings.TrimSpace(s)
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if strings.HasPrefix(s, "00") {
		digits = strings.TrimPrefix(digits, "00")
	}
	if digits == "" {
		return ""
	}
	return "+" + digits
}

func numberKey(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, strings.ToUpper(s))
}

func wordsKey(s string) string {
	var words []string
	for _, t := range Tokens(s) {
		words = append(words, t.Folded)
	}
	return strings.Join(words, " ")
}

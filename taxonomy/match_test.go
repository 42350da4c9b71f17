package taxonomy

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

func TestFindMatch(t *testing.T) {
	o := open(t)
	add := func(name string, h Hints) PartyID {
		var p Party
		o.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			p, err = o.plan.AddParty(ctx, tx, "anna", Party{Kind: KindOfName(name), Name: name}, h, uuid.Nil)
			return err
		})
		return p.ID
	}
	anna := add("Dr. Anna Kovač", Hints{Emails: []string{"Anna.Kovac@Example.org"}, Phones: []string{"+386 41 123 456"},
		CustomerNumbers: []string{"K-123456"}, Address: "Slovenska cesta 5, 1000 Ljubljana"})
	marko := add("Marko Kovač", Hints{CustomerNumbers: []string{"K-999999"}, Address: "Slovenska cesta 5, 1000 Ljubljana"})
	firm := add("Łódzkie Meble Sp. z o.o.", Hints{Emails: []string{"biuro@meble.example"}, Address: "ul. Piotrkowska 1, 90-001 Łódź"})
	// One e-mail address that two parties came to share, as a merge of two systems leaves it.
	for _, id := range []PartyID{anna, marko} {
		o.Tx(func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, "insert into taxonomy.contact values ($1, 'email', 'family@example.org', 'family@example.org')", id)
			return err
		})
	}
	tests := []struct {
		name string
		h    Hints
		want PartyID
		how  string
	}{
		{"e-mail in another case", Hints{Emails: []string{"ANNA.KOVAC@example.ORG"}}, anna, "e-mail"},
		{"phone with 00", Hints{Phones: []string{"00386 41/123-456"}}, anna, "phone"},
		{"customer number written otherwise", Hints{CustomerNumbers: []string{"k 123456"}}, anna, "customer number"},
		{"name in other order, case, accents, with postcode", Hints{Name: "KOVAC ANNA", Address: "Drugje 1, 1000 Ljubljana"}, anna, "name with postcode"},
		{"name without postcode is not enough", Hints{Name: "Anna Kovač"}, uuid.Nil, "nobody known"},
		{"name with another postcode", Hints{Name: "Anna Kovač", Postcode: "2000"}, uuid.Nil, "nobody known"},
		{"postcode alone is not enough", Hints{Postcode: "1000"}, uuid.Nil, "nobody known"},
		{"firm without its legal form", Hints{Name: "Lodzkie Meble", Postcode: "90-001"}, firm, "name with postcode"},
		{"conflict of customer numbers", Hints{CustomerNumbers: []string{"K-123456", "K-999999"}}, uuid.Nil, "several parties"},
		{"conflict settled by the name", Hints{Emails: []string{"family@example.org"}, Name: "Marko Kovac"}, uuid.Nil, "several parties"},
		{"shared e-mail and a first name", Hints{Emails: []string{"family@example.org"}, Name: "Marko"}, marko, "e-mail"},
		{"nothing", Hints{}, uuid.Nil, "nobody known"},
	}
	for _, test := range tests {
		m, err := FindMatch(t.Context(), o.Pool, test.h)
		if err != nil {
			t.Fatal(err)
		}
		if m.Party.ID != test.want || m.Found != (test.want != uuid.Nil) || !strings.Contains(m.How, test.how) {
			t.Errorf("%s: found %v %q because %q, want %v because %q", test.name, m.Found, m.Party.Name, m.How, test.want, test.how)
		}
	}
	sure, _ := FindMatch(t.Context(), o.Pool, Hints{Emails: []string{"anna.kovac@example.org"}, Name: "Anna Kovač"})
	doubt, _ := FindMatch(t.Context(), o.Pool, Hints{Emails: []string{"anna.kovac@example.org"}, Name: "Peter Novak"})
	if doubt.Score >= sure.Score {
		t.Errorf("another name scores %v, the same %v", doubt.Score, sure.Score)
	}
}

func TestRecogniseAttachesAndMerges(t *testing.T) {
	o := open(t)
	first := o.recognise(Hints{Name: "Erika Mustermann", Emails: []string{"erika@example.at"}})
	if !first.Found || !first.Party.Provisional {
		t.Fatalf("unknown sender became %+v", first)
	}
	second := o.recognise(Hints{Name: "Erika Mustermann", Emails: []string{"erika@example.at"}, Phones: []string{"+43 1 5551234"}})
	third := o.recognise(Hints{Phones: []string{"+4315551234"}})
	if second.Party.ID != first.Party.ID || third.Party.ID != first.Party.ID {
		t.Errorf("what was attached does not recognise: %+v, %+v", second, third)
	}
	other := o.recognise(Hints{Name: "E. Mustermann", CustomerNumbers: []string{"K-1234567"}})
	r := o.file(Filing{Class: Complaint, Party: other.Party.ID})
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		return o.plan.Merge(ctx, tx, "maria", other.Party.ID, first.Party.ID)
	})
	if m := o.recognise(Hints{CustomerNumbers: []string{"K-1234567"}}); m.Party.ID != first.Party.ID {
		t.Errorf("after the merge the number belongs to %v", m.Party)
	}
	if got, _ := o.plan.Record(t.Context(), o.Pool, r.Document); got.Party != first.Party.ID {
		t.Errorf("after the merge the record belongs to %v", got.Party)
	}
	o.Tx(func(ctx context.Context, tx pgx.Tx) error {
		return o.plan.ConfirmParty(ctx, tx, "maria", first.Party.ID, Person, "Erika Maria Mustermann", 1)
	})
	for _, text := range []string{"muster eri", "ERIKA@example.at", "+43 1 5551234", "k-1234567"} {
		found, err := FindParties(t.Context(), o.Pool, text, 10)
		if err != nil || len(found) != 1 || found[0].Name != "Erika Maria Mustermann" || found[0].Provisional {
			t.Errorf("the address book gives %+v for %q, %v", found, text, err)
		}
	}
}

func TestTwoLettersOfOneUnknownSenderAreOneParty(t *testing.T) {
	o := open(t)
	var all sync.WaitGroup
	ids := make([]PartyID, 8)
	for i := range ids {
		all.Go(func() { ids[i] = o.recognise(Hints{Name: "Jan Nowak", Emails: []string{"jan@example.pl"}}).Party.ID })
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("several parties: %v", ids)
		}
	}
}

func TestPostcodeOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"Mariahilfer Straße 12/4, 1060 Wien":     "1060",
		"Hauptstr. 1200, 80331 München":          "80331",
		"ul. Długa 5 m. 12, 00-238 Warszawa":     "00-238",
		"Kossuth Lajos u. 3, 1053 Budapest":      "1053",
		"ул. Ленина, д. 10, кв. 5, 190000 Санкт": "190000",
		"10 Downing Street, London SW1A 2AA":     "SW1A 2AA",
		"Slovenska cesta 55, SI-1000 Ljubljana":  "1000",
		"nowhere":                                "",
	} {
		if got := postcodeOf(address); got != want {
			t.Errorf("%q has %q, want %q", address, got, want)
		}
	}
}

func TestNameKey(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Dr. KOVAČ, Anna":          "anna kovac",
		"Frau Mag. Eva Weiß":       "eva weiss",
		"Łódzkie Meble Sp. z o.o.": "lodzkie meble",
		"Zavarovalnica Sava d.d.":  "sava zavarovalnica",
		"ООО «Ромашка»":            "ромашка",
		"Иванов Пётр Сергеевич":    "иванов петр сергеевич",
		"Mr. O'Brien":              "brien o",
		"Szabó és Társa Kft.":      "es szabo tarsa",
	} {
		if got := NameKey(name); got != want {
			t.Errorf("NameKey(%q) = %q, want %q", name, got, want)
		}
	}
}

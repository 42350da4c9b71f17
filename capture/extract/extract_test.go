package extract

import (
	"testing"
	"time"

	"docket/repository"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
)

var received = time.Date(2026, 3, 18, 9, 0, 0, 0, time.UTC)

// vocabularies are a few terms, enough to see the choice made.
var vocabularies = map[taxonomy.FieldID][]taxonomy.Term{
	taxonomy.Subject: {
		{ID: "late-delivery", Titles: taxonomy.Titles{"en": "late delivery", "de": "verspätete Lieferung", "pl": "opóźniona dostawa", "hu": "késedelmes szállítás"},
			Synonyms: map[string][]string{"en": {"arrived * late", "not delivered", "late deliver*"}, "de": {"verspätet*", "nicht geliefert"}, "pl": {"opóźni*"}, "hu": {"késett", "késedelm*"}, "ru": {"опозда*", "задерж*"}, "sl": {"zamud*"}}},
		{ID: "double-charge", Titles: taxonomy.Titles{"en": "double charge", "de": "doppelte Abbuchung"},
			Synonyms: map[string][]string{"en": {"charged twice"}, "de": {"doppelt abgebucht", "zweimal abgebucht"}, "ru": {"дважды спис*", "списали дважды"}, "sl": {"dvakrat bremenil*"}}},
	},
	taxonomy.Product: {
		{ID: "washing-machine", Titles: taxonomy.Titles{"en": "washing machine", "de": "Waschmaschine", "hu": "mosógép", "pl": "pralka"}, Synonyms: map[string][]string{"hu": {"mosógép*"}, "pl": {"pralk*"}, "de": {"waschmaschine*"}}},
		{ID: "credit-card", Titles: taxonomy.Titles{"en": "credit card", "ru": "кредитная карта", "sl": "kreditna kartica"}, Synonyms: map[string][]string{"ru": {"кредитн* карт*"}, "sl": {"kreditn* kartic*"}}},
	},
	taxonomy.Remedy: {
		{ID: "refund", Titles: taxonomy.Titles{"en": "refund", "de": "Erstattung"}, Synonyms: map[string][]string{"en": {"refund*"}, "de": {"erstatt*", "zurück*"}, "hu": {"visszatérít*"}, "pl": {"zwrot*"}, "ru": {"вернуть", "возврат*"}, "sl": {"vrnete", "vračil*"}}},
		{ID: "replacement", Titles: taxonomy.Titles{"en": "replacement", "de": "Ersatz"}, Synonyms: map[string][]string{"en": {"replac*"}, "de": {"ersatz*"}}},
	},
}

var own = House{
	Names:     []string{"Elm House", "Ulmenhaus", "Szilfa Ház"},
	Addresses: []string{"Hauptplatz 1, 1010 Wien"},
	Emails:    []string{"@elmhouse.example"},
	IBANs:     []string{"AT61 1904 3002 3457 3201"},
}

// values leaves only the normalised values.
func values(v taxonomy.Values) map[taxonomy.FieldID]string {
	m := map[taxonomy.FieldID]string{}
	for id, x := range v {
		m[id] = x.Value
	}
	return m
}

func TestLetters(t *testing.T) {
	t.Parallel()
	e := New(vocabularies, own)
	for name, c := range letters {
		for kind, layouts := range map[string][]repository.Layout{"typed": typed(c.text), "guessed": typed(c.text)} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				language := c.language
				if kind == "guessed" {
					language = ""
				}
				got := e.Extract(layouts, language, received)
				if d := cmp.Diff(c.want, values(got)); d != "" {
					t.Errorf("(-want +got)\n%s", d)
					for id, v := range got {
						t.Logf("%-16s %.2f %-40q %s", id, v.Confidence, v.Value, v.How)
					}
				}
				for id, v := range got {
					if v.Confidence <= 0 || v.Confidence > 1 || v.How == "" || v.Text == "" || v.Page != 1 || v.Box.IsZero() {
						t.Errorf("%s is incomplete: %+v", id, v)
					}
				}
			})
		}
	}
}

type letterCase struct {
	language, text string
	want           map[taxonomy.FieldID]string
}

var letters = map[string]letterCase{
	"en complaint": {"en", `
Margaret Holloway
12 Orchard Close
Harrogate
HG1 4AB
Tel: 01423 555 018
margaret.holloway@post.example

Elm House Ltd
Customer Services
1 Station Road
Leeds LS1 4DY

                                                            14 March 2026

Dear Sir or Madam,

Complaint about my washing machine, customer number C-48213377

I ordered a washing machine on 2 February 2026. It arrived three weeks late
(invoice no. INV-2026-00412, £649.00 paid). You promised delivery within 5 days.

I ask for a refund of £120.50 to my account GB82 WEST 1234 5698 7654 32
within 14 days.

Yours faithfully,

Margaret Holloway
`, map[taxonomy.FieldID]string{
		"letter_date": "2026-03-14", "sender_name": "Margaret Holloway", "sender_address": "12 Orchard Close, HG1 4AB Harrogate",
		"sender_phone": "+441423555018", "sender_email": "margaret.holloway@post.example", "customer_number": "C-48213377",
		"invoice_number": "INV-2026-00412", "amount": "120.50 GBP", "iban": "GB82WEST12345698765432", "deadline": "2026-03-28",
		"incident_date": "2026-02-02", "subject": "late-delivery", "product": "washing-machine", "remedy": "refund",
	}},
	"de complaint with window": {"de", `
Jürgen Aßmann · Gerbergasse 7a · 79098 Freiburg im Breisgau

Ulmenhaus Versicherung AG                                    Telefon: 0761 / 20 55 81
Beschwerdestelle                                             E-Mail: j.assmann@brief.example
Hauptplatz 1                                                 Kunden-Nr.: 10442931
1010 Wien
                                                             Freiburg, den 14. März 2026

Betreff: Waschmaschine wurde verspätet geliefert, Rechnung Nr. RE-2026-1187

Sehr geehrte Damen und Herren,

am 3.2.2026 habe ich bei Ihnen bestellt. Das Gerät kam erst am 11.03.2026, also verspätet.
Statt 15,00 € monatlich fordere ich die Erstattung von 1.234,50 € bis spätestens 30. April 2026
auf mein Konto DE89 3704 0044 0532 0130 00.

Mit freundlichen Grüßen

Jürgen Aßmann
`, map[taxonomy.FieldID]string{
		"letter_date": "2026-03-14", "sender_name": "Jürgen Aßmann", "sender_address": "Gerbergasse 7a, 79098 Freiburg im Breisgau",
		"sender_phone": "+49761205581", "sender_email": "j.assmann@brief.example", "customer_number": "10442931",
		"invoice_number": "RE-2026-1187", "amount": "1234.50 EUR", "iban": "DE89370400440532013000", "deadline": "2026-04-30",
		"incident_date": "2026-02-03", "subject": "late-delivery", "product": "washing-machine", "remedy": "refund",
	}},
	"hu claim": {"hu", `
Feladó: Kocsis Ágnes
6720 Szeged, Tisza Lajos krt. 14.
Telefon: +36 62 555 120

Címzett: Szilfa Ház Zrt.
1051 Budapest, Nádor utca 3.

Tárgy: késett a mosógép, ügyfélszám: 20551234, kötvényszám: KT-2024-118822

Tisztelt Ügyfélszolgálat!

2026. február 20-án hibásan szállították ki a mosógépet, a kiszállítás késett. Kérem, hogy
az összeget, 48 900 Ft-ot térítsék vissza, visszatérítést kérek 15 napon belül, legkésőbb április 2-ig.

Szeged, 2026. március 14.

Tisztelettel:
Kocsis Ágnes
`, map[taxonomy.FieldID]string{
		"letter_date": "2026-03-14", "sender_name": "Kocsis Ágnes", "sender_address": "Tisza Lajos krt. 14., 6720 Szeged",
		"sender_phone": "+3662555120", "customer_number": "20551234", "policy_number": "KT-2024-118822", "amount": "48900.00 HUF",
		"deadline": "2026-04-02", "incident_date": "2026-02-20", "subject": "late-delivery", "product": "washing-machine", "remedy": "refund",
	}},
	"pl complaint": {"pl", `
Zofia Wróblewska                                          Kraków, 14 marca 2026 r.
ul. Długa 17 m. 4
31-147 Kraków
tel. 12 555 01 44
zofia.w@list.example
Nr klienta: K-204417

                                            Szanowni Państwo
                                            Elm House S.A.
                                            ul. Prosta 2
                                            00-850 Warszawa

Dotyczy: opóźniona dostawa, umowa nr CT-2023-004512

Dzień dobry,

w dniu 20 lutego 2026 r. miała zostać dostarczona pralka, ale dostawa się opóźniła.
Żądam zwrotu kwoty 1 234,50 zł w terminie 14 dni od otrzymania pisma.

Z poważaniem
Zofia Wróblewska
`, map[taxonomy.FieldID]string{
		"letter_date": "2026-03-14", "sender_name": "Zofia Wróblewska", "sender_address": "ul. Długa 17 m. 4, 31-147 Kraków",
		"sender_phone": "+48125550144", "sender_email": "zofia.w@list.example", "customer_number": "K-204417", "contract_number": "CT-2023-004512",
		"amount": "1234.50 PLN", "deadline": "2026-03-28", "incident_date": "2026-02-20", "subject": "late-delivery", "product": "washing-machine", "remedy": "refund",
	}},
	"ru complaint": {"ru", `
                                   Кому: Elm House
                                   109012, г. Москва, ул. Ильинка, д. 4

                                   От: Соколова Марина Петровна
                                   Адрес: 190000, г. Санкт-Петербург, ул. Садовая, д. 21, кв. 8
                                   Тел.: +7 912 555-01-44

Номер клиента: 77120045

Уважаемые господа!

2 марта 2026 г. с моей кредитной карты дважды списали деньги. Ваш номер: CLM-2026-000123-` + check("2026000123") + `
Прошу вернуть мне 12 500 руб. 50 коп. в течение десяти дней.

С уважением,
Соколова М. П.                                       14 марта 2026 г.
`, map[taxonomy.FieldID]string{
		"letter_date": "2026-03-14", "sender_name": "Соколова Марина Петровна", "sender_address": "ул. Садовая, д. 21, кв. 8, 190000 г. Санкт-Петербург",
		"sender_phone": "+79125550144", "customer_number": "77120045", "amount": "12500.50 RUB", "deadline": "2026-03-24",
		"incident_date": "2026-03-02", "subject": "double-charge", "product": "credit-card", "remedy": "refund",
		"ticket_number": "CLM-2026-000123-" + check("2026000123"),
	}},
	"sl form": {"sl", `
OBRAZEC ZA PRITOŽBO

Ime in priimek:          Alenka Kovačič
Naslov:                  Trubarjeva cesta 9, 1000 Ljubljana
E-pošta:                 alenka.kovacic@posta.example
Telefon:                 041 555 120
Št. stranke:             30221145
Datum dogodka:           1. 3. 2026
Izdelek:                 kreditna kartica
Znesek:                  89,90 EUR
Zahteva:                 vračilo
Rok za odgovor:          30. 4. 2026

Opis: kartica je bila dvakrat bremenila račun.

Datum: 14. 3. 2026                     Podpis: A. Kovačič
`, map[taxonomy.FieldID]string{
		"letter_date": "2026-03-14", "sender_name": "Alenka Kovačič", "sender_address": "Trubarjeva cesta 9, 1000 Ljubljana",
		"sender_email": "alenka.kovacic@posta.example", "sender_phone": "+38641555120", "customer_number": "30221145",
		"incident_date": "2026-03-01", "product": "credit-card", "amount": "89.90 EUR", "remedy": "refund", "deadline": "2026-04-30", "subject": "double-charge",
	}},
	"de address in a sentence": {"de", `
Sehr geehrte Damen und Herren,

wir vertreten Vera Brunner, Dorfstrasse 130, 4051 Basel. Eine Vollmacht liegt bei.

Ruth Ammann, Rechtsanwältin
`, map[taxonomy.FieldID]string{"sender_address": "Dorfstrasse 130, 4051 Basel"}},
	"de town with a dot": {"de", `
Vera Brunner
Dorfstrasse 130
9000 St. Gallen

Sehr geehrte Damen und Herren,

vielen Dank für Ihre Hilfe.

Vera Brunner
`, map[taxonomy.FieldID]string{"sender_address": "Dorfstrasse 130, 9000 St. Gallen", "sender_name": "Vera Brunner"}},
	"en mail": {"en", `
Subject: Charged twice - customer no 5512077
From: Daniel Okafor <daniel.okafor@webmail.example>
To: claims@elmhouse.example
Date: Sat, 14 Mar 2026 10:12:00 +0000

Hello,

on 12/03/2026 my credit card was charged twice. Please refund 59.99 GBP by 30 April.

Kind regards
Daniel Okafor
`, map[taxonomy.FieldID]string{
		"letter_date": "2026-03-14", "sender_name": "Daniel Okafor", "sender_email": "daniel.okafor@webmail.example", "customer_number": "5512077",
		"incident_date": "2026-03-12", "product": "credit-card", "amount": "59.99 GBP", "remedy": "refund", "deadline": "2026-04-30", "subject": "double-charge",
	}},
}

func check(digits string) string { return string(taxonomy.CheckDigit(digits)) }

func TestNothingIsFoundInNothing(t *testing.T) {
	t.Parallel()
	if got := New(nil, House{}).Extract(nil, "", time.Time{}); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

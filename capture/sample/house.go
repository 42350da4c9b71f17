package sample

// A House is our own organisation as customers of one language address it. It is invented.
type House struct {
	Name     string
	Street   string
	Postcode string
	Town     string
	Country  string // as the last line from abroad; mostly left out
	Email    string
}

// Houses are the addresses of the house, by language.
var Houses = map[string]House{
	"en": {"Harbour & Lindgren Mutual", "12 Quayside Walk", "BS1 4ND", "Bristol", "United Kingdom", "service@harbour-lindgren.example"},
	"de": {"Harbour & Lindgren", "Speicherufer 12", "20457", "Hamburg", "Deutschland", "kundenservice@harbour-lindgren.example"},
	"hu": {"Harbour & Lindgren", "Kikötő tér 12.", "1093", "Budapest", "Magyarország", "ugyfelszolgalat@harbour-lindgren.example"},
	"pl": {"Harbour & Lindgren", "ul. Nadbrzeżna 12", "80-855", "Gdańsk", "Polska", "obsluga@harbour-lindgren.example"},
	"ru": {"Harbour & Lindgren", "Портовая наб., д. 12", "199106", "Санкт-Петербург", "Россия", "klient@harbour-lindgren.example"},
	"sl": {"Harbour & Lindgren", "Pristaniška ulica 12", "6000", "Koper", "Slovenija", "podpora@harbour-lindgren.example"},
}

package sample

import (
	"strconv"
	"strings"

	"docket/taxonomy"
)

// A table is the rows of an invoice, and below them its sums.
type table struct {
	columns []string
	rows    [][]string
	sums    [][2]string // label, amount; the last is the total
	after   string      // how to pay
}

// invoiceTable invents positions and makes their sum the invoice's amount.
func (l *letter) invoiceTable() {
	d, currency := l.dice, l.sender.country.currency
	amount := func(cents int) string { return money(newDice(uint64(l.cents), 1), l.language, currency, cents) } // one form for all
	t := &table{columns: strings.Split(l.plain("invoice.columns"), ";")}
	unit, net := 100, 0
	if currency == "HUF" || currency == "RUB" {
		unit = 10000
	}
	for i := range d.between(2, 6) {
		quantity, price := d.between(1, 8), d.between(12, 240)*unit
		net += quantity * price
		t.rows = append(t.rows, []string{strconv.Itoa(i + 1), l.plain("invoice.item"), strconv.Itoa(quantity), amount(price), amount(quantity * price)})
	}
	rate := taxRates[l.sender.country.code]
	tax := (net*rate + 50) / 100
	t.sums = [][2]string{
		{l.plain("invoice.net"), amount(net)},
		{l.plain("invoice.tax") + " " + strconv.Itoa(rate) + " %", amount(tax)},
		{l.plain("invoice.total"), amount(net + tax)},
	}
	l.reveal(taxonomy.Amount, normalAmount(net+tax, currency))
	t.after = l.say("invoice.due")
	l.table = t
}

// taxRates are the usual rates of value added tax, in percent.
var taxRates = map[string]int{"GB": 20, "IE": 23, "DE": 19, "AT": 20, "CH": 8, "HU": 27, "PL": 23, "RU": 20, "LV": 21, "SI": 22}

// drawTable draws the rows with lines between them, numbers to the right.
func (t *typist) drawTable(table *table) {
	edges := []float64{0, 0.08, 0.50, 0.60, 0.80, 1}
	wide := t.right - t.left
	row := func(f *face, cells []string) {
		for i, cell := range cells {
			x := t.left + edges[i]*wide + 3
			if i >= 2 {
				x = t.left + edges[i+1]*wide - 3 - f.width(cell, t.size*0.92)
			}
			t.page.print(x, t.y, f, t.size*0.92, cell, t.ink)
		}
		t.page.lines = append(t.page.lines, strings.Join(cells, " "))
		t.y += t.size * 0.5
		t.page.line(0.5, grey, point{t.left, t.y}, point{t.right, t.y})
		t.y += t.size * 1.25
	}
	row(t.bold, table.columns)
	for _, cells := range table.rows {
		row(t.text, cells)
	}
	t.y += 4
	for i, sum := range table.sums {
		f := t.text
		if i == len(table.sums)-1 {
			f = t.bold
		}
		t.page.print(t.left+0.5*wide, t.y, f, t.size, sum[0], t.ink)
		t.page.print(t.right-3-f.width(sum[1], t.size), t.y, f, t.size, sum[1], t.ink)
		t.page.lines = append(t.page.lines, sum[0]+" "+sum[1])
		t.y += t.lineHeight()
	}
	t.skip(0.8)
	t.paragraph(t.text, table.after)
}

// layContract lays out a contract: parties, sections, and two signatures.
func layContract(l *letter) []*sheet {
	d := l.dice
	t := &typist{letter: l, style: newStyle(d), left: 72, right: sheetWidth - 66, bottom: sheetHeight - 80, ink: black}
	t.newPage()
	t.y = 80
	l.fields = map[taxonomy.FieldID]string{}
	house := Houses[l.language]
	title := l.plain("contract.title")
	t.page.write(sheetWidth/2-t.bold.width(title, 17)/2, t.y, t.bold, 17, title, t.ink)
	t.y += 30
	for _, number := range []string{"contract_number", "customer_number"} {
		if _, known := l.slots[number]; known {
			t.put(t.text, l.plain("label."+number)+": "+l.say(number))
		}
	}
	t.skip(1)
	l.slots["house"] = slot{text: house.Name + ", " + house.Street + ", " + strings.Join(place(houseCountry[l.language], house.Postcode, house.Town), ", ")}
	t.paragraph(t.text, l.say("contract.head"))
	t.skip(1)
	for i := range d.between(5, 8) {
		clause := l.say("contract.clause")
		t.put(t.bold, l.plain("contract.article")+" "+strconv.Itoa(i+1))
		t.paragraph(t.text, clause)
		t.skip(0.7)
	}
	t.skip(1)
	if t.y > t.bottom-100 {
		t.newPage()
	}
	l.slots["town"] = slot{text: l.sender.town}
	t.put(t.text, l.plain("contract.signed")+" "+l.say("date"))
	t.y += 14
	t.page.sign(d, t.left, t.y, 110, 32)
	t.page.sign(d, t.left+250, t.y, 120, 32)
	t.y += 46
	parties := strings.Split(l.plain("contract.parties"), ";")
	t.page.line(0.6, t.ink, point{t.left, t.y - 10}, point{t.left + 180, t.y - 10})
	t.page.line(0.6, t.ink, point{t.left + 250, t.y - 10}, point{t.left + 430, t.y - 10})
	t.page.write(t.left, t.y+2, t.text, 9, parties[0], t.ink)
	t.page.write(t.left+250, t.y+2, t.text, 9, parties[1], t.ink)
	t.stamps()
	return t.pages
}

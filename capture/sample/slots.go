package sample

import (
	"slices"
	"strconv"
	"strings"

	"docket/taxonomy"
)

// setSlots gives the texts what the matter has.
func (l *letter) setSlots() {
	l.female, l.speaker.tone = l.sender.female, l.matter.tone
	if l.sender.firm || l.sender.lawyer {
		l.speaker.tone = "polite"
	}
	house := Houses[l.matter.language]
	l.set("house", house.Name, "", "")
	l.set("town", house.Town, "", "")
	l.setMatter()
	l.setPeople()
	l.setMoney()
	l.setDates()
}

// set gives a slot its text, and what a reader is to find there; without a text the slot stays away.
func (l *letter) set(name, text string, field taxonomy.FieldID, value string) {
	if text != "" {
		l.slots[name] = slot{text: text, field: field, value: value}
	}
}

// setMatter says what it is about and what is asked for.
func (l *letter) setMatter() {
	m := l.matter
	if m.product != "" {
		for _, column := range l.tables["product"] {
			l.slots["product."+column] = slot{rule: "product." + m.product + "." + column, field: taxonomy.Product, value: m.product}
		}
	}
	for slotName, table := range map[string]string{"story": "story.", "loss": "loss.", "query": "query."} {
		if _, ok := l.rules[table+m.subject]; ok {
			l.slots[slotName] = slot{rule: table + m.subject, field: taxonomy.Subject, value: m.subject}
		}
	}
	if m.subject != "" {
		l.slots["matter"] = slot{rule: "subject." + m.subject + ".title", field: taxonomy.Subject, value: m.subject}
	}
	for name, subjects := range conditions {
		if slices.Contains(subjects, m.subject) {
			l.slots[name] = slot{}
		}
	}
	if m.remedy != "" {
		l.slots["ask"] = slot{rule: "ask." + m.remedy, field: taxonomy.Remedy, value: m.remedy}
	}
}

// setPeople says who writes, and under which numbers the house knows them.
func (l *letter) setPeople() {
	m := l.matter
	l.set("customer_number", m.customer, taxonomy.CustomerNumber, normalNumber(m.customer))
	l.set("contract_number", m.contract, taxonomy.ContractNumber, normalNumber(m.contract))
	l.set("policy_number", m.policy, taxonomy.PolicyNumber, normalNumber(m.policy))
	l.set("invoice_number", m.invoice, taxonomy.InvoiceNumber, normalNumber(m.invoice))
	l.set("ticket_number", m.ticket, taxonomy.TicketNumber, m.ticket)
	l.set("phone", m.sender.phone, taxonomy.SenderPhone, m.sender.country.e164(m.sender.phone))
	l.set("name", m.sender.name, taxonomy.SenderName, m.sender.name)
	l.set("address", m.sender.address(), taxonomy.SenderAddress, m.sender.address())
	if m.sender.lawyer {
		l.set("client", m.client.name, "", "")
		l.set("client.address", m.client.address(), "", "")
	}
}

// setMoney says how much it is about, and where it is to go.
func (l *letter) setMoney() {
	m := l.matter
	if m.cents > 0 {
		l.set("amount", money(l.dice, m.language, m.sender.country.currency, m.cents), taxonomy.Amount, normalAmount(m.cents, m.sender.country.currency))
	}
	if iban := m.sender.iban; iban != "" && (m.cents > 0 && l.dice.chance(0.6) || m.sender.firm || m.class == taxonomy.Contract) {
		written := spaced(iban)
		if l.dice.chance(0.15) {
			written = iban
		}
		l.set("iban", written, taxonomy.IBAN, iban)
	}
}

// conditions are slots without text: a phrase that begins with one is said only of these subjects.
var conditions = map[string][]string{
	"if.damage": {"water-damage", "motor-accident", "storm-damage", "fire-damage"},
	"if.police": {"motor-accident", "theft"},
}

// setDates gives the texts the dates, all in one form, as one writer has one habit.
func (l *letter) setDates() {
	m, form := l.matter, one(l.dice, dateForms[l.language])
	plain, on, _, of := dates(m.language, m.incident, form)
	value := normalDate(m.incident)
	if m.class == taxonomy.Complaint || m.class == taxonomy.Claim || m.class == taxonomy.Form {
		l.slots["incident"] = slot{plain, "", taxonomy.IncidentDate, value}
		l.slots["incident.on"] = slot{on, "", taxonomy.IncidentDate, value}
		l.slots["incident.of"] = slot{of, "", taxonomy.IncidentDate, value}
	} else { // a date in the text, but not of an incident
		l.slots["incident"], l.slots["incident.on"], l.slots["incident.of"] = slot{text: plain}, slot{text: on}, slot{text: of}
	}
	if !m.deadline.IsZero() {
		_, _, by, _ := dates(m.language, m.deadline, form)
		if m.within > 0 {
			by = strings.Replace(withinDays[m.language], "#", strconv.Itoa(m.within), 1)
		}
		l.slots["deadline.by"] = slot{by, "", taxonomy.Deadline, normalDate(m.deadline)}
	}
	if !m.earlier.IsZero() {
		_, _, _, of := dates(m.language, m.earlier, form)
		l.slots["earlier.of"] = slot{text: of}
	}
	_, _, _, of = dates(m.language, m.ours, form)
	l.slots["ours.of"] = slot{text: of}
	l.slots["date"] = slot{writeDate(m.language, m.written, form), "", taxonomy.LetterDate, normalDate(m.written)}
}

// withinDays says a deadline counted from the date of the letter.
var withinDays = map[string]string{
	"en": "within # days of the date of this letter",
	"de": "innerhalb von # Tagen ab Datum dieses Schreibens",
	"hu": "a levél keltétől számított # napon belül",
	"pl": "w ciągu # dni od daty niniejszego pisma",
	"ru": "в течение # дней с даты настоящего письма",
	"sl": "v # dneh od datuma tega dopisa",
}

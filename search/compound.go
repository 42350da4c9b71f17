package search

import "strings"

// compoundParts are words of which German compounds in letters to a company are built. A compound that they make up
// completely is also indexed by its parts, so that "Verzögerung" finds "Lieferverzögerung". A general dictionary would
// split more and also split wrongly; what is not on this list is found as the whole word or by a prefix search.
func compoundParts() map[string]bool {
	parts := map[string]bool{}
	for _, w := range strings.Fields(germanParts) {
		parts[fold(lower(w))] = true
	}
	return parts
}

const germanParts = `
	abbuchung abholung abrechnung abschlag abteilung adresse anbieter angebot angelegenheit anlage annahme anschluss anschrift
	anspruch antrag anzeige arbeit artikel arzt auftrag auskunft ausfall ausgabe auto bank bau beitrag bearbeitung begleichung behandlung berater
	beratung bericht bescheid bescheinigung beschwerde bestätigung bestell bestellung betrag betrug brand brief buchung daten
	dauer diebstahl dienst dienstleistung einbruch eingang einzug elektro empfang energie entschädigung ergebnis ersatz erstattung
	fahrt fahrzeug fehler ferien feuer filiale firma flug forderung formular frist gebäude gebühr gegenstand gehalt geld gerät geräte
	gericht geschäft gesellschaft gespräch gewähr gewährleistung glas grund guthaben gutschrift haft haftpflicht hagel haus haushalt
	hausrat heizung hilfe hotel inhaber internet jahr kauf karte kasse kaution konto kosten kranken kredit kühl kunde kunden
	kündigung lager laptop last lastschrift leben leistung leitung liefer lieferung mahn mahnung mangel maschine meldung miete monat motor
	nachricht name netz nummer ort paket partner pflicht police post prämie preis produkt problem prüfung qualität rate raten recht
	rechnung reise rente reparatur rück rückgabe rücksendung rückzahlung sach sache schaden schadens schein schrank schreiben schuld
	schutz schutzbrief sendung service sicherheit sofa sparen spar stelle stellung steuer stornierung storno strom sturm summe system
	tag tarif teil telefon termin transport überweisung umzug unfall unterlage unterlagen unternehmen unterschrift urlaub verbindung verkehr verlust
	verlängerung vermittlung vermögen verspätung versand versicherung vertrag verzögerung verzug vollmacht vorfall vorgang ware waren
	warte wasch wasser wechsel wert widerruf widerspruch wohnung zahl zahlung zähler zeit zeitung zins zug zugang zusage zusatz zustand
	zustellung zuteilung`

// split gives the parts of a compound word, nil when the word is not made up of known ones. Between parts may stand the
// linking letters s, es, n, en, er or e.
func (l *language) split(word string) []string {
	if l.parts == nil || len(word) < 8 || l.parts[word] {
		return nil
	}
	if rest, ok := l.splitFrom(word, 0); ok && len(rest) > 1 {
		return rest
	}
	return nil
}

const maxParts = 4

func (l *language) splitFrom(word string, depth int) ([]string, bool) {
	if word == "" {
		return nil, true
	}
	if depth == maxParts {
		return nil, false
	}
	for n := len(word); n >= 3; n-- {
		if !l.parts[word[:n]] {
			continue
		}
		for _, link := range []string{"", "s", "es", "n", "en", "er", "e"} {
			rest, ok := strings.CutPrefix(word[n:], link)
			if !ok || rest == "" && depth == 0 {
				continue
			}
			if more, ok := l.splitFrom(rest, depth+1); ok {
				return append([]string{word[:n]}, more...), true
			}
		}
	}
	return nil, false
}

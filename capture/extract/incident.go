package extract

import (
	"time"

	"docket/repository/say"
	"docket/taxonomy"
)

// incidentDate is the day on which what the letter is about happened.
func (l *letter) incidentDate() (finding, bool) {
	var all []finding
	chronicle := l.chronicle()
	for _, d := range l.days {
		if limit := l.latest(); !limit.IsZero() {
			if d = l.before(d, limit); d.date.After(limit) {
				continue
			}
		}
		if d.first == l.dated.first && !l.dated.empty() || chronicle && l.entry(d) {
			continue
		}
		confidence, how := l.happenedOn(d)
		if d.date.Equal(l.written) {
			confidence -= 0.2
		}
		if confidence > 0 {
			all = append(all, d.finding(confidence-0.01*float64(min(20, len(all))), how))
		}
	}
	first := earliest(all)
	for i := range all { // what came of it came later
		if all[i].value == first {
			all[i].confidence = min(0.95, all[i].confidence+0.08)
		}
	}
	f, ok := best(all)
	return f, ok && f.confidence >= 0.44
}

func earliest(all []finding) (first string) {
	for _, f := range all {
		if first == "" || f.value < first {
			first = f.value
		}
	}
	return first
}

// chronicle says whether the letter lists at least three days with what was done on each: those come after the incident.
func (l *letter) chronicle() bool {
	n := 0
	for _, d := range l.days {
		if l.entry(d) {
			n++
		}
	}
	return n >= 3
}

// entry says whether a date begins its line and a dash or a colon follows.
func (l *letter) entry(d day) bool {
	i := d.last
	for i < len(l.tokens) && i < d.last+3 && (l.tokens[i].text == "." || l.tokens[i].fold == "r" || l.tokens[i].fold == "г") {
		i++
	}
	return i < len(l.tokens) && (dash(l.tokens[i]) || l.tokens[i].text == ":") && l.lines[l.tokens[d.first].line].first == d.first
}

// latest is the last day on which something the letter tells of can have happened.
func (l *letter) latest() time.Time {
	if l.written.IsZero() {
		return l.received
	}
	return l.written
}

func (l *letter) happenedOn(d day) (confidence float64, how string) {
	r, field := l.labelled(d)
	switch field {
	case string(taxonomy.IncidentDate):
		return 0.95, r.how(l.sheet)
	case "":
	case string(taxonomy.Product), string(taxonomy.Subject), string(taxonomy.Amount):
	default:
		return 0, ""
	}
	inSubject := l.aboveSalutation(d.first) || l.lineLabel(l.tokens[d.first].line) == string(taxonomy.Subject)
	if l.inHead(d.first) && !inSubject || l.inFoot(d.first) || l.body == 0 && len(l.lines) > 8 && l.tokens[d.first].line < 4 {
		return 0, ""
	}
	score, words := 0.45, ""
	first, last := l.sentence(d.first)
	for i := first; i < last; i++ {
		for _, h := range l.hits[l.begin[i]:l.begin[i+1]] {
			switch h.kind {
			case kindNotIncident:
				if h.last <= d.first && h.last >= d.first-4 || h.first >= d.last && h.first <= d.last+1 {
					return 0, ""
				}
			case kindIncident:
				if h.last >= d.first-2 && h.last <= d.first && h.runes <= 6 {
					score += 0.15
				} else if h.runes > 3 {
					score += 0.3
					words = l.text(h.first, h.last)
				}
			}
		}
	}
	if i := d.first - 1; i >= 0 && l.untilBefore(d) {
		return 0, ""
	}
	how = say.Text("date in the letter")
	if words != "" {
		how = say.Text("date in a sentence with “%s”", words)
	}
	return min(score, 0.88), how
}

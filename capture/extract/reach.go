package extract

import (
	"slices"

	"docket/taxonomy"
)

// senderEmail is the sender's e-mail address: not the house's own, and not after "To:".
func (l *letter) senderEmail() (finding, bool) {
	var all []finding
	for _, f := range l.mails {
		if l.house.mail(f.value) {
			continue
		}
		if r, ok := l.labelBy(f.first); ok && r.far <= 4 {
			switch r.name {
			case labelAddressee, labelOther:
				continue
			case string(taxonomy.SenderEmail), string(taxonomy.SenderName):
				f.how = r.how(l.sheet)
				f.confidence += 0.02
			}
		}
		if f.first > l.body && f.first < l.closing && l.body > 0 {
			f.confidence -= 0.1
		}
		all = append(all, f)
	}
	return best(all)
}

// senderPhone is the sender's telephone number; a fax number is none.
func (l *letter) senderPhone() (finding, bool) {
	all := drop(l.phones(l.countries()), func(f finding) bool { return l.house.phones[f.value] })
	if len(all) == 0 {
		return finding{}, false
	}
	return best(all)
}

// countries are those whose numbers are tried: that of the sender's address is not known yet, so all of the language and
// then all others.
func (l *letter) countries() []string {
	all := slices.Clone(regions[l.language])
	if l.monthFirst() {
		all = []string{"US", "GB"}
	}
	for _, language := range taxonomy.Languages {
		if len(all) == 0 {
			all = append(all, regions[language]...)
		}
	}
	return all
}

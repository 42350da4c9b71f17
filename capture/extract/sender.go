package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"docket/repository/say"
	"docket/taxonomy"
)

// sender is who wrote and where they live: by labels, by the address blocks of the first page and by the signature.
func (l *letter) sender() (name, address finding) {
	all := l.places
	names := l.labelledNames()
	signed := l.signatures()
	block, confidence, how := l.senderBlock(all, signed)
	if confidence > 0 {
		address = finding{value: l.addressValue(block), first: block.street.first, last: block.street.last, confidence: confidence, how: how}
		address.parts = []span{block.street, block.code, block.town}
		if !block.name.empty() && confidence >= 0.5 {
			if f, ok := l.nameFinding(block.name, confidence, say.Join(say.Text("above the address"), how)); ok {
				names = append(names, f)
			}
		}
	}
	for _, p := range signed {
		if f, ok := l.nameFinding(p, 0.82, say.Text("signature after the closing")); ok {
			names = append(names, f)
			break
		}
	}
	name, _ = best(names)
	if name.confidence < 0.5 {
		name = finding{}
	}
	if address.confidence < 0.5 {
		address = finding{}
	}
	return name, address
}

// senderBlock chooses among the addresses the one that is the sender's.
func (l *letter) senderBlock(all []address, signed []span) (top address, confidence float64, how string) {
	others := 0
	for _, a := range all {
		if l.ownAddress(a) {
			others++
		}
	}
	for i, a := range all {
		c, h := l.senderScore(all, i, signed, others > 0)
		if c > confidence {
			top, confidence, how = a, c, h
		}
	}
	return top, confidence, how
}

// ownAddress says whether an address is the house's.
func (l *letter) ownAddress(a address) bool {
	if l.house.addresses[key(l.addressValue(a))] || !a.name.empty() && l.house.named(l.text(a.name.first, a.name.last)) {
		return true
	}
	up, ok := a.name, !a.name.empty()
	for n := 0; ok && n < 2; n++ { // the name of a person or a department may stand below the house's
		up, ok = l.previous(up)
		if ok && l.house.named(l.text(up.first, up.last)) {
			return true
		}
	}
	return false
}

// senderScore says how sure it is that address i is the sender's.
func (l *letter) senderScore(all []address, i int, signed []span, houseFound bool) (float64, string) {
	a := all[i]
	if l.ownAddress(a) {
		return 0, ""
	}
	switch r, ok := l.blockLabel(a); {
	case ok && (r.name == string(taxonomy.SenderAddress) || r.name == string(taxonomy.SenderName)):
		return 0.95, r.how(l.sheet)
	case ok && r.name == labelAddressee:
		return 0, ""
	}
	if !a.name.empty() {
		for _, p := range signed {
			if alikeNames(key(l.text(a.name.first, a.name.last)), key(l.text(p.first, p.last))) {
				return 0.95, say.Text("its name stands under the letter too")
			}
			if l.related(a.name, p) {
				return 0.9, say.Text("part of its name stands under the letter too")
			}
		}
	}
	switch {
	case l.inFoot(a.street.first):
		return 0.85, say.Text("address after the closing")
	case houseFound:
		return 0.85 - 0.05*float64(i), say.Text("address beside that of the house")
	case a.oneLine && i+1 < len(all) && l.body > 0 && l.inHead(all[i+1].street.first):
		return 0.85, say.Text("return address in one line")
	case len(all) > 1 && i == 0 && !l.addressedIn(a):
		return 0.75, say.Text("first address on the page")
	case len(all) > 1 && i == 1 && l.addressedIn(all[0]):
		return 0.7, say.Text("address beside that of the addressee")
	case len(all) == 1 && !l.addressedIn(a) && len(signed) == 0:
		return 0.62, say.Text("only address in the document")
	}
	return 0.3, say.Text("address in the document")
}

// addressedIn says whether an address is an office's: a department or a legal form stands in its name, or a title before
// it.
func (l *letter) addressedIn(a address) bool {
	p, ok := a.name, !a.name.empty()
	for n := 0; ok && n < 2; n++ {
		for i := p.first; i < p.last; i++ {
			if l.is(i, kindOrg) {
				return true
			}
		}
		p, ok = l.previous(p)
	}
	return false
}

// blockLabel is the label by an address or by the name above it.
func (l *letter) blockLabel(a address) (relation, bool) {
	for _, p := range [...]span{a.street, a.code, a.name} {
		if p.empty() {
			continue
		}
		if r, ok := l.labelBy(p.first); ok && r.far <= 2 {
			switch r.name {
			case string(taxonomy.SenderAddress), string(taxonomy.SenderName), labelAddressee:
				return r, true
			}
		}
	}
	return relation{}, false
}

// alikeNames says whether two names, as keys, are one: equal, one within the other, or a character apart.
func alikeNames(a, b string) bool {
	if len(a) < 5 || len(b) < 5 {
		return false
	}
	return a == b || strings.Contains(a, b) || strings.Contains(b, a) || distance1(a, b)
}

// related says whether two names share a longer word, as a firm and its owner do.
func (l *letter) related(a, b span) bool {
	for i := a.first; i < a.last; i++ {
		for j := b.first; j < b.last; j++ {
			t := l.tokens[i]
			if t.fold == l.tokens[j].fold && utf8.RuneCountInString(t.fold) >= 4 && unicode.IsUpper([]rune(t.text)[0]) {
				return true
			}
		}
	}
	return false
}

package extract

import (
	"strings"

	"docket/taxonomy"
)

// identifiers are the customer, contract, policy and invoice numbers: by their labels.
func (l *letter) identifiers() map[taxonomy.FieldID]finding {
	all := map[taxonomy.FieldID][]finding{}
	for i := 0; i < len(l.tokens); i++ {
		if l.taken[i] || !l.tokens[i].alnum || l.inLabel(i) || i > 0 && !l.tokens[i].space && l.tokens[i-1].line == l.tokens[i].line && !strings.Contains(":(.№#\"“„«", l.tokens[i-1].text) {
			continue
		}
		value, last, ok := l.numberAt(i)
		if !ok {
			continue
		}
		if f, field, ok := l.identify(value, i, last); ok {
			all[field] = append(all[field], f)
		}
		i = last - 1
	}
	chosen := map[taxonomy.FieldID]finding{}
	for field, fs := range all {
		if f, ok := best(fs); ok && f.confidence >= 0.5 {
			chosen[field] = f
		}
	}
	return chosen
}

// identify gives the field that the label by a number names.
func (l *letter) identify(value string, first, last int) (finding, taxonomy.FieldID, bool) {
	r, ok := l.labelBy(first)
	if !ok {
		return finding{}, "", false
	}
	field := taxonomy.FieldID(r.name)
	switch field {
	case taxonomy.CustomerNumber, taxonomy.ContractNumber, taxonomy.PolicyNumber, taxonomy.InvoiceNumber:
	default:
		return finding{}, "", false
	}
	confidence := 0.96 - 0.06*float64(r.far)
	if r.where == above {
		confidence = 0.9
	}
	if r.fuzzy {
		confidence -= 0.04
	}
	if len(value) == 4 && onlyDigits(value) && !r.colon {
		confidence -= 0.4 // it may be a year
	}
	if len(value) < 5 {
		confidence -= 0.15
	}
	return finding{value: value, first: first, last: last, confidence: confidence, how: r.how(l.sheet)}, field, true
}

// inLabel says whether token i is part of a label.
func (s *sheet) inLabel(i int) bool {
	for j := i; j < len(s.tokens) && j < i+6; j++ {
		if k := s.label[j]; k >= 0 && s.hits[k].first <= i {
			return true
		}
	}
	return false
}

package sample

import "docket/taxonomy"

// The shares of the bag, in percent.
var (
	classShares = []share[taxonomy.ClassID]{
		{taxonomy.Complaint, 30}, {taxonomy.Claim, 18}, {taxonomy.Question, 12}, {taxonomy.Form, 10}, {taxonomy.Thanks, 8},
		{taxonomy.Cancellation, 5}, {taxonomy.Invoice, 4}, {taxonomy.Suggestion, 3}, {taxonomy.Correspondence, 3},
		{taxonomy.Reply, 3}, {taxonomy.Contract, 2}, {taxonomy.Identity, 2},
	}
	languageShares = []share[string]{{"en", 24}, {"de", 24}, {"hu", 13}, {"pl", 13}, {"ru", 13}, {"sl", 13}}
	kindShares     = []share[Kind]{{JPEG, 22}, {PDFScan, 22}, {PDF, 14}, {Mail, 12}, {PNG, 8}, {TIFF, 8}, {Docx, 7}, {Fax, 4}, {Text, 3}}
	dpiShares      = []share[int]{{200, 40}, {300, 45}, {150, 15}}
)

const (
	copies    = 0.02 // of pieces are earlier ones again
	followUps = 0.12 // of pieces continue an earlier matter
)

// only keeps the shares of what is wanted; nothing wanted means all.
func only[T comparable](all []share[T], wanted []T) []share[T] {
	if len(wanted) == 0 {
		return all
	}
	var kept []share[T]
	for _, w := range wanted {
		weight := 0
		for _, s := range all {
			if s.of == w {
				weight = s.weight
			}
		}
		kept = append(kept, share[T]{w, max(1, weight)})
	}
	return kept
}

// kinds that a class comes in: what is written by hand into boxes, or photographed, is no office file and no plain text.
func kindsOf(class taxonomy.ClassID, all []share[Kind]) []share[Kind] {
	var out []share[Kind]
	switch class {
	case taxonomy.Form, taxonomy.Identity:
		for _, s := range all {
			if s.of != Docx && s.of != Text && (s.of != PDF || class == taxonomy.Form) {
				out = append(out, s)
			}
		}
	case taxonomy.Invoice, taxonomy.Contract:
		for _, s := range all {
			if s.of != Text && s.of != Docx {
				out = append(out, s)
			}
		}
	default:
		return all
	}
	return out
}

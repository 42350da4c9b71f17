package web

import (
	"slices"

	"golang.org/x/text/collate"
)

// sortBy sorts a list as dictionaries of the language do, small letters beside capital ones and numbers by their value: "Ärger" stands
// before "Brief" in German. What is called alike stays in the order in which it came.
func sortBy[T any](l *Locale, list []T, title func(T) string) {
	c := collate.New(l.tag, collate.Numeric) // not safe for concurrent use, quick to make
	slices.SortStableFunc(list, func(a, b T) int { return c.CompareString(title(a), title(b)) })
}

// sortOptions is sortBy for what is chosen from.
func sortOptions(l *Locale, list []option) {
	sortBy(l, list, func(o option) string { return o.Title })
}

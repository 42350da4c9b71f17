// Package bench measures Docket on a person's own material: how well pages are read, documents recognised, fields found and
// searches answered, and how fast. Each measurement gives a [Report], which prints itself as a table and marshals to JSON.
//
// Nothing here is a test: what a machine reaches depends on it and on the material. Measures are the usual ones of the
// field and are written down where they are computed.
package bench

import "io"

// A Report is what a measurement found. It marshals to one JSON object.
type Report interface {
	Table(w io.Writer) error
}

// A Liner is a Report that is rather read line by line: Lines writes a JSON object on each.
type Liner interface {
	Lines(w io.Writer) error
}

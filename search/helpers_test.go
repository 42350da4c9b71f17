package search

import (
	"errors"
	"testing"

	"docket/taxonomy"

	"github.com/google/uuid"
)

// testSchema has the fields the program itself extracts, three classes and two states.
func testSchema() *Schema {
	return NewSchema(StarterFields(), []taxonomy.ClassID{taxonomy.Complaint, taxonomy.Claim, taxonomy.Invoice, taxonomy.Question}, []string{"filed", "validate"})
}

// openMemory opens an empty index in memory.
func openMemory(t testing.TB) *Index {
	t.Helper()
	x, err := Open("", testSchema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// testID is the n-th document ID.
func testID(n int) uuid.UUID {
	id := uuid.MustParse("01950000-0000-7000-8000-000000000000")
	id[13], id[14], id[15] = byte(n>>16), byte(n>>8), byte(n)
	return id
}

func asProblem(err error) (*Problem, bool) {
	var p *Problem
	return p, errors.As(err, &p)
}

package taxonomy

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestNamesAndPlaces keeps what every class's documents are called and where they lie, in every house language, with
// everything known and with nearly nothing known.
func TestNamesAndPlaces(t *testing.T) {
	t.Parallel()
	pack, err := LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	received := time.Date(2026, 3, 16, 8, 0, 0, 0, time.UTC)
	all := Facts{Party: "Anna Kovač", Ticket: "CLM-2026-000123-7", Original: "scan 0001.pdf", Received: received,
		Values: texts("letter_date", "2026-02-27", "subject", "late-delivery", "product", "washing-machine",
			"invoice_number", "FV/123/2026", "contract_number", "CT-2023-004512", "amount", "149.90 EUR")}
	var out bytes.Buffer
	for _, language := range Languages {
		house := pack.Catalogue
		house.Language = language
		for _, class := range pack.Classes {
			for _, f := range []Facts{all, {Received: received}} {
				f.Class = class.ID
				name, err := house.Name(f)
				if err != nil {
					t.Fatal(err)
				}
				folder, err := house.Folder(f)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&out, "%s %-14s %s | %s\n", language, class.ID, name, house.Place(class.Category, folder))
			}
		}
	}
	const golden = "testdata/names.txt"
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("names (-want +got); run with -update when the change is meant:\n%s", diff)
	}
}

func TestImpossibleLetterDatesAreNotUsed(t *testing.T) {
	t.Parallel()
	received := time.Date(2026, 3, 16, 8, 0, 0, 0, time.UTC)
	for date, want := range map[string]string{
		"2026-03-14": "2026-03-14", "2026-03-17": "2026-03-17", "2026-03-18": "2026-03-16", "2062-03-14": "2026-03-16",
		"2017-01-01": "2017-01-01", "1926-03-14": "2026-03-16", "14.3.2026": "2026-03-16", "": "2026-03-16",
	} {
		f := Facts{Received: received, Values: texts("letter_date", date)}
		if got := f.date().Format(time.DateOnly); got != want {
			t.Errorf("a letter of %q is filed under %s, want %s", date, got, want)
		}
	}
}

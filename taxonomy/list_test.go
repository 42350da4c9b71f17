package taxonomy

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"docket/repository"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// agitate files records and then corrects, retitles, reclasses, hides and undeclares some, as days in a house do.
func (o *office) agitate(random *rand.Rand, records int) {
	o.Helper()
	parties := []PartyID{uuid.Nil, o.recognise(Hints{Name: "Anna Kovač"}).Party.ID, o.recognise(Hints{Name: "Piotr Nowak"}).Party.ID}
	some := func() Values {
		if random.IntN(6) == 0 {
			return nil
		}
		return texts("letter_date", fmt.Sprintf("20%02d-%02d-%02d", 24+random.IntN(3), 1+random.IntN(3), 1+random.IntN(28)))
	}
	classes := []ClassID{Question, Thanks, Complaint}
	for range records {
		r := o.file(Filing{Class: classes[random.IntN(3)], Values: some(), Party: parties[random.IntN(3)]})
		o.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
			switch random.IntN(8) {
			case 0:
				_, err = o.plan.Correct(ctx, tx, "maria", r.Document, Correction{Class: classes[random.IntN(3)], Values: some()})
			case 1:
				err = o.plan.Retitle(ctx, tx, "maria", r.Document, "CLM-2026-000123-7")
			case 2:
				err = o.plan.Undeclare(ctx, tx, "maria", r.Document, "by mistake")
			case 3:
				_, err = tx.Exec(ctx, "update taxonomy.record set readers = '{user:anna}' where document = $1", r.Document)
			case 4:
				err = FoldTally(ctx, tx)
			case 5:
				err = o.plan.CloseFolder(ctx, tx, "maria", r.Folder)
			}
			return err
		})
	}
}

// all are the records that a reader may see, found one by one.
func (o *office) all(reader Reader) []Record {
	o.Helper()
	list, err := o.plan.list(o.Context(), o.Pool, "true")
	if err != nil {
		o.Fatal(err)
	}
	return slices.DeleteFunc(list, func(r Record) bool { return !reader.May(r.Readers) })
}

// The counts of the file plan are read from a tally, and must be those of the records at any time, for whoever asks.
func TestTheTallyCountsTheRecords(t *testing.T) {
	o := open(t)
	random := rand.New(rand.NewPCG(3, 4))
	for range 4 {
		o.agitate(random, 25)
		for _, reader := range []Reader{Root, {}, {Tokens: []string{"user:anna"}}, {Tokens: []string{Everyone, "role:agent", "user:anna"}}} {
			want, folders := map[FolderID]int{}, []FolderID{}
			shares := map[Share]int{}
			for _, r := range o.all(reader) {
				if want[r.Folder]++; want[r.Folder] == 1 {
					folders = append(folders, r.Folder)
				}
				shares[Share{Class: r.Class, Year: year(r)}]++
			}
			got := map[FolderID]int{}
			nodes, err := o.plan.Tree(t.Context(), o.Pool, reader)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range nodes {
				for _, f := range n.Folders {
					got[f.ID] = f.Records
				}
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("%v: folders (-records +tally):\n%s", reader, diff)
			}
			told, err := o.plan.Shares(t.Context(), o.Pool, reader, folders)
			if err != nil {
				t.Fatal(err)
			}
			gotShares := map[Share]int{}
			for _, s := range told {
				gotShares[Share{Class: s.Class, Year: s.Year}] = s.Records
			}
			if diff := gocmp.Diff(shares, gotShares); diff != "" {
				t.Errorf("%v: classes and years (-records +tally):\n%s", reader, diff)
			}
		}
	}
	o.Tx(FoldTally)
	var rows, kinds int
	err := o.Pool.QueryRow(t.Context(), "select count(*), count(distinct (folder, readers, class, year)) from taxonomy.tally").Scan(&rows, &kinds)
	if err != nil || rows != kinds {
		t.Errorf("folded, the tally has %d rows for %d kinds, %v", rows, kinds, err)
	}
}

func year(r Record) int {
	if r.LetterDate.IsZero() {
		return 0
	}
	return r.LetterDate.Year()
}

// TestListsByKey reads every list in every order page by page, and compares it with all records chosen and sorted one by one.
func TestListsByKey(t *testing.T) {
	o := open(t)
	o.agitate(rand.New(rand.NewPCG(5, 6)), 120)
	anna := Reader{Tokens: []string{"user:anna"}}
	first := o.all(Root)[0]
	filters := []Filter{{}, {Category: "10"}, {Category: first.Category}, {Folder: first.Folder}, {Category: "10", Year: 2025}, {Year: 2026, Class: Question},
		{Category: "30.10", Class: Question}, {Category: "30.10", Class: Thanks}, {Party: first.Party}, {Category: "10", Party: first.Party}}
	for _, reader := range []Reader{Root, {}, anna} {
		for _, f := range filters {
			for _, f.Order = range Orders {
				want := f.naive(o.all(reader))
				if got := o.pages(reader, f, 7); !slices.Equal(want, got) {
					t.Errorf("%v %+v:\n%v, want\n%v", reader, f, got, want)
				}
			}
		}
	}
	if _, err := o.plan.List(t.Context(), o.Pool, Root, Filter{Order: "colour"}); err == nil {
		t.Error("an order that is none was followed")
	}
}

// TestTitlesStandAsInADictionary: a reader looks for a title where a dictionary would have it, page by page.
func TestTitlesStandAsInADictionary(t *testing.T) {
	o := open(t)
	want := []string{"2 pages", "10 pages", "apple", "Apple", "Ärger", "čaj", "Čaj", "cola", "Łódź is in Poland", "Zebra", "zoo", "ёлка", "Жалоба"}
	for _, title := range slices.Backward(want) {
		r := o.file(Filing{Class: Thanks})
		o.Tx(func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, "update taxonomy.record set title = $2 where document = $1", r.Document, title)
			return err
		})
	}
	var got []string
	for f := (Filter{Category: "30.30", Order: ByTitle, Limit: 3}); ; {
		page, err := o.plan.List(t.Context(), o.Pool, Root, f)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			got = append(got, r.Title)
		}
		f.After = f.Order.Cursor(page[len(page)-1])
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("the order (-wanted +read):\n%s", diff)
	}
}

// naive is the list without any index.
func (f Filter) naive(all []Record) []repository.DocumentID {
	all = slices.DeleteFunc(all, func(r Record) bool {
		return f.Folder != uuid.Nil && r.Folder != f.Folder || f.Category != "" && r.Category != f.Category || f.Class != "" && r.Class != f.Class ||
			f.Party != uuid.Nil && r.Party != f.Party || f.Year != 0 && r.LetterDate.Year() != f.Year
	})
	dictionary := collate.New(language.Und, collate.Numeric)
	slices.SortFunc(all, func(a, b Record) int {
		later := strings.Compare(b.Document.String(), a.Document.String())
		switch f.Order {
		case ByDay:
			return cmp.Or(b.LetterDate.Compare(a.LetterDate), later)
		case ByTitle:
			return cmp.Or(dictionary.CompareString(a.Title, b.Title), -later)
		}
		return later
	})
	return documents(all)
}

func (o *office) pages(reader Reader, f Filter, limit int) (got []repository.DocumentID) {
	o.Helper()
	for f.Limit = limit; ; {
		page, err := o.plan.List(o.Context(), o.Pool, reader, f)
		if err != nil {
			o.Fatal(err)
		}
		if len(page) == 0 {
			return got
		}
		got = append(got, documents(page)...)
		f.After = f.Order.Cursor(page[len(page)-1])
	}
}

func documents(records []Record) (ids []repository.DocumentID) {
	for _, r := range records {
		ids = append(ids, r.Document)
	}
	return ids
}

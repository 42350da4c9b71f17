package transfer

import (
	"encoding/json"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docket/repository"
	"docket/repository/bagit"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// What is imported is as it was; people of the old house have no rights in the new one; its ticket numbers are not given out
// again; and nobody's work is begun.
func TestImportedAsItWas(t *testing.T) {
	t.Parallel()
	h, there := newHouse(t), newHouse(t)
	ids := h.receive(t, 5)
	dir, _ := h.export(t)
	r, err := there.importer().Import(t.Context(), dir)
	if err != nil || r.Documents != 5 {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, id := range ids {
		was, err := h.plan.Record(t.Context(), h.pool, id)
		if err != nil {
			t.Fatal(err)
		}
		is, err := there.plan.Record(t.Context(), there.pool, id)
		if err != nil || is.Title != was.Title || is.Place != was.Place || is.PartyName != was.PartyName || is.Party != was.Party ||
			is.Ticket != was.Ticket || !is.LetterDate.Equal(was.LetterDate) || !is.FiledAt.Equal(was.FiledAt) || is.DecidedBy != "imported:anna" {
			t.Errorf("is %+v,\nwas %+v (%v)", is, was, err)
		}
		first, err := journal.BySubject(t.Context(), there.pool, id, 1)
		if err != nil || first[0].Verb != repository.DocumentImported || first[0].Detail["house"] != "The Old House" {
			t.Errorf("the journal begins with %+v (%v)", first, err)
		}
	}
	if n := there.count(t, "workflow.ticket") + there.count(t, "workflow.task"); n != 0 {
		t.Errorf("%d tickets and tasks", n)
	}
	if n := there.count(t, "river.river_job where kind = 'capture.read'"); n != 5 { // they had not been read in the old house
		t.Errorf("%d documents are to be read, want 5", n)
	}
	var last int
	if err := there.pool.QueryRow(t.Context(), "select last from workflow.sequence where prefix = 'CLM' and year = 2026").Scan(&last); err != nil || last != 45 {
		t.Errorf("the last reserved number is %d (%v)", last, err)
	}
	if again, err := there.importer().Import(t.Context(), dir); err != nil || again.Documents != 0 || again.Already != 5 {
		t.Errorf("a second time: %+v, %v", again, err)
	}
}

// A party that is known here by its e-mail is that party; one whose ID came with another document is the same again.
func TestPartiesAreRecognised(t *testing.T) {
	t.Parallel()
	h, there := newHouse(t), newHouse(t)
	h.receive(t, 3)
	mine := there.receive(t, 1) // Anna Alta, under another ID
	dir, _ := h.export(t)
	if _, err := there.importer().Import(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if n := there.count(t, "taxonomy.party"); n != 3 {
		t.Errorf("%d parties, want 3", n)
	}
	r, err := there.plan.Record(t.Context(), there.pool, mine[0])
	if err != nil {
		t.Fatal(err)
	}
	var n int
	err = there.pool.QueryRow(t.Context(), "select count(*) from taxonomy.record where party = $1", r.Party).Scan(&n)
	if err != nil || n != 2 {
		t.Errorf("Anna Alta has %d records here, want 2 (%v)", n, err)
	}
}

// A number that a ticket here has is another matter: the document does not claim it.
func TestTakenTicketNumbersAreNotClaimed(t *testing.T) {
	t.Parallel()
	h, there := newHouse(t), newHouse(t)
	ids := h.receive(t, 1)
	number := workflow.Number("CLM", 2026, 41)
	err := postgres.InTx(t.Context(), there.pool, func(tx pgx.Tx) error {
		if err := workflow.InstallShipped(t.Context(), tx); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `insert into workflow.ticket (id, number, process, process_version, class, title, state, waiting_on, readers,
			received_at, due_at, active_at) select gen_random_uuid(), $1, id, version, 'complaint', 'x', 'new', 'us', '{everyone}', now(), now(), now()
			from workflow.process limit 1`, number)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	dir, _ := h.export(t)
	if _, err := there.importer().Import(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	r, err := there.plan.Record(t.Context(), there.pool, ids[0])
	if err != nil || r.Ticket != "" {
		t.Errorf("the record claims ticket %q (%v)", r.Ticket, err)
	}
}

// What somebody made up, or made wrong, is refused, and nothing is imported of it.
func TestHostileExportsAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.receive(t, 2)
	good, _ := h.export(t)
	there := newHouse(t)
	version := func(l map[string]any) map[string]any { return l["versions"].([]any)[0].(map[string]any) }
	file := func(l map[string]any) map[string]any { return version(l)["file"].(map[string]any) }
	set := func(of func(map[string]any) map[string]any, name string, value any) func(map[string]any) {
		return func(l map[string]any) { of(l)[name] = value }
	}
	line := func(l map[string]any) map[string]any { return l }
	record := func(l map[string]any) map[string]any { return l["record"].(map[string]any) }
	for name, tt := range map[string]struct {
		do   func(map[string]any)
		want string
	}{
		"climbing path":     {set(file, "path", "data/documents/../../../etc/passwd"), "does not lie with it"},
		"absolute path":     {set(file, "path", "/etc/passwd"), "does not lie with it"},
		"another's file":    {set(file, "path", "data/documents.jsonl"), "does not lie with it"},
		"wrong digest":      {set(file, "sha256", strings.Repeat("0", 64)), "was changed"},
		"short digest":      {set(file, "sha256", "00"), "cannot be read"},
		"no document":       {set(line, "document", "00000000-0000-0000-0000-000000000000"), "ID is missing"},
		"not a document":    {set(line, "document", "x"), "cannot be read"},
		"no versions":       {set(line, "versions", []any{}), "has 0 versions"},
		"gap in versions":   {set(version, "number", 2), "it is numbered 2"},
		"no file":           {func(l map[string]any) { delete(version(l), "file") }, "has no file"},
		"unknown class":     {set(record, "class", "spell"), "classes that are not defined here: spell"},
		"impossible date":   {set(record, "letter_date", "2026-02-31"), "no date"},
		"part of itself":    {func(l map[string]any) { record(l)["part_of"] = l["document"] }, "part of itself"},
		"confidence":        {set(record, "confidence", 7), "between 0 and 1"},
		"NUL":               {set(record, "title", "a\x00b"), "NUL"},
		"script as a page":  {set(version, "renditions", []any{map[string]any{"kind": "page", "page": 1, "media_type": "text/html", "path": "data/documents/x", "sha256": strings.Repeat("0", 64)}}), "none that is known"},
		"state of a piece":  {func(l map[string]any) { l["intake"].([]any)[0].(map[string]any)["state"] = "root" }, "no known state"},
		"reading of nought": {set(line, "reading", map[string]any{"version": 9}), "of no version"},
	} {
		dir := forge(t, good, func(lines []map[string]any) []map[string]any { tt.do(lines[0]); return lines[:1] })
		_, err := there.importer().Import(t.Context(), dir)
		if said := fault.Sentence(err); err == nil || !strings.Contains(said, tt.want) {
			t.Errorf("%s: said %q (%v), want it to say %q", name, said, err, tt.want)
		}
	}
	twice := forge(t, good, func(lines []map[string]any) []map[string]any { return append(lines, lines[0]) })
	if _, err := there.importer().Import(t.Context(), twice); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Sentence(err), "in it twice") {
		t.Errorf("twice: %v", err)
	}
	if n := there.count(t, "repository.document"); n != 0 {
		t.Errorf("%d documents were imported", n)
	}
}

// forge copies a bag with other lines and makes its manifests fit.
func forge(t *testing.T, good string, change func([]map[string]any) []map[string]any) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "forged")
	if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, linesFile)
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var lines []map[string]any
	for d := json.NewDecoder(strings.NewReader(string(raw))); d.More(); {
		var l map[string]any
		if err := d.Decode(&l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	var out []byte
	for _, l := range change(lines) {
		body, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		out = append(append(out, body...), '\n')
	}
	if err := os.WriteFile(name, out, 0o640); err != nil {
		t.Fatal(err)
	}
	b, err := bagit.Open(good)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var info []bagit.Field
	for _, label := range []string{"External-Identifier", formatLabel, documentsLabel} {
		info = append(info, bagit.Field{Label: label, Value: b.Info(label)})
	}
	if _, err := bagit.Write(dir, everyFile(dir), info, readmeFile); err != nil {
		t.Fatal(err)
	}
	return dir
}

// everyFile lists what lies in a bag's data.
func everyFile(dir string) iter.Seq2[bagit.Payload, error] {
	return func(yield func(bagit.Payload, error) bool) {
		_ = filepath.WalkDir(filepath.Join(dir, "data"), func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				name, _ := filepath.Rel(dir, path)
				yield(digestOf(dir, filepath.ToSlash(name)))
			}
			return err
		})
	}
}

// Whatever a line says, a line that passes names only files that lie with its document.
func FuzzLine(f *testing.F) {
	f.Add([]byte(`{"document":"0192f0c4-0000-7000-8000-000000000001","versions":[{"number":1,"name":"x","file":{"path":"data/documents/0192f0c4-0000-7000-8000-000000000001/v1/x","size":1,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}]}`))
	f.Add([]byte(`{"versions":[{}],"record":{"party":{}},"intake":[{}],"reading":{}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var l Line
		if json.Unmarshal(raw, &l) != nil || l.check() != nil {
			return
		}
		for x := range l.Files() {
			if !strings.HasPrefix(x.Path, "data/documents/"+l.Document.String()+"/v") {
				t.Errorf("%s does not lie with %s", x.Path, l.Document)
			}
		}
		l.brought()
	})
}

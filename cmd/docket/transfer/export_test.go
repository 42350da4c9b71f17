package transfer

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docket/repository"
	"docket/repository/bagit"
	"docket/repository/fault"

	"github.com/google/go-cmp/cmp"
)

func wantWhole(t *testing.T, dir string) {
	t.Helper()
	b, err := bagit.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := b.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// documentsIn are the documents of an export in the order of its lines.
func documentsIn(t *testing.T, dir string) (ids []repository.DocumentID) {
	t.Helper()
	b, err := bagit.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for l, err := range (&run{bag: b}).lines() {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, l.Document)
	}
	return ids
}

// An export that was cut off in the middle of a line goes on there, and only as the same export.
func TestExportGoesOnWhereItWasCutOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := h.receive(t, 7)
	dir := filepath.Join(t.TempDir(), "bag")
	e := h.exporter()
	w, err := e.begin(dir+".part", Selection{})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids[:3] {
		line, err := e.document(t.Context(), w.dir, id)
		if err == nil {
			err = w.add(line)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.Export(t.Context(), dir, Selection{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second export into the folder of one that runs: %v", err)
	}
	_, _ = w.buffer.WriteString(`{"document":"0192`) // here the power goes
	_ = w.flush()
	w.close()
	if _, err := e.Export(t.Context(), dir, Selection{Documents: ids[:2]}); !fault.Is(err, fault.Conflict) {
		t.Errorf("going on with another selection: %v", err)
	}
	r, err := e.Export(t.Context(), dir, Selection{})
	if err != nil || r.Documents != len(ids) || r.Bag != w.state.Bag {
		t.Fatalf("%+v, %v", r, err)
	}
	if diff := cmp.Diff(ids, documentsIn(t, dir)); diff != "" {
		t.Error(diff)
	}
	wantWhole(t, dir)
	if _, err := os.Stat(dir + ".part"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the unfinished folder is still there: %v", err)
	}
	if _, err := e.Export(t.Context(), dir, Selection{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("an export over another: %v", err)
	}
}

// A line that is whole but for its end counts, and one whose file was cut off does not.
func TestWhatWasCutOffIsWrittenAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := h.receive(t, 4)
	for name, damage := range map[string]func(dir, lines string) error{
		"no end of line": func(_, lines string) error {
			known, err := os.Stat(lines)
			return errors.Join(err, os.Truncate(lines, known.Size()-1))
		},
		"short file": func(dir, _ string) error {
			return os.Truncate(filepath.Join(dir, "data/documents", ids[1].String(), "v1/Brief_1.txt"), 3)
		},
		"nothing": func(_, lines string) error { return os.Truncate(lines, 0) },
	} {
		dir := filepath.Join(t.TempDir(), "bag")
		e := h.exporter()
		ctx, cancel := context.WithCancel(t.Context())
		w, err := e.begin(dir+".part", Selection{})
		if err == nil {
			err = e.all(ctx, w, e.selected(ctx, Selection{}, w.last))
		}
		cancel()
		if err = errors.Join(err, w.flush()); err != nil {
			t.Fatal(err)
		}
		w.close()
		if err := damage(w.dir, filepath.Join(w.dir, linesFile)); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Export(t.Context(), dir, Selection{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(ids, documentsIn(t, dir)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		wantWhole(t, dir)
	}
}

// Bytes that the store has lost do not keep the others from being exported, and nobody is left in the dark.
func TestLostBytesAreTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := h.receive(t, 3)
	v, err := h.store.Version(t.Context(), h.pool, ids[1], 1)
	if err == nil {
		err = h.blobs.Delete(t.Context(), "documents/"+ids[1].String()+"/content", v.Object)
	}
	if err != nil {
		t.Fatal(err)
	}
	dir, r := h.export(t)
	if len(r.Problems) != 1 || !strings.Contains(r.Problems[0], ids[1].String()) || r.Documents != 3 {
		t.Errorf("exported %+v", r)
	}
	wantWhole(t, dir)
	there := newHouse(t)
	r, err = there.importer().Import(t.Context(), dir)
	if err != nil || r.Documents != 2 || len(r.Problems) != 1 {
		t.Errorf("imported %+v, %v", r, err)
	}
}

func TestOnlyTheChosenAreExported(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ids := h.receive(t, 5)
	dir := filepath.Join(t.TempDir(), "bag")
	chosen := []repository.DocumentID{ids[1], ids[3]}
	if _, err := h.exporter().Export(t.Context(), dir, Selection{Query: "kettle", Documents: chosen}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(chosen, documentsIn(t, dir)); diff != "" {
		t.Error(diff)
	}
	b, err := bagit.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if got := b.Info("External-Description"); got != "2 documents with all their versions: the documents found by: kettle" {
		t.Error(got)
	}
}

func TestSafeNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"letter.pdf": "letter.pdf", "Übersicht März.docx": "bersicht_M_rz.docx", "../../etc/passwd": "passwd", `C:\x\y.txt`: "y.txt",
		".bashrc": "content.bashrc", "": "content", "...": "content", "-rf": "rf", "a/b/": "content", "x.tar.gz": "x.tar.gz",
		"no end.": "no_end", strings.Repeat("x", 300) + ".pdf": strings.Repeat("x", 96) + ".pdf",
	} {
		if got := safeName(name); got != want {
			t.Errorf("safeName(%.40q) = %q, want %q", name, got, want)
		}
	}
}

func FuzzSafeName(f *testing.F) {
	f.Add("letter.pdf")
	f.Add("../.\x00\\")
	f.Fuzz(func(t *testing.T, name string) {
		got := safeName(name)
		if got == "" || len(got) > maxSafeName || strings.ContainsAny(got, "/\\\x00") || strings.HasPrefix(got, ".") || strings.HasPrefix(got, "-") || !filepath.IsLocal(got) {
			t.Errorf("safeName(%q) = %q", name, got)
		}
	})
}

package bagit

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docket/repository/fault"

	"github.com/google/go-cmp/cmp"
)

// pack makes a bag of some files in a new folder.
func pack(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "README.txt"), "what this is")
	payload := func(yield func(Payload, error) bool) {
		for name, content := range files {
			write(t, filepath.Join(dir, name), content)
			if !yield(Payload{Entry{name, sha256.Sum256([]byte(content))}, int64(len(content))}, nil) {
				return
			}
		}
	}
	if _, err := Write(dir, payload, []Field{{"Source-Organization", "The House"}, {"External-Description", "two\nlines"}}, "README.txt"); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, dir string) (Summary, error) {
	t.Helper()
	b, err := Open(dir)
	if err != nil {
		return Summary{}, err
	}
	defer b.Close()
	return b.Verify(t.Context(), nil)
}

func TestWhatIsWrittenIsWhole(t *testing.T) {
	t.Parallel()
	dir := pack(t, map[string]string{"data/a.txt": "one", "data/b/100%25 é.txt": "three", "data/empty": ""})
	s, err := check(t, dir)
	if err != nil || s != (Summary{3, 8}) {
		t.Errorf("found %+v, %v", s, err)
	}
	b, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	got := []string{b.Info("source-organization"), b.Info("External-Description"), b.Info("Payload-Oxum"), b.Info("Nothing")}
	if diff := cmp.Diff([]string{"The House", "two lines", "8.3", ""}, got); diff != "" {
		t.Error(diff)
	}
}

// Whatever is done to a bag is found, and the refusal names it.
func TestDamageIsFound(t *testing.T) {
	t.Parallel()
	const other = "0000000000000000000000000000000000000000000000000000000000000000"
	list := func(line string) func(*testing.T, string) {
		return func(t *testing.T, dir string) { relist(t, dir, line) }
	}
	for name, tt := range map[string]struct {
		do   func(t *testing.T, dir string)
		want string
	}{
		"changed":          {func(t *testing.T, dir string) { write(t, dir+"/data/a.txt", "two") }, "data/a.txt has another SHA-256"},
		"cut off":          {func(t *testing.T, dir string) { write(t, dir+"/data/a.txt", "on") }, "data/a.txt has another SHA-256"},
		"missing":          {func(t *testing.T, dir string) { remove(t, dir+"/data/a.txt") }, "data/a.txt is missing"},
		"not listed":       {func(t *testing.T, dir string) { write(t, dir+"/data/x", "x") }, `"data/x" is not in the manifest`},
		"no manifest":      {func(t *testing.T, dir string) { remove(t, dir+"/manifest-sha256.txt") }, "manifest-sha256.txt is missing"},
		"no tag manifest":  {func(t *testing.T, dir string) { remove(t, dir+"/tagmanifest-sha256.txt") }, "tagmanifest-sha256.txt cannot be read"},
		"changed fields":   {func(t *testing.T, dir string) { write(t, dir+"/bag-info.txt", "Payload-Oxum: 1.1\n") }, "bag-info.txt has another SHA-256"},
		"changed readme":   {func(t *testing.T, dir string) { write(t, dir+"/README.txt", "x") }, "README.txt has another SHA-256"},
		"no declaration":   {func(t *testing.T, dir string) { remove(t, dir+"/bagit.txt") }, "no bag"},
		"future version":   {func(t *testing.T, dir string) { write(t, dir+"/bagit.txt", "BagIt-Version: 9.0\n") }, `version "9.0"`},
		"other encoding":   {func(t *testing.T, dir string) { write(t, dir+"/bagit.txt", "BagIt-Version: 1.0\n") }, "encoding"},
		"to be fetched":    {func(t *testing.T, dir string) { write(t, dir+"/fetch.txt", "http://x 1 data/x") }, "fetch.txt"},
		"climbing path":    {list(other + "  data/../../etc/passwd"), "does not lie in the bag"},
		"absolute path":    {list(other + "  /etc/passwd"), "does not lie in the bag"},
		"home":             {list(other + "  ~root/x"), "does not lie in the bag"},
		"backslashes":      {list(other + `  data\..\x`), "holds what no path"},
		"hidden line end":  {list(other + "  data/%0Ax"), "holds what no path"},
		"outside payload":  {list(other + "  bagit.txt"), "does not belong there"},
		"twice":            {list(fmt.Sprintf("%x  data/a.txt", sha256.Sum256([]byte("one")))), "twice"},
		"short digest":     {list("abc  data/a.txt"), "no SHA-256"},
		"long digest":      {list(other + "00  data/a.txt"), "no SHA-256"},
		"no path":          {list(other), "not a digest and a path"},
		"endless line":     {list(other + "  data/" + strings.Repeat("x", 1<<20)), "too long"},
		"listed, missing":  {list(other + "  data/never"), "data/never is missing"},
		"folder":           {list(other + "  data"), "does not belong there"},
		"folder as a file": {list(other + "  data/b"), "no regular file"},
		"symbolic link": {func(t *testing.T, dir string) {
			remove(t, dir+"/data/a.txt")
			link(t, "/etc/hostname", dir+"/data/a.txt")
		}, "data/a.txt cannot be read or is no regular file"},
		"linked folder": {func(t *testing.T, dir string) {
			link(t, "/etc", dir+"/data/etc")
			relist(t, dir, other+"  data/etc/hostname")
		}, "data/etc is no regular file"},
		"linked payload": {func(t *testing.T, dir string) {
			if err := os.Rename(dir+"/data", dir+"/elsewhere"); err != nil {
				t.Fatal(err)
			}
			link(t, "elsewhere", dir+"/data")
		}, "data is no folder"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := pack(t, map[string]string{"data/a.txt": "one", "data/b/c.txt": "two"})
			tt.do(t, dir)
			_, err := check(t, dir)
			if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
				t.Fatalf("got %v, want a refusal", err)
			}
			if said := fault.Sentence(err); !strings.Contains(said, tt.want) {
				t.Errorf("said %q, want it to say %q", said, tt.want)
			}
		})
	}
}

// relist adds a line to the manifest and makes the tag manifest fit.
func relist(t *testing.T, dir, line string) {
	t.Helper()
	name := filepath.Join(dir, manifest)
	old, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	write(t, name, string(old)+line+"\n")
	var tags bytes.Buffer
	for _, f := range []string{info, declaration, manifest, "README.txt"} {
		sum, err := digest(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&tags, Entry{f, sum})
	}
	write(t, filepath.Join(dir, tagManifest), tags.String())
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Fatal(err)
	}
}

// Other tools write manifests a little differently.
func TestManifestsOfOtherTools(t *testing.T) {
	t.Parallel()
	const digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	for _, line := range []string{digest + " data/x", digest + "\tdata/x", digest + " *data/x\r", strings.ToUpper(digest) + "  data/x\n\n"} {
		var got []string
		for e, err := range ReadManifest(strings.NewReader(line)) {
			if err != nil {
				t.Errorf("%q: %v", line, err)
			}
			got = append(got, e.String())
		}
		if diff := cmp.Diff([]string{digest + "  data/x"}, got); diff != "" {
			t.Errorf("%q: %s", line, diff)
		}
	}
}

// Whatever a manifest holds, its paths stay in the bag and can be written and read again.
func FuzzManifest(f *testing.F) {
	const digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	for _, seed := range []string{digest + "  data/x\n", digest + " *data/100%25.txt\r\n", digest + "  data/../x", digest + "  /x", "\r\r\n", "x", digest + "  data/\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		for e, err := range ReadManifest(bytes.NewReader(content)) {
			if err != nil {
				return
			}
			if !filepath.IsLocal(e.Path) || len(e.Path) > maxPath {
				t.Fatalf("the path %q leads out of the bag", e.Path)
			}
			again, err := parseEntry(e.String())
			if err != nil || again != e {
				t.Fatalf("%q became %q (%v)", e, again, err)
			}
		}
	})
}

package web

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestPagesAreValid holds that every page is HTML as the standard has it: elements where they may stand, attributes that exist, no ID
// twice. What a browser forgives is told here. DOCKET_PAGES=folder keeps the pages.
func TestPagesAreValid(t *testing.T) {
	t.Parallel()
	tool := filepath.Join("node_modules", ".bin", "html-validate")
	if _, err := os.Stat(tool); err != nil {
		t.Fatal("the tools of the frontend are not installed: make assets")
	}
	h := newHouse(t)
	h.furnish(t)
	folder := os.Getenv("DOCKET_PAGES")
	if folder == "" {
		folder = t.TempDir()
	}
	keep := func(b *browser, name, path string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name+".html"), []byte(b.get(path).body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keep(h.browser(t), "sign-in", "/sign-in")
	ada := h.as(t, "ada")
	for _, s := range h.screens(t) {
		keep(ada, s.name, s.path)
	}
	out, err := exec.CommandContext(t.Context(), tool, "--config", "htmlvalidate.json", "--formatter", "text", folder+"/*.html").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

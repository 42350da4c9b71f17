package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// may lists, for each top-level folder, the folders its packages may import. Nobody imports cmd.
var may = map[string][]string{
	"repository": {},
	"taxonomy":   {"repository"},
	"search":     {"repository", "taxonomy"},
	"capture":    {"repository", "taxonomy"},
	"workflow":   {"repository", "taxonomy", "search"},
	"web":        {"repository", "taxonomy", "search", "capture", "workflow"},
	"cmd":        {"repository", "taxonomy", "search", "capture", "workflow", "web"},
}

// TestImportsRunOneWay fails when a folder imports one that it may not, or when a folder appears that the map does not know.
func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		from := folder(p.ImportPath)
		allowed, known := may[from]
		if !known {
			t.Errorf("%s: the top level is fixed; %q is not one of its folders", p.ImportPath, from)
			continue
		}
		for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			to := folder(imported)
			if to == "" || to == from {
				continue
			}
			if !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s: %s may import only %v", p.ImportPath, imported, from, allowed)
			}
		}
	}
}

// TestOnlyWebKnowsGin keeps the web framework out of the domain, and cgo in its one package.
func TestOnlyWebKnowsGin(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if folder(p.ImportPath) != "web" && slices.Contains(p.Imports, "github.com/gin-gonic/gin") {
			t.Errorf("%s imports gin: only web may", p.ImportPath)
		}
		if p.ImportPath != "docket/capture/tesseract" && (slices.Contains(p.Imports, "C") || slices.Contains(p.Imports, "github.com/otiai10/gosseract/v2")) {
			t.Errorf("%s uses cgo: only capture/tesseract may", p.ImportPath)
		}
	}
}

type goPackage struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "docket/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// folder is the top-level folder of one of our packages, "" for others.
func folder(path string) string {
	rest, ours := strings.CutPrefix(path, "docket/")
	if !ours {
		return ""
	}
	top, _, _ := strings.Cut(rest, "/")
	return top
}

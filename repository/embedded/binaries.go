package embedded

import (
	"cmp"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"docket/repository/fault"
)

// oldest is the oldest major version of PostgreSQL that Docket's SQL is written for.
const oldest = 15

// binaries are the programs of one installed PostgreSQL.
type binaries struct {
	folder string
	major  int
}

func (b binaries) path(program string) string { return filepath.Join(b.folder, program) }

// packaged are the places where distributions put each major version's programs.
var packaged = []string{
	"/usr/lib/postgresql/*/bin",            // Debian, Ubuntu, Alpine
	"/usr/pgsql-*/bin",                     // Red Hat, from postgresql.org
	"/opt/homebrew/opt/postgresql@*/bin",   // Homebrew
	"/usr/local/opt/postgresql@*/bin",      // Homebrew on Intel
	"/usr/local/postgresql*/bin",           // from source
	"/usr/lib/postgresql-*/bin",            // Gentoo's older layout
	"/usr/lib/postgresql/bin",              // openSUSE
	"/usr/libexec/postgresql*",             // Alpine
	"/Applications/Postgres.app/*/*/*/bin", // Postgres.app
}

// findBinaries gives the newest installed PostgreSQL, or the newest of the major version wanted when that is not 0.
func findBinaries(ctx context.Context, folder string, wanted int) (binaries, error) {
	var found []binaries
	for _, f := range candidates(ctx, folder) {
		if b := (binaries{f, majorOf(ctx, f)}); b.major >= oldest && (wanted == 0 || b.major == wanted) {
			found = append(found, b)
		}
	}
	switch {
	case len(found) > 0:
		return slices.MaxFunc(found, func(a, b binaries) int { return cmp.Compare(a.major, b.major) }), nil
	case wanted != 0:
		return binaries{}, fault.New(fault.Unavailable, "The database was made by PostgreSQL %d, which is not installed any more. "+
			"Nothing was changed. Install postgresql-%d again, or move the data to another version with pg_upgrade.", wanted, wanted)
	}
	return binaries{}, fault.New(fault.Unavailable, "PostgreSQL %d or newer is not installed. "+
		"Install it (on Debian: apt-get install postgresql), or set DOCKET_DATABASE_URL to a database elsewhere.", oldest)
}

// candidates are the folders that may hold the programs, without repetition. A folder that was asked for is the only one.
func candidates(ctx context.Context, folder string) []string {
	if folder != "" {
		return []string{folder}
	}
	var all []string
	for _, pattern := range packaged {
		some, _ := filepath.Glob(pattern)
		all = append(all, some...)
	}
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		all = append(all, strings.TrimSpace(string(out)))
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		all = append(all, filepath.Dir(p))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// majorOf asks the server program in folder for its major version: 0 when there is no whole installation.
func majorOf(ctx context.Context, folder string) int {
	b := binaries{folder: folder}
	if _, err := os.Stat(b.path("initdb")); err != nil {
		return 0
	}
	out, err := exec.CommandContext(ctx, b.path("postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	m := versionLine.FindSubmatch(out)
	if m == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(m[1]))
	return major
}

package embedded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"docket/repository/fault"

	"github.com/jackc/pgx/v5"
)

// helperFolder makes the test binary a helper that starts a cluster in that folder and waits to be killed.
const helperFolder = "DOCKET_EMBEDDED_HELPER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(helperFolder); folder != "" {
		help(folder)
	}
	os.Exit(m.Run())
}

func help(folder string) {
	c := config(folder)
	c.Disposable = false // as it really runs
	p, err := Start(context.Background(), c)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(p.URL())
	select {} // until we are killed
}

func config(folder string) Config {
	return Config{Folder: folder, Disposable: true, Logger: slog.New(slog.DiscardHandler)}
}

// reachable is a temporary folder that every account may walk through.
func reachable(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "docket-embedded-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return folder
}

func start(t *testing.T, folder string) *Postgres {
	t.Helper()
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	p, err := Start(t.Context(), config(folder))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Stop(context.Background()) })
	return p
}

func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var s string
	if err := conn.QueryRow(t.Context(), sql).Scan(&s); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		t.Fatalf("%s: %v", sql, err)
	}
	return s
}

func TestKeepsDataOverRestarts(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(reachable(t), "postgres")
	p := start(t, folder)
	query(t, p.URL(), "create table kept as select 'a row' as it")
	if err := p.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-p.Done()
	p = start(t, folder)
	if got := query(t, p.URL(), "select it from kept"); got != "a row" {
		t.Errorf("after the restart: %q", got)
	}
}

func TestIsSetUpForText(t *testing.T) {
	t.Parallel()
	p := start(t, filepath.Join(reachable(t), "postgres"))
	for sql, want := range map[string]string{
		"show server_encoding":         "UTF8",
		"show data_checksums":          "on",
		"show listen_addresses":        "",
		"show timezone":                "UTC",
		"select upper('äőłžд')":        "ÄŐŁŽД",
		"select ('Z' < 'a')::text":     "true", // by code point
		"select current_database()":    "docket",
		"select ('Ő' ilike 'ő')::text": "true",
	} {
		if got := query(t, p.URL(), sql); got != want {
			t.Errorf("%s: got %q, want %q", sql, got, want)
		}
	}
}

func TestRunsBelowAFolderThatItsAccountMayNotEnter(t *testing.T) {
	t.Parallel()
	private := filepath.Join(t.TempDir(), "private")
	if err := os.Mkdir(private, 0o700); err != nil {
		t.Fatal(err)
	}
	p := start(t, filepath.Join(private, "postgres"))
	if got := query(t, p.URL(), "select 'up'"); got != "up" {
		t.Errorf("got %q", got)
	}
}

func TestRunsBelowALongPath(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(reachable(t), strings.Repeat("a-long-name/", 20), "postgres")
	p := start(t, folder)
	if got := query(t, p.URL(), "select 'up'"); got != "up" {
		t.Errorf("got %q", got)
	}
	url, err := Address(folder)
	if err != nil || url != p.URL() {
		t.Errorf("Address gives %q, %v; the cluster says %q", url, err, p.URL())
	}
}

func TestOneProcessOwnsAFolder(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(reachable(t), "postgres")
	p := start(t, folder)
	_, err := Start(t.Context(), config(folder))
	if !errors.Is(err, ErrRunning) || !fault.Is(err, fault.Conflict) {
		t.Errorf("second start: %v; want ErrRunning as a conflict", err)
	}
	url, err := Address(folder)
	if err != nil {
		t.Fatal(err)
	}
	if got := query(t, url, "select 'the first is well'"); got != "the first is well" {
		t.Errorf("got %q", got)
	}
	if err := p.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRefusesAFolderWithSomethingElse(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(reachable(t), "postgres")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	letter := filepath.Join(folder, "letter.txt")
	if err := os.WriteFile(letter, []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		if a, err := postgresAccount(); err != nil {
			t.Fatal(err)
		} else if err := a.own(folder); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Start(t.Context(), config(folder))
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v; want a conflict", err)
	}
	if text, err := os.ReadFile(letter); err != nil || string(text) != "dear" {
		t.Errorf("the file that was there: %q, %v", text, err)
	}
}

func TestSaysWhenPostgreSQLIsMissing(t *testing.T) {
	t.Parallel()
	folder := reachable(t)
	c := config(filepath.Join(folder, "postgres"))
	c.Binaries = folder
	_, err := Start(t.Context(), c)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.Sentence(err), "DOCKET_DATABASE_URL") {
		t.Errorf("got %v", err)
	}
}

func TestCancelledStartLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(reachable(t), "postgres")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, config(folder)); err == nil {
		t.Fatal("no error")
	}
	p := start(t, folder)
	if got := query(t, p.URL(), "select 'up'"); got != "up" {
		t.Errorf("got %q", got)
	}
}

// TestSurvivesKill kills a process that runs a cluster, and starts the cluster again at once.
func TestSurvivesKill(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	for _, c := range []struct {
		name string
		too  bool // the postmaster is killed as well
	}{{"server", false}, {"server and postmaster", true}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(reachable(t), "postgres")
			cmd, url := helper(t, folder, nil)
			query(t, url, "create table kept as select 'a row' as it")
			postmaster := readPID(filepath.Join(folder, "postmaster.pid"))
			cmd.Process.Kill()
			if c.too {
				syscall.Kill(postmaster, syscall.SIGKILL)
			}
			began := time.Now()
			p := start(t, folder)
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("the restart took %v", took)
			}
			if got := query(t, p.URL(), "select it from kept"); got != "a row" {
				t.Errorf("after the kill: %q", got)
			}
			cmd.Wait()
		})
	}
}

// TestEndsAnOrphan starts beside a postmaster that nobody told to end, as on systems without parent-death signals.
func TestEndsAnOrphan(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(reachable(t), "postgres")
	orphan := start(t, folder)
	query(t, orphan.URL(), "create table kept as select 'a row' as it")
	orphan.lock.Close() // as the system does for a process that was killed
	p := start(t, folder)
	select {
	case <-orphan.Done():
	default:
		t.Error("the old postmaster still runs")
	}
	if got := query(t, p.URL(), "select it from kept"); got != "a row" {
		t.Errorf("after the orphan: %q", got)
	}
}

// TestIgnoresAnotherProcessWithThePostmastersNumber has a file of a postmaster whose number now belongs to this test.
func TestIgnoresAnotherProcessWithThePostmastersNumber(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(reachable(t), "postgres")
	if err := start(t, folder).Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "postmaster.pid")
	if err := os.WriteFile(file, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, folder)
	if got := query(t, p.URL(), "select 'up'"); got != "up" {
		t.Errorf("got %q", got)
	}
}

// TestRunsAsAnotherAccount runs a cluster as an account without rights, then takes it over as root.
func TestRunsAsAnotherAccount(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can start processes of other accounts")
	}
	nobody := &syscall.Credential{Uid: 65534, Gid: 65534}
	parent := reachable(t)
	if err := os.Chown(parent, int(nobody.Uid), int(nobody.Gid)); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(parent, "postgres")
	cmd, url := helper(t, folder, nobody)
	query(t, url, "create table kept as select 'a row' as it")
	cmd.Process.Kill()
	cmd.Wait()
	p := start(t, folder)
	if got := query(t, p.URL(), "select it from kept"); got != "a row" {
		t.Errorf("as root: %q", got)
	}
	if owner, _ := ownerOf(filepath.Join(folder, "postmaster.pid")); owner == nil || owner.Uid != nobody.Uid {
		t.Errorf("the cluster runs as %v, want its owner %v", owner, nobody)
	}
}

// helper starts this test binary as another process that runs a cluster in folder, and gives the cluster's URL.
func helper(t *testing.T, folder string, as *syscall.Credential) (*exec.Cmd, string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	cmd := exec.Command("/proc/self/exe")
	cmd.Dir, cmd.Env = "/", append(os.Environ(), helperFolder+"="+folder)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "postgres://") {
		t.Fatalf("helper says %q, %v", line, err)
	}
	return cmd, strings.TrimSpace(line)
}

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"docket/capture"
	"docket/capture/sample"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A victim is a server in a process of its own that can be killed at any moment.
type victim struct {
	t      *testing.T
	data   string
	listen string
	verb   string   // "serve" or "work"
	flags  []string // besides those that every one gets
	env    []string // besides the test's own
	cmd    *exec.Cmd
	ended  chan error
}

// plain builds the program as it is shipped, once for all tests. A process that is killed has nothing to tell the race detector, under
// which a start takes ten times as long.
var plain = sync.OnceValues(func() (string, error) {
	program := filepath.Join(plainDir, "docket")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w: %s", err, out)
	}
	return program, nil
})

// program is what plain has built.
func program(t *testing.T) string {
	t.Helper()
	p, err := plain()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	program(t) // before the first start is waited for
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	v := &victim{t: t, verb: "serve", data: t.TempDir(), listen: l.Addr().String(), env: []string{"DOCKET_ADMIN_PASSWORD=a long enough password"}}
	t.Cleanup(v.kill)
	return v
}

func (v *victim) start() {
	v.t.Helper()
	v.cmd = exec.Command(program(v.t), append([]string{v.verb, "--data", v.data, "--listen", v.listen, "--log", "error"}, v.flags...)...)
	v.cmd.Env = append(os.Environ(), v.env...)
	v.cmd.Stderr = v.t.Output()
	if err := v.cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	cmd, ended := v.cmd, make(chan error, 1)
	v.ended = ended
	go func() { ended <- cmd.Wait() }()
}

// kill ends the server as a power cut would.
func (v *victim) kill() {
	if v.cmd != nil {
		v.cmd.Process.Kill()
		<-v.ended
		v.cmd = nil
	}
}

// stop ends it as an operator would.
func (v *victim) stop() {
	v.t.Helper()
	v.cmd.Process.Signal(os.Interrupt)
	select {
	case err := <-v.ended:
		if err != nil {
			v.t.Errorf("the server did not stop cleanly: %v", err)
		}
	case <-time.After(time.Minute):
		v.t.Error("the server did not stop within a minute")
		v.cmd.Process.Kill()
		<-v.ended
	}
	v.cmd = nil
}

func (v *victim) ready() bool {
	r, err := http.Get("http://" + v.listen + "/readyz")
	if err != nil {
		return false
	}
	defer r.Body.Close()
	io.Copy(io.Discard, r.Body)
	return r.StatusCode == http.StatusOK
}

// within waits for something to become true.
func within(t *testing.T, limit time.Duration, what string, is func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-ctx.Done():
			t.Fatalf("not within %s: %s", limit, what)
		case <-tick.C:
		}
	}
}

// kills is at how many moments the server is killed.
const kills = 12

// The server is killed again and again while a mailbag is captured. After the last start every piece has arrived exactly once.
func TestKilledAtAnyMomentEveryPieceArrivesOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills servers")
	}
	t.Parallel()
	v := newVictim(t)
	bag := t.TempDir()
	truths, err := sample.Generate(bag, sample.Options{Pieces: 24, Seed: 5, Kinds: []sample.Kind{sample.PDF, sample.Text, sample.Docx, sample.Mail, sample.JPEG}})
	if err != nil {
		t.Fatal(err)
	}
	v.start()
	within(t, time.Minute, "the first start", v.ready)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	hot := filepath.Join(v.data, "hotfolder")
	for i := range kills {
		for j := i * len(truths) / kills; j < (i+1)*len(truths)/kills; j++ {
			drop(t, filepath.Join(bag, truths[j].File), hot)
		}
		time.Sleep(time.Duration(random.IntN(4000)) * time.Millisecond) // the moment of the power cut
		v.kill()
		v.start()
	}
	within(t, time.Minute, "the last start", v.ready)
	within(t, 4*time.Minute, "everything taken and decided", func() bool { return v.settled(len(truths)) })
	v.stop()
	v.wantEachOnce(truths)
}

// drop puts a file into the hot folder as a scanner does: under another name first.
func drop(t *testing.T, file, folder string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(folder, filepath.Base(file))
	if err := os.WriteFile(to+".part", content, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(to+".part", to); err != nil {
		t.Fatal(err)
	}
}

// settled says whether all files are in the ledger and nothing is on its way.
func (v *victim) settled(files int) bool {
	pool, err := v.database()
	if err != nil {
		return false
	}
	defer pool.Close()
	var taken, open int
	err = pool.QueryRow(v.t.Context(), `select count(*) filter (where depth = 0), count(*) filter (where state in ('stored', 'reading'))
		from capture.piece`).Scan(&taken, &open)
	return err == nil && taken >= files && open == 0
}

func (v *victim) database() (*pgxpool.Pool, error) {
	c := defaultConfig()
	c.Data = v.data
	s := &stack{config: c, log: slog.New(slog.DiscardHandler)}
	url, err := s.databaseURL(v.t.Context())
	if err != nil {
		return nil, err
	}
	return postgres.Open(v.t.Context(), url)
}

// opened opens what a server that has stopped left, with all pieces in its ledger. It is to be closed.
func (v *victim) opened() (*stack, []capture.Piece) {
	v.t.Helper()
	c := defaultConfig()
	c.Data = v.data
	s, err := openStack(v.t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		v.t.Fatal(err)
	}
	all, err := capture.Pieces(v.t.Context(), s.pool, capture.Filter{Limit: 1000})
	if err != nil {
		_ = s.close()
		v.t.Fatal(err)
	}
	return s, all
}

func (v *victim) wantEachOnce(truths []sample.Truth) {
	t := v.t
	t.Helper()
	s, all := v.opened()
	defer s.close()
	arrived := map[string]int{}
	for _, p := range all {
		arrived[pieceKey(p)]++
		if p.State == capture.Exception {
			t.Errorf("%s is an exception: %s", p.Name, p.Reason)
		}
	}
	for _, truth := range truths {
		if n := arrived[truth.File]; n != 1 {
			t.Errorf("%s arrived %d times", truth.File, n)
		}
		delete(arrived, truth.File)
		for i := range truth.Attachments {
			_ = i
		}
	}
	for name, n := range arrived {
		if n != 1 {
			t.Errorf("attachment %s arrived %d times", name, n)
		}
	}
	found, err := verify(t.Context(), s, true)
	if err != nil || !found.Sound {
		t.Errorf("verify: %+v, %v", found, err)
	}
}

func pieceKey(p capture.Piece) string {
	if p.Depth == 0 {
		return p.Name
	}
	return fmt.Sprint(p.Parent, p.Origin)
}

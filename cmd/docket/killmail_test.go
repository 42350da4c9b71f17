package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"docket/capture"
	"docket/capture/dovecottest"

	"github.com/emersion/go-smtp"
)

// mailKills is at how many moments a server that takes messages is killed, and mailEach how many messages come between two of them.
const (
	mailKills = 3
	mailEach  = 16
)

// newMailVictim is a server that takes mail for service@house.example, and has started.
func newMailVictim(t *testing.T) (v *victim, smtp string) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts and kills servers")
	}
	t.Parallel()
	v, smtp = newVictim(t), freeAddress(t)
	v.env = append(v.env, "DOCKET_SMTP="+smtp, "DOCKET_MAIL_DNS=127.0.0.1:1", "DOCKET_HOT_FOLDER=off")
	v.start()
	within(t, time.Minute, "the first start", v.ready)
	v.channel("add", "service@house.example", "--name", "The House")
	return v, smtp
}

// channel types 'docket channel' beside the server.
func (v *victim) channel(words ...string) {
	v.t.Helper()
	var out bytes.Buffer
	err := runChannel(v.t.Context(), stdio{strings.NewReader(dovecottest.Password + "\n"), &out, v.t.Output()}, append(words, "--data", v.data))
	if err != nil {
		v.t.Fatalf("channel %v: %v", words, err)
	}
}

// killAtRandom kills and starts the server as soon as so many messages have come, and a moment later.
func (v *victim) killAtRandom(random *rand.Rand, come func() int) {
	v.t.Helper()
	for i := range mailKills {
		within(v.t, time.Minute, "more messages", func() bool { return come() >= i*mailEach+random.IntN(mailEach) })
		time.Sleep(time.Duration(random.IntN(60)) * time.Millisecond) // the moment of the power cut
		v.kill()
		v.start()
	}
	within(v.t, time.Minute, "the last start", v.ready)
}

func seeded(t *testing.T) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

func numberedLetter(n int) string {
	return strings.ReplaceAll(fmt.Sprintf("From: Margaret <margaret@example.org>\nTo: service@house.example\nMessage-ID: <%d@example.org>\nSubject: Letter %d\n\nHello %d.\n", n, n, n), "\n", "\r\n")
}

// The server is killed while messages come by SMTP from one who sends again what was not answered by 250.
func TestKilledDuringSMTPEveryMessageArrivesOnce(t *testing.T) {
	v, address := newMailVictim(t)
	const count = (mailKills + 1) * mailEach
	var acknowledged, next atomic.Int64
	var sending sync.WaitGroup
	for range 4 {
		sending.Go(func() {
			for n := int(next.Add(1)); n <= count; n = int(next.Add(1)) {
				for sendOnce(address, numberedLetter(n)) != nil && t.Context().Err() == nil {
					time.Sleep(10 * time.Millisecond) // as a mail server waits before it comes again
				}
				acknowledged.Add(1)
			}
		})
	}
	v.killAtRandom(seeded(t), func() int { return int(acknowledged.Load()) })
	sending.Wait()
	within(t, 2*time.Minute, "everything taken and decided", func() bool { return v.settled(count) })
	v.stop()
	v.wantLettersOnce(count)
}

// sendOnce sends a message and says whether it was acknowledged.
func sendOnce(address, message string) error {
	c, err := smtp.Dial(address)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := errors.Join(c.Mail("margaret@example.org", nil), c.Rcpt("service@house.example", nil)); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	for line := range strings.Lines(message) {
		if _, err := w.Write([]byte(line)); err != nil {
			return err
		}
	}
	return w.Close()
}

// The server is killed while it fetches messages by IMAP.
func TestKilledDuringIMAPEveryMessageArrivesOnce(t *testing.T) {
	v, _ := newMailVictim(t)
	server := dovecottest.Start(t)
	const count = (mailKills + 1) * mailEach
	var letters []string
	for n := range count {
		letters = append(letters, numberedLetter(n+1))
	}
	server.Deliver(t, "service", letters...)
	v.channel("fetch", "service@house.example", "--host", server.Host, "--port", strconv.Itoa(server.Port), "--security", capture.MailPlain,
		"--username", "service", "--done-folder", "Done")
	v.kill() // it looks for mailboxes now and then, but first when it starts
	v.start()
	v.killAtRandom(seeded(t), v.taken)
	within(t, 2*time.Minute, "everything taken and decided", func() bool { return v.settled(count) })
	within(t, time.Minute, "everything put away", func() bool { return len(server.Messages(t, "service", "INBOX")) == 0 })
	if done := server.Messages(t, "service", "Done"); len(done) != count {
		t.Errorf("%d of %d messages were put away", len(done), count)
	}
	v.stop()
	v.wantLettersOnce(count)
}

// An import is killed, and typed again.
func TestKilledDuringAnImportEveryMessageArrivesOnce(t *testing.T) {
	v, _ := newMailVictim(t)
	const count = (mailKills + 1) * 4 * mailEach
	var box strings.Builder
	for n := range count {
		fmt.Fprintf(&box, "From margaret@example.org Sat Mar 14 10:00:00 2026\n%s\n", strings.ReplaceAll(numberedLetter(n+1), "\r\n", "\n"))
	}
	file := filepath.Join(t.TempDir(), "old.mbox")
	if err := os.WriteFile(file, []byte(box.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	begin := func() *exec.Cmd {
		cmd := exec.Command(program(t), "import", "mail", file, "--data", v.data, "--log", "error")
		cmd.Env, cmd.Stderr = append(os.Environ(), v.env...), t.Output()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	random, killed := seeded(t), 0
	for i := range mailKills {
		cmd, enough := begin(), i*4*mailEach+random.IntN(4*mailEach)
		within(t, time.Minute, "more messages", func() bool { return v.taken() > enough })
		_ = cmd.Process.Kill()
		if cmd.Wait() != nil {
			killed++
		}
	}
	if err := begin().Wait(); err != nil {
		t.Errorf("the last import: %v", err)
	}
	if killed == 0 {
		t.Error("every import ended before it was killed")
	}
	within(t, 2*time.Minute, "everything decided", func() bool { return v.settled(count) })
	v.stop()
	v.wantLettersOnce(count)
}

// taken is how many messages are in the ledger, 0 while nobody can be asked.
func (v *victim) taken() (n int) {
	pool, err := v.database()
	if err != nil {
		return 0
	}
	defer pool.Close()
	if err := pool.QueryRow(v.t.Context(), "select count(*) from capture.piece").Scan(&n); err != nil {
		return 0
	}
	return n
}

// wantLettersOnce looks for each numbered letter once, whatever was sent twice, and compares all that is stored.
func (v *victim) wantLettersOnce(count int) {
	t := v.t
	t.Helper()
	s, all := v.opened()
	defer s.close()
	arrived, twice := map[string]int{}, 0
	for _, p := range all {
		if p.State == capture.Duplicate {
			twice++
			continue
		}
		arrived[p.Name]++
		if p.State == capture.Exception {
			t.Errorf("%s is an exception: %s", p.Name, p.Reason)
		}
	}
	t.Logf("%d messages, %d of them came again", len(all)-twice, twice)
	for n := range count {
		if name := fmt.Sprintf("Letter %d.eml", n+1); arrived[name] != 1 {
			t.Errorf("%s arrived %d times", name, arrived[name])
		}
	}
	if len(arrived) != count {
		t.Errorf("%d different messages of %d", len(arrived), count)
	}
	found, err := verify(t.Context(), s, true)
	if err != nil || !found.Sound {
		t.Errorf("verify: %+v, %v", found, err)
	}
}

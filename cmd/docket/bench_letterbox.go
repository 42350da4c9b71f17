package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"time"

	"docket/capture/sample"

	"github.com/emersion/go-smtp"
	"golang.org/x/sync/errgroup"
)

// benchAddress is the channel to which messages are sent.
const benchAddress = "service@house.example"

// A benchLetterbox makes messages, each another: a letter as text and as HTML with the styles that mail programs put around it, 20 kB
// in all.
type benchLetterbox struct{ letters []sample.Truth }

func newBenchLetters() (*benchLetterbox, error) {
	bag, err := sample.NewBag(sample.Options{Pieces: 300, Seed: 7, Kinds: []sample.Kind{sample.Text}, Alone: true})
	if err != nil {
		return nil, err
	}
	b := &benchLetterbox{}
	for i := range bag.Len() {
		p, err := bag.Piece(i)
		if err != nil {
			return nil, err
		}
		b.letters = append(b.letters, p.Truth)
	}
	return b, nil
}

// message makes a message.
func (b *benchLetterbox) message(i int) io.Reader {
	l := b.letters[i%len(b.letters)]
	text := strings.ReplaceAll(fmt.Sprintf("%s\n\nOur number: %d\n", strings.TrimSpace(l.Text), i), "\n", "\r\n")
	var m bytes.Buffer
	fmt.Fprintf(&m, "Received: from mx.example.org by mx.house.example; %s\r\n", time.Unix(1_400_000_000+int64(i)*60, 0).UTC().Format(time.RFC1123Z))
	fmt.Fprintf(&m, "From: Sender %d <sender-%d@example.org>\r\nTo: %s\r\nMessage-ID: <%d@example.org>\r\n", i%5000, i%5000, benchAddress, i)
	fmt.Fprintf(&m, "Subject: Matter %d\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n", i)
	fmt.Fprintf(&m, "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n", text)
	fmt.Fprintf(&m, "--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<html><head><style>\r\n")
	for n := 0; m.Len()+len(text) < mailBenchSize-200; n++ {
		fmt.Fprintf(&m, "p.MsoNormal%d, li.MsoNormal%d { margin: 0cm; font-size: 11.0pt; font-family: \"Calibri\", sans-serif; }\r\n", n, n)
	}
	fmt.Fprintf(&m, "</style></head><body><pre>%s</pre></body></html>\r\n--b--\r\n", html.EscapeString(text))
	return &m
}

// writeMailbox writes a mailbox file of messages.
func (b *benchLetterbox) writeMailbox(name string, first, count int) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	for i := range count {
		fmt.Fprintf(w, "From sender@example.org Sat Mar 14 10:00:00 2026\r\n")
		if _, err := io.Copy(w, b.message(first+i)); err != nil {
			return err
		}
		fmt.Fprint(w, "\r\n")
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// sendLetters sends messages over several connections, each one after the other.
func sendLetters(ctx context.Context, server string, b *benchLetterbox, count int) error {
	g, ctx := errgroup.WithContext(ctx)
	for n := range mailBenchConns {
		g.Go(func() error {
			c, err := smtp.Dial(server)
			if err != nil {
				return err
			}
			defer c.Close()
			for i := n; i < count && ctx.Err() == nil; i += mailBenchConns {
				if err := c.SendMail("sender@example.org", []string{benchAddress}, b.message(i)); err != nil {
					return fmt.Errorf("send message %d: %w", i, err)
				}
			}
			return c.Quit()
		})
	}
	return g.Wait()
}

// sendLarge sends one message of a size and says how long that took and by how many MB the heap of this process grew at most.
func sendLarge(server string, size int64) (seconds, heapMB float64, err error) {
	c, err := smtp.Dial(server)
	if err != nil {
		return 0, 0, err
	}
	defer c.Close()
	before := heldHeap()
	head := "From: a@example.org\r\nMessage-ID: <large@example.org>\r\nSubject: Large\r\n\r\n"
	lines := &endless{line: []byte(strings.Repeat("A long line of a long message. ", 3) + "\r\n"), most: before}
	began := time.Now()
	err = c.SendMail("sender@example.org", []string{benchAddress}, io.MultiReader(strings.NewReader(head), io.LimitReader(lines, size-int64(len(head)))))
	return time.Since(began).Seconds(), math.Max(0, float64(lines.most)-float64(before)) / (1 << 20), err
}

// endless gives the same line again and again, and looks now and then how much the heap holds.
type endless struct {
	line  []byte
	at    int
	given int
	most  uint64
}

// Read fills p.
func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.line[e.at]
		e.at = (e.at + 1) % len(e.line)
	}
	if e.given/(4<<20) != (e.given+len(p))/(4<<20) {
		e.most = max(e.most, heldHeap())
	}
	e.given += len(p)
	return len(p), nil
}

// heldHeap is what the heap holds of what is still in use.
func heldHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"docket/capture/mail"
	"docket/repository"
	"docket/repository/fault"
)

// A MailLine is what was read of one message.
type MailLine struct {
	File        string           `json:"file"` // below the folder; of a mailbox with # and the number of the message, from 1
	Subject     string           `json:"subject"`
	From        string           `json:"from"` // addresses without names, parted by ", "
	To          string           `json:"to"`
	Date        string           `json:"date"`        // RFC 3339; empty when it has none that can be read
	TextLength  int              `json:"text_length"` // characters
	Attachments []MailAttachment `json:"attachments"`
	Machine     bool             `json:"machine"`
	Kind        string           `json:"kind,omitempty"`  // of machine
	Token       string           `json:"token,omitempty"` // the first
	Flags       []mail.Flag      `json:"flags,omitempty"`
	Error       string           `json:"error,omitempty"`
}

// A MailAttachment is one thing that a message brings.
type MailAttachment struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"` // bytes, decoded
}

// A MailCorpusReport is how the messages of a folder were read.
type MailCorpusReport struct {
	Messages []MailLine
	Seconds  float64
	Slowest  float64 // seconds of one file
	Slow     string  // that file
}

// MailCorpus reads every message below dir: files .eml and .msg, those without an ending, the messages of .mbox files,
// and others that begin like one. What
// cannot be read is a line with its error. now is the clock.
func MailCorpus(ctx context.Context, dir string, now func() time.Time) (*MailCorpusReport, error) {
	r := &MailCorpusReport{Messages: []MailLine{}}
	start := now()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || ctx.Err() != nil {
			return errOr(err, ctx.Err())
		}
		ending := strings.ToLower(filepath.Ext(path))
		if strings.HasPrefix(d.Name(), ".") || !slices.Contains([]string{".eml", ".msg", ".mbox", ""}, ending) && !isMessage(path) {
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		begun := now()
		r.file(path, filepath.ToSlash(name), ending)
		if took := now().Sub(begun).Seconds(); took > r.Slowest {
			r.Slowest, r.Slow = took, name
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(r.Messages) == 0 {
		return nil, fault.New(fault.Invalid, "There is no message in %s.", dir)
	}
	r.Seconds = now().Sub(start).Seconds()
	return r, nil
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// isMessage says whether a file begins like a message.
func isMessage(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 8<<10)
	n, _ := io.ReadFull(f, head)
	return repository.IsMessage(head[:n])
}

// file reads one file, which may hold several messages.
func (r *MailCorpusReport) file(path, name, ending string) {
	f, err := os.Open(path)
	if err != nil {
		r.add(name, nil, err)
		return
	}
	defer f.Close()
	head := make([]byte, 8)
	n, _ := f.ReadAt(head, 0)
	switch {
	case ending == ".mbox":
		count := 0
		err := mail.ReadMbox(f, func(_ int64, raw io.Reader) error {
			count++
			m, err := mail.Parse(raw)
			r.add(fmt.Sprintf("%s#%d", name, count), m, err)
			return nil
		})
		if err != nil {
			r.add(name, nil, err)
		}
	case bytes.HasPrefix(head[:n], []byte("\xd0\xcf\x11\xe0")):
		m, err := fromOutlook(f)
		r.add(name, m, err)
	default:
		m, err := mail.Parse(f)
		r.add(name, m, err)
	}
}

func fromOutlook(f *os.File) (*mail.Message, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	raw, err := mail.FromOutlook(f, info.Size())
	if err != nil {
		return nil, err
	}
	return mail.Parse(bytes.NewReader(raw))
}

func (r *MailCorpusReport) add(name string, m *mail.Message, err error) {
	line := MailLine{File: name, Attachments: []MailAttachment{}}
	if err != nil {
		line.Error = fault.Sentence(err)
		r.Messages = append(r.Messages, line)
		return
	}
	line.Subject, line.From, line.To = m.Subject, bare(m.From), bare(m.To)
	if !m.Date.IsZero() {
		line.Date = m.Date.Format(time.RFC3339)
	}
	line.TextLength = utf8.RuneCountInString(m.Text)
	for _, p := range m.Parts {
		line.Attachments = append(line.Attachments, MailAttachment{p.Name, p.MediaType, len(p.Body)})
	}
	line.Kind, line.Machine, line.Flags = m.Machine.Kind, m.Machine.Kind != "", m.Flags
	if len(m.Tokens) > 0 {
		line.Token = m.Tokens[0]
	}
	r.Messages = append(r.Messages, line)
}

// bare is a list of addresses without their names; where there is only a name, the name.
func bare(list []mail.Address) string {
	var all []string
	for _, a := range list {
		if a.Address == "" {
			a.Address = a.Name
		}
		all = append(all, a.Address)
	}
	return strings.Join(all, ", ")
}

// Lines writes one JSON object a line for each message.
func (r *MailCorpusReport) Lines(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, m := range r.Messages {
		if err := e.Encode(m); err != nil {
			return err
		}
	}
	return nil
}

// Table writes what the messages are in all.
func (r *MailCorpusReport) Table(w io.Writer) error {
	counts := map[string]int{}
	for _, m := range r.Messages {
		counts["attachments"] += len(m.Attachments)
		counts["could not be read"] += one(m.Error != "")
		counts["written by machines"] += one(m.Machine)
		counts["without a date"] += one(m.Date == "" && m.Error == "")
		counts["without a sender"] += one(m.From == "" && m.Error == "")
		counts["without a text"] += one(m.TextLength == 0 && m.Error == "")
		counts["with a token"] += one(m.Token != "")
		for _, f := range m.Flags {
			counts["flagged "+string(f)]++
		}
		if m.Kind != "" {
			counts["kind "+m.Kind]++
		}
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "messages\t%d\n", len(r.Messages))
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(t, "%s\t%d\n", name, counts[name])
	}
	fmt.Fprintf(t, "seconds\t%.2f\n", r.Seconds)
	fmt.Fprintf(t, "slowest\t%.2f s, %s\n", r.Slowest, r.Slow)
	return t.Flush()
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

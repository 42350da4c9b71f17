package mail

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"docket/repository/fault"
)

// Parse reads a message. The error is that of reading r, or of kind TooLarge: whatever the bytes are, a Message comes back with
// what could be read of them.
func Parse(r io.Reader) (*Message, error) {
	data, err := inMemory(r)
	if err != nil {
		return nil, fmt.Errorf("read a message: %w", err)
	}
	if len(data) > MaxSize {
		return nil, fault.New(fault.TooLarge, "The message has more than %d MB, the most that is read.", MaxSize>>20)
	}
	return read(data), nil
}

// inMemory reads one byte more than is allowed at most. A file is read into memory of its size, where memory that grows would for a
// while be three times as much.
func inMemory(r io.Reader) ([]byte, error) {
	var b bytes.Buffer
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil {
			b.Grow(int(min(info.Size(), MaxSize)) + bytes.MinRead)
		}
	}
	_, err := b.ReadFrom(io.LimitReader(r, MaxSize+1))
	return b.Bytes(), err
}

// read is Parse of bytes. Should anything in it fail on bytes that nobody thought of, the text is shown as it came.
func read(data []byte) (m *Message) {
	m = &Message{}
	defer func() {
		if recover() != nil {
			m.flag(Repaired)
			m.flag(Incomplete)
			if m.Text == "" {
				text, _ := decodeCharset(data[:min(len(data), maxText)], "")
				m.Text = visible(text)
			}
		}
	}()
	if bytes.IndexByte(data, '\n') < 0 && bytes.IndexByte(data, '\r') >= 0 { // line ends of old Macs
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	m.read(data)
	return m
}

func (m *Message) read(data []byte) {
	root, w := walk(data)
	if w.repaired {
		m.flag(Repaired)
	}
	if w.cut {
		m.flag(Incomplete)
	}
	m.Header = root.header
	m.fromHeader()
	s := &sorter{message: m}
	s.sort(root, nil)
	s.join()
	s.inline()
	m.seals(root)
	m.identify(data[bodyStart(data):])
	m.Report = reportOf(m, root)
	m.Tokens = tokens(m)
	m.Machine = machine(m, root)
}

// fromHeader takes what the header says.
func (m *Message) fromHeader() {
	h := m.Header
	m.From, m.Sender, m.ReplyTo = h.addresses("From"), h.addresses("Sender"), h.addresses("Reply-To")
	m.To, m.Cc = h.addresses("To"), h.addresses("Cc")
	m.Subject = h.Get("Subject")
	for _, d := range h.raw("Date") {
		if m.Date = parseDate(d); !m.Date.IsZero() {
			break
		}
	}
	m.InReplyTo, m.References = ids(h.raw("In-Reply-To")), ids(h.raw("References"))
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"} {
		for _, a := range h.addresses(name) {
			if strings.Contains(a.Address, "@") {
				m.Delivered = appendOnce(m.Delivered, a.Address, maxIDs)
			}
		}
	}
	for _, v := range h.All(LoopHeader) {
		m.Loops = appendOnce(m.Loops, v, maxIDs)
	}
}

func appendOnce(all []string, s string, most int) []string {
	if s == "" || len(all) >= most {
		return all
	}
	for _, other := range all {
		if strings.EqualFold(other, s) {
			return all
		}
	}
	return append(all, s)
}

func bodyStart(data []byte) int {
	before := skipBefore(data)
	_, body := readHeader(data[before:], nil)
	return before + body
}

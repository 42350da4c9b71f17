package mail

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"

	"docket/repository/fault"
)

// maxMboxLine is how much of a line is held; longer ones are passed on in pieces.
const maxMboxLine = 64 << 10

// ReadMbox gives the messages of a mailbox file (mboxo or mboxrd) one after another, without holding any. What each does not
// read is passed over, and its error ends the reading. A message begins at a line "From " with a date, or with a header
// after it, at the beginning or after an empty line, which some programs leave out; so text that was not quoted does not break a message in two. Lines
// quoted as ">From " lose one ">". Each is told with the offset in the file at which it begins, behind its line "From ". The error is
// of kind Invalid when the file does not begin as a mailbox.
func ReadMbox(r io.Reader, each func(at int64, raw io.Reader) error) error {
	m := &mbox{in: bufio.NewReaderSize(r, maxMboxLine)}
	for {
		l, err := m.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a mailbox: %w", err)
		}
		if len(bytes.TrimSpace(l)) == 0 {
			continue
		}
		if !bytes.HasPrefix(bytes.TrimPrefix(l, []byte("\xef\xbb\xbf")), []byte("From ")) {
			return fault.New(fault.Invalid, "The file is not a mailbox: it does not begin with a line “From”.")
		}
		break
	}
	for more := true; more; {
		one := &mboxMessage{box: m}
		if err := each(m.at, one); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, one); err != nil {
			return fmt.Errorf("read a mailbox: %w", err)
		}
		more = !m.ended
	}
	return nil
}

// An mbox reads lines and knows whether one may begin a message.
type mbox struct {
	in    *bufio.Reader
	at    int64 // bytes that were read
	ended bool
}

// next is the next line with its end, or a piece of a long one. It is valid until the next call.
func (m *mbox) next() ([]byte, error) {
	l, err := m.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		err = nil
	}
	m.at += int64(len(l))
	if len(l) > 0 {
		return l, nil
	}
	return nil, err
}

// An mboxMessage is one message of a mailbox.
type mboxMessage struct {
	box     *mbox
	left    []byte // of what is to be given next
	blank   []byte // an empty line that belongs to the message only if something follows
	inside  bool   // of a line that is given in pieces
	started bool
	done    bool
}

// Read gives the message as it was before it was put into the mailbox.
func (o *mboxMessage) Read(p []byte) (int, error) {
	for len(o.left) == 0 {
		if o.done {
			return 0, io.EOF
		}
		if err := o.line(); err != nil {
			return 0, err
		}
	}
	n := copy(p, o.left)
	o.left = o.left[n:]
	return n, nil
}

// line takes the next line and decides what it is.
func (o *mboxMessage) line() error {
	l, err := o.box.next()
	switch {
	case errors.Is(err, io.EOF):
		o.done, o.box.ended = true, true
		return nil
	case err != nil:
		o.done, o.box.ended = true, true
		return err
	}
	whole := !o.inside
	o.inside = l[len(l)-1] != '\n'
	afterBlank := o.blank != nil || !o.started
	if whole && bytes.HasPrefix(l, []byte("From ")) && o.separates(l, afterBlank) {
		o.done = true
		return nil
	}
	before := o.blank
	o.blank = nil
	if whole && len(bytes.TrimRight(l, "\r\n")) == 0 && o.started {
		o.blank = bytes.Clone(l)
		o.left = before
		return nil
	}
	o.started = true
	if whole && quotedFrom(l) {
		l = l[1:]
	}
	o.left = append(before, l...)
	return nil
}

func quotedFrom(l []byte) bool {
	rest := bytes.TrimLeft(l, ">")
	return len(rest) < len(l) && bytes.HasPrefix(rest, []byte("From "))
}

var mboxDate = regexp.MustCompile(`^From \S.*?\s?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+(?:[A-Z][a-z]{2}\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]{2}).{0,12}\d{1,2}:\d{2}`)

// separates says whether a line "From " begins a message: a header comes after it, and it has a date or but an address.
func (o *mboxMessage) separates(l []byte, afterBlank bool) bool {
	l = bytes.Clone(l)
	ahead, _ := o.box.in.Peek(512)
	header := headerLike(append(ahead[:len(ahead):len(ahead)], '\n'), 0)
	if mboxDate.Match(l) {
		return header || afterBlank && len(ahead) == 0
	}
	return header && (afterBlank && len(bytes.Fields(l)) <= 3 || string(bytes.TrimSpace(l)) == "From -")
}

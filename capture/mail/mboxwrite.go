package mail

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// HeaderOf reads the header at the beginning of a message, of which head has at least that.
func HeaderOf(head []byte) Header {
	r, _ := readHeader(head[skipBefore(head):], nil)
	return r.header
}

// WriteMbox writes one message as a mailbox (mboxrd) holds it: a line "From " with the envelope's sender and the day of receipt, the
// message, in which each line that begins with "From ", or with ">"s before that, gets one ">" more, and an empty line. It gives where the
// message begins behind what it wrote, and how long it is there: taken from there, with one ">" less on those lines, it is the message
// byte for byte.
func WriteMbox(w *bufio.Writer, from string, received time.Time, message io.Reader) (begins, length int64, err error) {
	n, err := fmt.Fprintf(w, "From %s %s\n", envelopeSender(from), received.UTC().Format(time.ANSIC))
	if err != nil {
		return 0, 0, err
	}
	begins = int64(n)
	in := bufio.NewReaderSize(message, maxMboxLine)
	var last byte = '\n'
	for {
		l, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			err = nil
		}
		if len(l) > 0 {
			if last == '\n' && bytes.HasPrefix(bytes.TrimLeft(l, ">"), []byte("From ")) {
				length++
				if err := w.WriteByte('>'); err != nil {
					return begins, length, err
				}
			}
			length += int64(len(l))
			last = l[len(l)-1]
			if _, err := w.Write(l); err != nil {
				return begins, length, err
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return begins, length, err
		}
	}
	end := "\n"
	if last != '\n' {
		end = "\n\n"
	}
	_, err = w.WriteString(end)
	return begins, length, err
}

// envelopeSender is an address as it can stand in a line "From ".
func envelopeSender(from string) string {
	if from == "" || strings.ContainsFunc(from, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "MAILER-DAEMON"
	}
	return from
}

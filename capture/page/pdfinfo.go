package page

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"docket/repository/fault"
)

// A pdfInfo is what pdfinfo says of a file.
type pdfInfo struct {
	pages     int
	encrypted bool
	title     string
	author    string
	created   time.Time
	damaged   bool
}

// inspect looks at the structure of a PDF.
func (w *reading) inspect(ctx context.Context) (pdfInfo, error) {
	out, complaints, err := w.tool("pdfinfo", "-isodates", "-enc", "UTF-8", w.file).output(ctx)
	if err != nil {
		return pdfInfo{}, pdfFault(ctx, err, complaints)
	}
	info := parseInfo(out)
	info.damaged = strings.Contains(complaints, "Syntax Error")
	if info.pages == 0 {
		return info, fault.New(fault.Invalid, "The PDF has no pages, or is too damaged to find them. Please ask the sender to send it again.")
	}
	return info, nil
}

func parseInfo(out []byte) pdfInfo {
	var info pdfInfo
	for line := range strings.Lines(string(out)) {
		key, value, _ := strings.Cut(line, ":")
		value = cleanText(value)
		switch key {
		case "Pages":
			info.pages, _ = strconv.Atoi(value)
		case "Encrypted":
			info.encrypted = strings.HasPrefix(value, "yes")
		case "Title":
			info.title = value
		case "Author":
			info.author = value
		case "CreationDate":
			info.created = isoDate(value)
		}
	}
	return info
}

// isoDate reads 2014-06-23T18:14:36+02 and 2014-06-23T18:14:36Z, as pdfinfo writes them.
func isoDate(s string) time.Time {
	for _, layout := range []string{"2006-01-02T15:04:05Z07", time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// pdfFault turns the failure of a PDF tool into what a clerk can understand.
func pdfFault(ctx context.Context, err error, complaints string) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case strings.Contains(complaints, "Incorrect password"):
		return fault.Wrap(err, fault.Invalid, "The PDF is encrypted and opens only with a password. Please ask the sender for a copy without one.")
	case strings.Contains(complaints, "Unsupported security handler"), strings.Contains(complaints, "Unsupported version/revision"):
		return fault.Wrap(err, fault.Invalid, "The PDF is encrypted in a way that cannot be opened here. Please ask the sender for a copy without encryption.")
	case errors.Is(err, context.DeadlineExceeded):
		return fault.Wrap(err, fault.Invalid, "The PDF took too long to read and was given up. The file was kept; please look at it by hand.")
	case errors.Is(err, errTool):
		return fault.Wrap(err, fault.Invalid, "The PDF is damaged and cannot be opened. Please ask the sender to send it again.")
	}
	return err
}

// signed says whether a PDF holds an electronic signature. The byte range that a signature covers must stand in plain
// sight in the file (ISO 32000-1, 12.8.1), so searching the bytes is enough.
func signed(file string) (bool, error) { return contains(file, []byte("/ByteRange")) }

// contains says whether some bytes stand in a file.
func contains(file string, mark []byte) (bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 256<<10)
	for {
		buf, err := r.Peek(r.Size())
		if bytes.Contains(buf, mark) {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if _, err := r.Discard(len(buf) - len(mark)); err != nil {
			return false, err
		}
	}
}

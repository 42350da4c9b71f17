package page

import (
	"context"
	"os"
	"strings"

	"docket/repository/fault"
)

// maxText bounds text that is held in memory: more than anybody writes.
const maxText = 32 << 20

// readAll reads a file that is held in memory.
func (w *reading) readAll() ([]byte, error) {
	info, err := os.Stat(w.file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxText {
		return nil, fault.New(fault.TooLarge, "The text has %d MB; at most %d MB of text are read.", info.Size()>>20, maxText>>20)
	}
	return os.ReadFile(w.file)
}

// readText reads plain text in any charset. A form feed begins a new page.
func readText(w *reading, ctx context.Context) error {
	data, err := w.readAll()
	if err != nil {
		return err
	}
	return w.setText(ctx, textBlocks(decodeText(data, "")))
}

// textBlocks are the paragraphs of a plain text: parted by empty lines, line ends kept.
func textBlocks(text string) func(yield func(block) bool) {
	return func(yield func(block) bool) {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
		first := true
		for sheet := range strings.SplitSeq(text, "\f") {
			begins := !first
			for p := range strings.SplitSeq(sheet, "\n\n") {
				if strings.TrimSpace(p) == "" {
					continue
				}
				b := paragraph(visible(p))
				b.breaks, begins = begins, false
				if !yield(b) {
					return
				}
			}
			first = false
		}
	}
}

// visible drops control characters but line ends, so that a text is what a person sees of it.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == '\ufeff' || r == '\u00ad' || r == '\u200b':
			return -1
		}
		return r
	}, s)
}

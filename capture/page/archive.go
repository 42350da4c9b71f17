package page

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"docket/repository/fault"
)

// readZip hands the members of an archive over as parts.
func readZip(w *reading, ctx context.Context) error {
	z, err := zip.OpenReader(w.file)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "The archive is damaged and cannot be opened. Please ask the sender to send it again.")
	}
	defer z.Close()
	locked := 0
	for _, f := range z.File {
		if f.FileInfo().IsDir() || clutter(f.Name) {
			continue
		}
		if f.Flags&1 != 0 {
			locked++
			continue
		}
		if err := w.member(ctx, f); err != nil {
			return err
		}
	}
	switch {
	case locked > 0 && w.doc.Parts == 0:
		return fault.New(fault.Invalid, "The archive is encrypted and opens only with a password. Please ask the sender for a copy without one.")
	case locked > 0:
		w.flag(Incomplete)
	case w.doc.Parts == 0:
		return fault.New(fault.Invalid, "The archive holds no files.")
	}
	return nil
}

// clutter says whether a member is something that programs leave in archives for themselves.
func clutter(name string) bool {
	return strings.HasPrefix(name, "__MACOSX/") || path.Base(name) == ".DS_Store" || path.Base(name) == "Thumbs.db" || path.Base(name) == "desktop.ini"
}

func (w *reading) member(ctx context.Context, f *zip.File) error {
	body, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		w.flag(Incomplete)
		return nil
	}
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "The archive is damaged: %q cannot be taken out. Please ask the sender to send it again.", baseName(f.Name))
	}
	defer body.Close()
	return w.part(ctx, Part{Name: baseName(f.Name), Body: body}, 0)
}

// part hands a part over, with a body that fails when all parts together are over the limit.
func (w *reading) part(ctx context.Context, p Part, known int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.doc.Parts++; w.doc.Parts > w.config.MaxParts {
		return fault.New(fault.TooLarge, "The file holds more than %d files; no more are unpacked. Please have them sent in smaller numbers.", w.config.MaxParts)
	}
	if w.unpacked+known > w.config.MaxUnpacked {
		return w.tooMuch()
	}
	if w.handler.Part == nil {
		return ctx.Err()
	}
	p.Body = &meter{r: p.Body, w: w}
	if err := w.handler.Part(ctx, p); err != nil {
		return fmt.Errorf("part %q: %w", p.Name, err)
	}
	return ctx.Err()
}

func (w *reading) tooMuch() error {
	return fault.New(fault.TooLarge, "The file unpacks to more than %d MB. It was kept, but is not unpacked further.", w.config.MaxUnpacked>>20)
}

// A meter counts what is unpacked. It is read while its reading is locked.
type meter struct {
	r io.Reader
	w *reading
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if m.w.unpacked += int64(n); m.w.unpacked > m.w.config.MaxUnpacked {
		return n, m.w.tooMuch()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fault.Wrap(err, fault.Invalid, "The archive is damaged: a file in it cannot be taken out. Please ask the sender to send it again.")
	}
	return n, err
}

// baseName is the last part of a name with slashes of either kind, without control characters.
func baseName(name string) string {
	name = cleanText(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	if name == "." || name == ".." {
		return ""
	}
	return name
}

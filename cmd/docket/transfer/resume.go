package transfer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"docket/repository"
	"docket/repository/bagit"
	"docket/repository/fault"

	"github.com/google/uuid"
)

// A state is what an unfinished export remembers of how it was begun.
type state struct {
	Bag        uuid.UUID `json:"bag"`
	Began      time.Time `json:"began"`
	Selection  Selection `json:"selection"`
	Chosen     string    `json:"chosen"` // digest of the documents chosen
	Renditions bool      `json:"renditions"`
}

// A writer is an export in its folder. Lines are added one at a time.
type writer struct {
	dir    string
	state  state
	lines  *os.File
	buffer *bufio.Writer
	last   repository.DocumentID // of the lines that are there
	report Report
}

// begin makes the folder of an export, or goes on with one that was cut off.
func (e *Exporter) begin(dir string, s Selection) (*writer, error) {
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o750); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "The folder %s cannot be made.", dir)
	}
	w := &writer{dir: dir, state: state{uuid.Must(uuid.NewV7()), time.Now().UTC(), s, chosen(s), e.Renditions}}
	var err error
	if w.lines, err = os.OpenFile(filepath.Join(dir, linesFile), os.O_CREATE|os.O_RDWR, 0o640); err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(w.lines.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fault.Wrap(err, fault.Conflict, "Another export is writing to %s.", dir), w.lines.Close())
	}
	if err := errors.Join(w.remember(), w.resume()); err != nil {
		return nil, errors.Join(err, w.lines.Close())
	}
	w.buffer = bufio.NewWriter(w.lines)
	if w.report.Documents > 0 {
		e.Log.Info("going on with an export that was cut off", "documents", w.report.Documents)
	}
	return w, nil
}

// remember writes down how the export was begun, or checks that it was begun as this one.
func (w *writer) remember() error {
	name := filepath.Join(w.dir, stateFile)
	body, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if body, err = json.Marshal(w.state); err != nil {
			return err
		}
		w.report.Bag = w.state.Bag
		return os.WriteFile(name, body, 0o640)
	}
	if err != nil {
		return err
	}
	var begun state
	if err := json.Unmarshal(body, &begun); err != nil || begun.Selection.Query != w.state.Selection.Query || begun.Chosen != w.state.Chosen ||
		begun.Renditions != w.state.Renditions {
		return fault.New(fault.Conflict, "%s holds an unfinished export of something else. Finish that one, remove the folder, or choose another.", w.dir)
	}
	w.state, w.report.Bag = begun, begun.Bag
	return nil
}

// resume reads the lines that are there, as far as their files are whole, and cuts off the rest.
func (w *writer) resume() error {
	var end int64
	lines := buffered(w.lines)
	for lines.Scan() {
		var l Line
		if json.Unmarshal(lines.Bytes(), &l) != nil || !w.whole(l) {
			break
		}
		end += int64(len(lines.Bytes())) + 1
		w.count(l)
	}
	known, err := w.lines.Stat()
	if err != nil {
		return err
	}
	if end > known.Size() { // the last line is whole but for its end
		_, err := w.lines.WriteAt([]byte("\n"), known.Size())
		if err != nil {
			return err
		}
	}
	if err := w.lines.Truncate(end); err != nil {
		return err
	}
	_, err = w.lines.Seek(end, 0)
	return err
}

func (w *writer) whole(l Line) bool {
	for f := range l.Files() {
		known, err := os.Lstat(filepath.Join(w.dir, filepath.FromSlash(f.Path)))
		if err != nil || !known.Mode().IsRegular() || known.Size() != f.Size {
			return false
		}
	}
	return true
}

// count takes a line into the report.
func (w *writer) count(l Line) {
	w.last = l.Document
	w.report.Documents++
	for f := range l.Files() {
		w.report.Files++
		w.report.Bytes += f.Size
	}
	for _, v := range l.Versions {
		if v.Problem != "" {
			w.report.problem("Document %s, version %d: %s", l.Document, v.Number, v.Problem)
		}
	}
}

// add appends a line.
func (w *writer) add(l Line) error {
	body, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if len(body) >= maxLine {
		return fmt.Errorf("what is known of document %s is too much for one line: %d bytes", l.Document, len(body))
	}
	w.count(l)
	_, err = w.buffer.Write(append(body, '\n'))
	return err
}

func (w *writer) flush() error { return errors.Join(w.buffer.Flush(), w.lines.Sync()) }

func (w *writer) close() { w.lines.Close() }

// payload are all files of the export, as its lines list them.
func (w *writer) payload() iter.Seq2[bagit.Payload, error] {
	return func(yield func(bagit.Payload, error) bool) {
		for _, name := range []string{definitionsFile, linesFile} {
			f, err := digestOf(w.dir, name)
			if !yield(f, err) || err != nil {
				return
			}
		}
		f, err := os.Open(filepath.Join(w.dir, linesFile))
		if err != nil {
			yield(bagit.Payload{}, err)
			return
		}
		defer f.Close()
		lines := buffered(f)
		for lines.Scan() {
			var l Line
			if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
				yield(bagit.Payload{}, err)
				return
			}
			for f := range l.Files() {
				if !yield(bagit.Payload{Entry: bagit.Entry{Path: f.Path, SHA256: f.SHA256}, Size: f.Size}, nil) {
					return
				}
			}
		}
		if err := lines.Err(); err != nil {
			yield(bagit.Payload{}, err)
		}
	}
}

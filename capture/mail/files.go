package mail

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A File holds messages.
type File struct {
	Path string
	Name string // what it is called whatever mail programs do with it: of a message in a Maildir without its folder and flags
	Kind FileKind
	Size int64 // bytes
}

// A FileKind says how a file holds messages.
type FileKind int

// The kinds.
const (
	Single  FileKind = iota // one message (.eml, Maildir)
	Mailbox                 // many (mbox), see ReadMbox
	Outlook                 // one, as Outlook saves it (.msg)
)

// Files lists the files with messages at and below path, in order, and counts those that it passed over. A file that path names itself
// is told by its bytes. In folders these are .eml, .msg, .mbox, files without an ending that look like one of them, and all of a Maildir
// with the folders in it. Links to folders are not followed. The error is fs.ErrNotExist when there is no path.
func Files(path string) (files []File, others int, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, 0, err
	}
	err = filepath.WalkDir(path, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if at != path && passedOver(at) {
				return filepath.SkipDir
			}
			return nil
		}
		f, ok, err := fileAt(at, at == path)
		if ok {
			files = append(files, f)
		} else {
			others++
		}
		return err
	})
	return files, others, err
}

// passedOver says whether a folder has no messages: it is hidden and no Maildir, or holds what is being delivered to one.
func passedOver(folder string) bool {
	name := filepath.Base(folder)
	return strings.HasPrefix(name, ".") && !isMaildir(folder) || name == "tmp" && isMaildir(filepath.Dir(folder))
}

func isMaildir(folder string) bool {
	for _, inside := range []string{"cur", "new"} {
		if info, err := os.Stat(filepath.Join(folder, inside)); err != nil || !info.IsDir() {
			return false
		}
	}
	return true
}

// fileAt says how a file holds messages, if it does. One that is gone meanwhile does not.
func fileAt(path string, named bool) (File, bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return File{}, false, nil
	}
	if err != nil || !info.Mode().IsRegular() {
		return File{}, false, err
	}
	f := File{Path: path, Name: path, Size: info.Size()}
	folder, base := filepath.Split(path)
	hidden := strings.HasPrefix(base, ".") && !named
	if box, in := filepath.Split(filepath.Clean(folder)); (in == "cur" || in == "new") && isMaildir(box) {
		unique, _, _ := strings.Cut(base, ":2,")
		f.Name = filepath.Join(box, unique)
		return f, !hidden, nil
	}
	ending := strings.ToLower(filepath.Ext(base))
	if hidden || !named && ending != "" && ending != ".eml" && ending != ".mbox" && ending != ".msg" {
		return File{}, false, nil
	}
	head, err := headOf(path)
	if err != nil {
		return File{}, false, err
	}
	f.Kind = fileKind(ending, head)
	return f, named || ending != "" || f.Kind != Single || looksLikeMessage(head), nil
}

// fileKind tells by the beginning of a file how it holds messages. In a message that a program saved with a line of its mailbox above,
// the ending counts.
func fileKind(ending string, head []byte) FileKind {
	begins := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), "\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return Outlook
	case ending == ".mbox" || ending != ".eml" && bytes.HasPrefix(begins, []byte("From ")):
		return Mailbox
	}
	return Single
}

// headOf is the beginning of a file.
func headOf(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 4<<10)
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}

// looksLikeMessage says whether the beginning of a file has several of the fields that messages have.
func looksLikeMessage(head []byte) bool {
	r, _ := readHeader(head, nil)
	known := 0
	for _, name := range []string{"From", "To", "Date", "Subject", "Message-ID", "Received", "Return-Path", "MIME-Version"} {
		if r.header.Has(name) {
			known++
		}
	}
	return known >= 3
}

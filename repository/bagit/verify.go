package bagit

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"docket/repository/fault"
)

// A Summary counts a bag's payload.
type Summary struct {
	Files int
	Bytes int64
}

// Oxum is the summary as Payload-Oxum writes it: bytes, a dot, files.
func (s Summary) Oxum() string { return fmt.Sprintf("%d.%d", s.Bytes, s.Files) }

// maxNamed is how many damaged files a refusal names; the rest is counted.
const maxNamed = 20

// Verify reads every file of the bag and compares it with the manifests: each is there, is a regular file, has its SHA-256 and is
// listed once; no file of the payload is there that is not listed. A bag that is not whole is a fault of kind Conflict that
// names the files. Memory grows by some 50 bytes for each file. progress, which may be nil, is told what was read so far.
func (b *Bag) Verify(ctx context.Context, progress func(Summary)) (Summary, error) {
	v := verification{bag: b, ctx: ctx, progress: progress}
	tags, err := v.manifest(tagManifest, false)
	if err != nil {
		return v.Summary, err
	}
	for _, name := range []string{declaration, info, manifest} {
		if !tags[key(name)] {
			v.find("%s is not in %s", name, tagManifest)
		}
	}
	v.Summary = Summary{}
	listed, err := v.manifest(manifest, true)
	if err == nil {
		err = v.unlisted(listed)
	}
	if want := b.Info("Payload-Oxum"); err == nil && v.problems == 0 && want != "" && want != v.Oxum() {
		v.find("%s counts %.40s, here are %s", info, want, v.Oxum())
	}
	if err == nil && v.problems > 0 {
		err = v.refusal()
	}
	return v.Summary, err
}

type verification struct {
	Summary
	bag      *Bag
	ctx      context.Context
	progress func(Summary)
	named    []string
	problems int
}

// A pathKey stands for a path where many are remembered.
type pathKey [16]byte

func key(path string) pathKey {
	sum := sha256.Sum256([]byte(path))
	return pathKey(sum[:16])
}

func (v *verification) find(format string, args ...any) {
	if v.problems++; len(v.named) < maxNamed {
		v.named = append(v.named, fmt.Sprintf(format, args...))
	}
}

func (v *verification) refusal() error {
	more := ""
	if n := v.problems - len(v.named); n > 0 {
		more = fmt.Sprintf("; and %d more", n)
	}
	return fault.New(fault.Conflict, "The bag is damaged or was changed: %s%s. Copy it again from where it was made.", strings.Join(v.named, "; "), more)
}

// manifest compares every file that a manifest lists and gives the listed paths.
func (v *verification) manifest(name string, ofPayload bool) (map[pathKey]bool, error) {
	f, err := v.bag.File(name)
	if err != nil {
		v.find("%s cannot be read", name)
		return nil, nil
	}
	defer f.Close()
	listed := map[pathKey]bool{}
	for e, err := range ReadManifest(f) {
		if err != nil {
			v.find("%s, %v", name, err)
			return listed, nil // what follows cannot be trusted
		}
		if err := v.ctx.Err(); err != nil {
			return listed, err
		}
		switch {
		case strings.HasPrefix(e.Path, payload) != ofPayload:
			v.find("%s lists %s, which does not belong there", name, e.Path)
		case listed[key(e.Path)]:
			v.find("%s lists %s twice", name, e.Path)
		default:
			listed[key(e.Path)] = true
			v.compare(e)
		}
	}
	return listed, nil
}

// compare reads one file and compares its digest.
func (v *verification) compare(e Entry) {
	f, err := v.bag.File(e.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.find("%s is missing", e.Path)
		return
	case err != nil:
		v.find("%s cannot be read or is no regular file", e.Path)
		return
	}
	defer f.Close()
	digest := sha256.New()
	n, err := io.Copy(digest, f)
	if err != nil || !slices.Equal(digest.Sum(nil), e.SHA256[:]) {
		v.find("%s has another SHA-256", e.Path)
	}
	v.Files++
	v.Bytes += n
	if v.progress != nil {
		v.progress(v.Summary)
	}
}

// unlisted finds files of the payload that the manifest does not list, and whatever is no file.
func (v *verification) unlisted(listed map[pathKey]bool) error {
	folder := strings.TrimSuffix(payload, "/")
	if known, err := v.bag.root.Lstat(folder); err != nil || !known.IsDir() {
		v.find("%s is no folder", folder)
		return nil
	}
	return fs.WalkDir(v.bag.root.FS(), folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			v.find("%s cannot be read", path)
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
		case !d.Type().IsRegular():
			v.find("%s is no regular file", path)
		case !listed[key(path)]:
			v.find("%s is not in the manifest", strconv.QuoteToGraphic(path))
		}
		return v.ctx.Err()
	})
}

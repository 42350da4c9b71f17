package transfer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"docket/repository"
	"docket/repository/blob"
	"docket/repository/fault"
)

// document writes the files of one document and gives its line.
func (e *Exporter) document(ctx context.Context, dir string, id repository.DocumentID) (Line, error) {
	g, err := e.gather(ctx, id)
	if err != nil {
		return g.line, err
	}
	for i, v := range g.versions {
		if err := e.version(ctx, dir, &g, i, v); err != nil {
			return g.line, fmt.Errorf("export version %d of %s: %w", v.Number, id, err)
		}
	}
	return g.line, nil
}

func (e *Exporter) version(ctx context.Context, dir string, g *gathered, i int, v repository.Version) error {
	out, base := &g.line.Versions[i], fmt.Sprintf("data/documents/%s/v%d", v.Document, v.Number)
	content, err := e.Store.Open(ctx, v)
	f := File{Path: base + "/" + safeName(v.Name), Size: v.Size, SHA256: Digest(v.SHA256)}
	if err == nil {
		err = save(dir, f.Path, content)
	}
	if out.Problem, err = lost(err); err != nil {
		return err
	}
	if out.Problem == "" {
		out.File = &f
	}
	if len(g.texts[i]) > 0 {
		if out.Text, err = saveText(dir, base+".text.jsonl", g.texts[i]); err != nil {
			return err
		}
	}
	if !e.Renditions {
		return nil
	}
	for _, r := range g.renditions[i] {
		if err := e.rendition(ctx, dir, base+".renditions/"+path.Base(r.Key), r, out); err != nil {
			return err
		}
	}
	return nil
}

// rendition writes one rendition. One that is lost is left out: it can be made again.
func (e *Exporter) rendition(ctx context.Context, dir, name string, r repository.Rendition, out *Version) error {
	content, err := e.Store.OpenRendition(ctx, r)
	if err == nil {
		err = save(dir, name, content)
	}
	problem, err := lost(err)
	if err == nil && problem == "" {
		out.Renditions = append(out.Renditions, Rendition{File{name, r.Size, Digest(r.SHA256)}, r.Kind, r.Page, r.MediaType, r.Width, r.Height})
	}
	return err
}

// lost tells bytes that are missing or damaged, which is a problem of theirs, from a store that does not answer, which is an error.
func lost(err error) (problem string, _ error) {
	switch {
	case fault.Is(err, fault.NotFound):
		return fault.Sentence(err), nil
	case errors.Is(err, blob.ErrDigest):
		return "The stored content is damaged: its bytes are not those that were received.", nil
	}
	return "", err
}

// save copies content to a file of the bag and closes it. The reader compares digest and size on the way.
func save(dir, name string, content io.ReadCloser) error {
	defer content.Close()
	f, err := create(dir, name)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

func create(dir, name string) (*os.File, error) {
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
		return nil, err
	}
	return os.OpenFile(full, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o640)
}

func saveText(dir, name string, pages []repository.PageText) (*File, error) {
	var body bytes.Buffer
	lines := json.NewEncoder(&body)
	lines.SetEscapeHTML(false)
	for _, p := range pages {
		if err := lines.Encode(PageText(p)); err != nil {
			return nil, err
		}
	}
	f := &File{Path: name, Size: int64(body.Len()), SHA256: sha256.Sum256(body.Bytes())}
	return f, save(dir, name, io.NopCloser(&body))
}

// maxSafeName bounds file names in an export, in bytes.
const maxSafeName = 100

// safeName makes a file name of any name that every file system takes and no shell stumbles over. Its extension stays.
func safeName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '_'
	}, name[strings.LastIndexAny(name, `/\`)+1:])
	extension := path.Ext(name)
	if len(extension) > 10 {
		extension = ""
	}
	stem := strings.Trim(strings.TrimSuffix(name, extension), "._-")
	if stem == "" {
		stem = "content"
	}
	return stem[:min(len(stem), maxSafeName-len(extension))] + strings.TrimRight(extension, ".")
}

package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"docket/repository"
)

// fetch copies a version's content to a file of its own, verifying it on the way: tools read files.
func fetch(ctx context.Context, store *repository.Store, v repository.Version, dir string) (string, error) {
	content, err := store.Open(ctx, v)
	if err != nil {
		return "", err
	}
	defer content.Close()
	f, err := os.CreateTemp(dir, "piece-*"+filepath.Ext(filepath.Base(v.Name)))
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, content)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("fetch %s: %w", v.Document, err)
	}
	return f.Name(), nil
}

// keepIdle is how long a fetched file stays for the next page that is asked for.
const keepIdle = time.Minute

// fetched are files at hand: whoever turns the pages of a long document does not fetch it for each. Its zero value is empty.
type fetched struct {
	mu    sync.Mutex
	files map[string]*fetchedFile
}

type fetchedFile struct {
	once  sync.Once
	path  string
	err   error
	users int
	idle  *time.Timer // removes the file; nil while somebody uses it
}

// take gives the file that get fetches when it is not at hand. It stays until release is called, and a while longer.
func (f *fetched) take(key string, get func() (string, error)) (path string, release func(), err error) {
	f.mu.Lock()
	if f.files == nil {
		f.files = map[string]*fetchedFile{}
	}
	file := f.files[key]
	if file == nil {
		file = &fetchedFile{}
		f.files[key] = file
	}
	file.users++
	if file.idle != nil {
		file.idle.Stop()
	}
	f.mu.Unlock()
	file.once.Do(func() { file.path, file.err = get() })
	return file.path, func() { f.release(key, file) }, file.err
}

func (f *fetched) release(key string, file *fetchedFile) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if file.users--; file.users > 0 {
		return
	}
	if file.err != nil {
		delete(f.files, key)
		return
	}
	file.idle = time.AfterFunc(keepIdle, func() { f.drop(key, file) })
}

func (f *fetched) drop(key string, file *fetchedFile) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if file.users == 0 && f.files[key] == file {
		delete(f.files, key)
		os.Remove(file.path)
	}
}

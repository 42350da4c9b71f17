package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"docket/repository/fault"
	"docket/search"
)

// The index belongs to one process. Commands beside a running server therefore ask it over a Unix socket in the data folder,
// which only the folder's owner may open.
const controlSocket = "control.sock"

// socketPath gives a way to a socket in a folder of any length: addresses of Unix sockets are limited to 107 bytes, so the
// folder is reached through an open descriptor.
func socketPath(folder string) (path string, close func() error, err error) {
	dir, err := os.Open(folder)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), controlSocket), dir.Close, nil
}

// control answers commands beside this server until the app closes.
func (a *app) control() error {
	path, closeFolder, err := socketPath(a.config.Data)
	if err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(a.config.Data, controlSocket)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return errors.Join(err, closeFolder())
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, listener.Close(), closeFolder())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /index", a.answer(func(ctx context.Context) (any, error) { return search.Verify(ctx, a.pool, a.index) }))
	mux.HandleFunc("POST /reindex", a.answer(func(ctx context.Context) (any, error) {
		return search.Verification{}, a.follower.Reindex(ctx, nil)
	}))
	mux.HandleFunc("GET /find", func(w http.ResponseWriter, r *http.Request) {
		query := r.FormValue("q")
		a.answer(func(ctx context.Context) (any, error) { return found(ctx, a.index, query) })(w, r)
	})
	mux.HandleFunc("GET /sending", a.answer(func(context.Context) (any, error) { return sending{a.config.Relay != ""}, nil }))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go server.Serve(listener)
	a.opened(func(ctx context.Context) error { return errors.Join(server.Close(), closeFolder()) })
	return nil
}

func (a *app) answer(f func(context.Context) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := f(r.Context())
		if err != nil {
			status := http.StatusInternalServerError
			if fault.Is(err, fault.Invalid) {
				status = http.StatusUnprocessableEntity
			} else {
				a.log.Error("control", "path", r.URL.Path, "error", err)
			}
			http.Error(w, fault.Sentence(err), status)
			return
		}
		json.NewEncoder(w).Encode(out)
	}
}

// errNoServer says that no server runs on a data folder.
var errNoServer = errors.New("no server runs on this data folder")

// running says whether a server runs on a data folder and answers commands beside it.
func running(folder string) bool {
	socket, closeFolder, err := socketPath(folder)
	if err != nil {
		return false
	}
	defer closeFolder()
	c, err := net.DialTimeout("unix", socket, time.Second)
	if err != nil {
		return false
	}
	return c.Close() == nil
}

// ask sends a command to the server of a data folder.
func ask(ctx context.Context, folder, method, path string, out any) error {
	socket, closeFolder, err := socketPath(folder)
	if err != nil {
		return errors.Join(errNoServer, err)
	}
	defer closeFolder()
	var dialer net.Dialer
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		c, err := dialer.DialContext(ctx, "unix", socket)
		if err != nil {
			err = errors.Join(errNoServer, err)
		}
		return c, err
	}}}
	defer client.CloseIdleConnections()
	r, err := http.NewRequestWithContext(ctx, method, "http://docket"+path, nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusUnprocessableEntity {
		sentence, err := io.ReadAll(io.LimitReader(answer.Body, 4<<10))
		return errors.Join(fault.New(fault.Invalid, "%s", strings.TrimSpace(string(sentence))), err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answered %s; its log says why", answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(out)
}

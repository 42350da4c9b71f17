package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// pieces and seed are the mailbag that is captured: enough for lists to look like a morning.
const pieces, seed = "70", "2026"

// password is that of the demo users, and here the administrator's as well.
const password = "docket demo"

// A house is a running Docket with post in it.
type house struct {
	binary, dir, base string
	server            *exec.Cmd
	tokens            map[string]string
}

// open starts a server in a temporary folder and captures a mailbag.
func open(ctx context.Context, binary string) (h *house, err error) {
	h = &house{binary: binary, tokens: map[string]string{}}
	if h.dir, err = os.MkdirTemp("", "docket-gallery-"); err != nil {
		return nil, err
	}
	if err := h.start(ctx); err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

func (h *house) data() string { return filepath.Join(h.dir, "data") }

func (h *house) start(ctx context.Context) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	h.base = "http://" + address
	h.server = exec.Command(h.binary, "serve", "--demo", "--data", h.data(), "--listen", address)
	h.server.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	h.server.Env = append(os.Environ(), "DOCKET_ADMIN_PASSWORD="+password)
	if err := h.server.Start(); err != nil {
		return err
	}
	if err := h.ready(ctx); err != nil {
		return err
	}
	bag := filepath.Join(h.dir, "bag")
	if _, err := h.command(ctx, "sample", bag, "--pieces", pieces, "--seed", seed); err != nil {
		return err
	}
	post, err := letters(bag)
	if err != nil {
		return err
	}
	_, err = h.command(ctx, append([]string{"capture", "--source", "ground-floor", "--wait", "--json"}, post...)...)
	return err
}

// letters are the files of a mailbag without the truth that lies beside them.
func letters(bag string) ([]string, error) {
	all, err := os.ReadDir(bag)
	var post []string
	for _, f := range all {
		if filepath.Ext(f.Name()) != ".json" {
			post = append(post, filepath.Join(bag, f.Name()))
		}
	}
	return post, err
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// ready waits until the server answers.
func (h *house) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if res, err := http.Get(h.base + "/readyz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.New("the server does not become ready")
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// command runs a subcommand as the administrator.
func (h *house) command(ctx context.Context, args ...string) (string, error) {
	c := exec.CommandContext(ctx, h.binary, args...)
	c.Env = append(os.Environ(), "DOCKET_URL="+h.base)
	if args[0] == "capture" {
		token, err := h.token(ctx, "admin")
		if err != nil {
			return "", err
		}
		c.Env = append(c.Env, "DOCKET_TOKEN="+token)
	}
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("docket %s: %w", args[0], err)
	}
	return string(out), nil
}

func (h *house) token(ctx context.Context, user string) (string, error) {
	if h.tokens[user] == "" {
		token, err := h.command(ctx, "token", "create", "--user", user, "--data", h.data())
		if err != nil {
			return "", err
		}
		h.tokens[user] = strings.TrimSpace(token)
	}
	return h.tokens[user], nil
}

// call asks the API as a user and reads the answer into into, unless that is nil.
func (h *house) call(ctx context.Context, user, method, path string, body, into any) error {
	token, err := h.token(ctx, user)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, h.base+"/api/v1"+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 400 {
		return fmt.Errorf("%s %s: %s: %s", method, path, res.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// close stops the server and removes all that it wrote.
func (h *house) close() error {
	var err error
	if h.server != nil && h.server.Process != nil {
		_ = h.server.Process.Signal(syscall.SIGTERM)
		err = h.server.Wait()
	}
	return errors.Join(err, os.RemoveAll(h.dir))
}

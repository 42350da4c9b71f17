package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"docket/repository/fault"
	"docket/web/api"
)

// A client speaks to a server's API.
type client struct {
	base  string
	token string
	http  *http.Client
}

func newClient(c config) (*client, error) {
	if c.Token == "" {
		return nil, fault.New(fault.Denied, "There is no token. Make one with 'docket token create --user NAME' and set DOCKET_TOKEN.")
	}
	return &client{strings.TrimRight(c.URL, "/"), c.Token, &http.Client{Timeout: 10 * time.Minute}}, nil
}

// get asks for path and decodes the answer into out.
func (c *client) get(ctx context.Context, path string, query url.Values, out any) error {
	return c.do(ctx, http.MethodGet, path, query, nil, nil, out)
}

// patience is how long a client goes on trying while the server says that a part of it is away.
const patience = 2 * time.Minute

// do sends a request and decodes the answer. While the server answers 503 it waits as long as Retry-After says and tries
// again; body is made anew for each try.
func (c *client) do(ctx context.Context, method, path string, query url.Values, header http.Header, body func() (io.ReadCloser, error), out any) error {
	for deadline := time.Now().Add(patience); ; {
		answer, err := c.send(ctx, method, path, query, header, body)
		if err != nil {
			return err
		}
		if answer.StatusCode != http.StatusServiceUnavailable || time.Now().After(deadline) {
			defer answer.Body.Close()
			return decode(answer, out)
		}
		answer.Body.Close()
		seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(max(1, seconds)) * time.Second):
		}
	}
}

func (c *client) send(ctx context.Context, method, path string, query url.Values, header http.Header, body func() (io.ReadCloser, error)) (*http.Response, error) {
	var content io.ReadCloser
	if body != nil {
		var err error
		if content, err = body(); err != nil {
			return nil, err
		}
	}
	address := c.base + "/api/v1" + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, usagef("--url %q is no address", c.base)
	}
	for k, v := range header {
		r.Header[k] = v
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Accept", "application/json")
	answer, err := c.http.Do(r)
	if ctx.Err() != nil {
		return nil, fault.Wrap(ctx.Err(), fault.Unavailable, "The command was stopped.")
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "The server at %s does not answer. Is it running? DOCKET_URL says where it is.", c.base)
	}
	return answer, nil
}

// kinds are what statuses mean here.
var kinds = map[int]fault.Kind{
	http.StatusBadRequest: fault.Invalid, http.StatusUnprocessableEntity: fault.Invalid, http.StatusUnauthorized: fault.Denied,
	http.StatusForbidden: fault.Denied, http.StatusNotFound: fault.NotFound, http.StatusConflict: fault.Conflict,
	http.StatusRequestEntityTooLarge: fault.TooLarge, http.StatusServiceUnavailable: fault.Unavailable,
}

// sentence is what a person reads of an error of a client command.
func sentence(err error) string {
	if fault.KindOf(err) == fault.Internal {
		return err.Error()
	}
	return fault.Sentence(err)
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 64 << 20

func decode(answer *http.Response, out any) error {
	raw, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	if answer.StatusCode < 300 {
		return json.NewDecoder(bytes.NewReader(raw)).Decode(out)
	}
	var p api.Problem
	if json.Unmarshal(raw, &p) != nil || p.Detail == "" {
		p.Detail = fmt.Sprintf("The server answered %s.", answer.Status)
	}
	kind, known := kinds[answer.StatusCode]
	if !known {
		kind = fault.Unavailable
	}
	return fault.New(kind, "%s", p.Detail)
}

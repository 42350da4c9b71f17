package gateway

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
	"github.com/versity/versitygw/s3api"
)

// readyLine is what the child prints when it listens.
const readyLine = "docket: the object store listens"

// orders are what the parent tells the child: one line of JSON on its standard input.
type orders struct {
	Folder   string
	Settings settings
}

// connections is how many the gateway serves at a time. Further ones wait or are told to slow down.
const connections = 512

// Serve is the child: it reads its orders from in, runs the gateway and prints a line to out when it listens. It returns when in
// or ctx ends. It changes the working directory of the process, so a process should do nothing else.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	input := bufio.NewReader(in)
	line, err := input.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("gateway: it is started by the server, with orders on its standard input: %w", err)
	}
	var o orders
	if err := json.Unmarshal(line, &o); err != nil {
		return fmt.Errorf("gateway: orders: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		io.Copy(io.Discard, input) // until the parent closes it or is gone
		cancel()
	}()
	return o.serve(ctx, func() { fmt.Fprintln(out, readyLine) })
}

func (o orders) serve(ctx context.Context, listening func()) error {
	store, options, err := o.metadata()
	if err != nil {
		return err
	}
	backend, err := posix.New(objects(o.Folder), store, options)
	if err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	flusher, err := newFlusher(o.Folder)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		ended <- embedgw.RunVersityGW(ctx, durable{backend, flusher, newKeyLocks()}, o.config(listening))
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(grace):
		return nil // the process ends; what was acknowledged is on the disk
	}
}

// grace is how long the gateway may take to end by itself. It waits for connections that were opened and never used.
const grace = time.Second

func (o orders) config(listening func()) *embedgw.Config {
	return &embedgw.Config{
		RootUserAccess:    o.Settings.AccessKey,
		RootUserSecret:    o.Settings.SecretKey,
		Region:            region,
		Ports:             []string{o.Settings.address()},
		MaxConnections:    connections,
		MaxRequests:       connections,
		MultipartMaxParts: 10_000, // S3's own limit
		KeepAlive:         true,
		Quiet:             true,
		S3Options:         []s3api.Option{s3api.WithOnListen(listening)},
	}
}

// metadata is where the gateway keeps what S3 knows about objects.
func (o orders) metadata() (meta.MetadataStorer, posix.PosixOpts, error) {
	options := posix.PosixOpts{VersioningDir: versions(o.Folder), NewFilePerm: 0o600}
	options.SetNewDirPerm(0o700)
	options.SetNewFilePerm(0o600)
	if !o.Settings.Sidecar {
		return meta.XattrMeta{}, options, nil
	}
	options.SideCarDir = attributes(o.Folder)
	store, err := meta.NewSideCar(options.SideCarDir)
	if err != nil {
		return nil, options, fmt.Errorf("gateway: %w", err)
	}
	return store, options, nil
}

package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"docket/capture"
	"docket/workflow"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A role is what one process does of all that there is to do. Every process can hand in jobs; a role says which it works.
type role struct {
	name   string   // of whoever works on jobs: the same after a restart, so that jobs that were cut off can be taken back
	queues []string // worked here
	index  bool     // owns the search index, and keeps it in step
}

// sharedQueues are the queues that any process may work.
var sharedQueues = []string{capture.ReadQueue, capture.ScanQueue, capture.FileQueue, capture.ArchiveQueue, capture.TrainQueue, workflow.SendQueue, housekeepingQueue}

// queuesOf reads a list of queues as it is configured: names separated by commas, "all", or "none".
func queuesOf(list string) ([]string, error) {
	switch strings.TrimSpace(list) {
	case "", "all":
		return sharedQueues, nil
	case "none":
		return nil, nil
	}
	var queues []string
	for _, q := range commas(list) {
		if !slices.Contains(sharedQueues, q) {
			return nil, usagef("--queues %q: there is no such queue. Choose from %s; or all; or none.", q, strings.Join(sharedQueues, ", "))
		}
		if !slices.Contains(queues, q) {
			queues = append(queues, q)
		}
	}
	return queues, nil
}

// server is the role of the one process that owns a data folder.
func (c *config) server() (role, error) {
	queues, err := queuesOf(c.Queues)
	if err == nil && len(queues) < len(sharedQueues) && c.shared() != nil {
		err = usagef("--queues %s leaves work to nobody: the embedded database and object store cannot be shared with 'docket work'. "+
			"Set DOCKET_DATABASE_URL and DOCKET_S3_ENDPOINT first", c.Queues)
	}
	return role{name: c.name(), queues: queues, index: true}, err
}

// name tells this machine's data folder from all others.
func (c *config) name() string {
	host, _ := os.Hostname()
	folder, _ := filepath.Abs(c.Data)
	sum := sha256.Sum256([]byte(folder))
	return fmt.Sprintf("docket-%s-%x", strings.ReplaceAll(host, ".", "-"), sum[:6])
}

// works says whether some queue is worked here.
func (r role) works(queues ...string) bool {
	return slices.ContainsFunc(queues, func(q string) bool { return slices.Contains(r.queues, q) })
}

// giveBack makes a job that was cut off because this process stops one that was never tried: it is free for others at once, and
// does not use up one of its attempts. The job queue does so when the error says that the context was cancelled; what a child
// process that was killed, or a connection that was closed, makes of that says it nowhere.
var giveBack = river.WorkerMiddlewareFunc(func(ctx context.Context, _ *rivertype.JobRow, work func(context.Context) error) error {
	err := work(ctx)
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		err = errors.Join(err, context.Canceled)
	}
	return err
})

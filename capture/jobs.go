package capture

import (
	"github.com/google/uuid"
	"github.com/riverqueue/river"
)

// Queues of this package's jobs.
const (
	ReadQueue    = "read"    // bytes to reading: heavy
	FileQueue    = "file"    // reading to record: light
	ArchiveQueue = "archive" // page images to searchable PDF: may wait
	ScanQueue    = "scan"    // the scan desk's pages: somebody waits
	TrainQueue   = "train"   // corrections to model: rare
)

// ReadArgs asks for a piece to be read.
type ReadArgs struct {
	Receipt uuid.UUID `json:"receipt"`
}

// Kind names the job.
func (ReadArgs) Kind() string { return "capture.read" }

// InsertOpts puts the job in its queue.
func (ReadArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: ReadQueue, MaxAttempts: 8}
}

// FileArgs asks for a piece that was read to be filed, or a person to be asked.
type FileArgs struct {
	Receipt uuid.UUID `json:"receipt"`
}

// Kind names the job.
func (FileArgs) Kind() string { return "capture.file" }

// InsertOpts puts the job in its queue.
func (FileArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: FileQueue, MaxAttempts: 8}
}

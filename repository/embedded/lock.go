package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"docket/repository/fault"
)

// ErrRunning is the cause of the error that Start gives when another process runs the cluster of that folder. The database
// can then be reached at Address.
var ErrRunning = errors.New("embedded: another process runs this database")

// dying is how long a process that was just killed may take to let go of its lock.
const dying = time.Second

// lock takes the folder's lock, which lies beside it because initdb wants an empty folder. Closing the file releases it, and
// so does the end of the process, however it ends.
func lock(ctx context.Context, folder string) (*os.File, error) {
	f, err := os.OpenFile(folder+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for until := time.Now().Add(dying); ; {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(until) || pause(ctx, 20*time.Millisecond) != nil {
			break
		}
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fault.Wrap(ErrRunning, fault.Conflict, "Another Docket runs the database in %s. "+
			"Stop it first, or choose another data folder.", folder)
	}
	return nil, fmt.Errorf("lock %s: %w", folder, err)
}

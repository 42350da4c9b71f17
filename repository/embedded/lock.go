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

// ErrRunning is the cause of the error that Start gives when another process runs the server of that folder. The database can
// then be reached at Address.
var ErrRunning = errors.New("embedded: another process runs it")

// dying is how long a process that was just killed may take to let go of its lock.
const dying = time.Second

// Lock takes the lock of the folder in which a server (a "database", say) keeps its data. It lies beside the folder because
// initdb wants an empty one. Closing the file releases it, and so does the end of the process, however it ends.
func Lock(ctx context.Context, folder, server string) (*os.File, error) {
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
		return nil, fault.Wrap(ErrRunning, fault.Conflict, "Another Docket runs the %s in %s. "+
			"Stop it first, or choose another data folder.", server, folder)
	}
	return nil, fmt.Errorf("lock %s: %w", folder, err)
}

package embedded

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"docket/repository/fault"
)

// ErrRunning is the cause of the error that Start gives when another process runs the cluster of that folder. The database
// can then be reached at Address.
var ErrRunning = errors.New("embedded: another process runs this database")

// lock takes the folder's lock, which lies beside it because initdb wants an empty folder. Closing the file releases it, and
// so does the end of the process, however it ends.
func lock(folder string) (*os.File, error) {
	f, err := os.OpenFile(folder+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fault.Wrap(ErrRunning, fault.Conflict, "Another Docket runs the database in %s. "+
			"Stop it first, or choose another data folder.", folder)
	}
	return nil, fmt.Errorf("lock %s: %w", folder, err)
}

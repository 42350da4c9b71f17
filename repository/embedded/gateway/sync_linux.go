package gateway

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// syncFileSystem writes all changes of the file system that holds f.
func syncFileSystem(f *os.File) error {
	if err := unix.Syncfs(int(f.Fd())); err != nil {
		return fmt.Errorf("flush the file system: %w", err)
	}
	return nil
}

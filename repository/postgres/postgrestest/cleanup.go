package postgrestest

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
)

// quiet keeps what is said when all goes well out of the tests' output.
var quiet = slog.New(slog.DiscardHandler)

// watch waits for the end of its input, which comes when this process ends however it ends, then for the postmaster to be
// gone, and removes the folder.
const watch = `cat >/dev/null
for i in $(seq 100); do
	pid=$(head -n 1 "$1/postgres/postmaster.pid" 2>/dev/null) || break
	kill -0 "$pid" 2>/dev/null || break
	sleep 0.1
done
rm -rf "$1"`

// removeAtEnd starts a helper process that removes folder when this process ends, and gives a function that does so now.
func removeAtEnd(folder string) (func(), error) {
	cmd := exec.Command("/bin/sh", "-c", watch, "sh", folder)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // out of reach of Ctrl-C and of signals to our process group
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("helper that removes the test database: %w", err)
	}
	return func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			fmt.Fprintln(os.Stderr, "postgrestest: remove", folder+":", err)
		}
	}, nil
}

//go:build !linux

package embedded

import (
	"os/exec"
	"syscall"
)

// attributes make a child that runs as the account in a process group of its own. These systems do not tell a child that its
// parent ended: the next start ends the old postmaster.
func attributes(a account, _ syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: a.credential, Setpgid: true}
}

// hand gives the path by which the child finds folder: the path itself.
func hand(_ *exec.Cmd, folder string) (string, error) { return folder, nil }

// worksIn says whether process pid exists. Its working directory cannot be seen here; the caller holds the folder's lock and
// has the number from the postmaster's own file.
func worksIn(pid int, _ string) bool { return syscall.Kill(pid, 0) == nil }

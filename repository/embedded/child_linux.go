package embedded

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// handed is where a child finds the folder that it is handed as its first extra file. It needs no right to the folders above.
const handed = "/proc/self/fd/3"

// attributes make a child that runs as the account, is in a process group of its own (the terminal's Ctrl-C is for us: we
// stop it in order) and is sent a signal by the kernel when the thread that started it ends.
func attributes(a account, whenParentEnds syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: a.credential, Setpgid: true, Pdeathsig: whenParentEnds}
}

// hand passes folder to cmd and gives the path by which the child finds it.
func hand(cmd *exec.Cmd, folder string) (string, error) {
	f, err := os.Open(folder)
	if err != nil {
		return "", err
	}
	cmd.ExtraFiles = []*os.File{f}
	return handed, nil
}

// worksIn says whether process pid has folder as its working directory, as a postmaster has.
func worksIn(pid int, folder string) bool {
	cwd, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	info, err := os.Stat(folder)
	return err == nil && os.SameFile(cwd, info)
}

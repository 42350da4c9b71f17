package tesseract

import (
	"os/exec"
	"syscall"
)

// detach gives a child a process group of its own, so that an interrupt typed at the terminal reaches the server alone and
// pages in work are finished.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

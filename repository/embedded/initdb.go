package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"docket/repository/fault"
)

// prepare makes the cluster when folder does not hold one, and gives the programs that run it.
func prepare(ctx context.Context, c Config, acct account) (binaries, error) {
	major, err := madeBy(c.Folder)
	if err != nil {
		return binaries{}, err
	}
	bin, err := findBinaries(ctx, c.Binaries, major)
	if err != nil {
		return binaries{}, err
	}
	if major == 0 {
		err = initialise(ctx, c, bin, acct)
	}
	return bin, err
}

// madeBy is the major version that made the cluster in folder: 0 when there is none yet.
func madeBy(folder string) (int, error) {
	text, err := os.ReadFile(filepath.Join(folder, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

// initialise makes a cluster beside folder and moves it there when it is whole, so that a crash leaves nothing half made.
func initialise(ctx context.Context, c Config, bin binaries, acct account) error {
	fresh := c.Folder + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return err
	}
	if err := acct.own(fresh); err != nil {
		return err
	}
	if err := initdb(ctx, c, bin, acct, fresh); err != nil {
		return err
	}
	if err := os.Remove(c.Folder); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fault.Wrap(err, fault.Conflict, "The folder %s holds files but no database. Nothing was changed. "+
			"Move them away, or choose another data folder.", c.Folder)
	}
	return os.Rename(fresh, c.Folder)
}

func initdb(ctx context.Context, c Config, bin binaries, acct account, folder string) error {
	cmd := exec.CommandContext(ctx, bin.path("initdb"), "--username="+superuser, "--auth=trust", "--encoding=UTF8",
		"--data-checksums", "--no-instructions")
	cmd.Args = append(cmd.Args, locale(bin.major)...)
	if c.Disposable {
		cmd.Args = append(cmd.Args, "--no-sync")
	}
	out, err := runHanded(cmd, folder, acct)
	if err != nil {
		return fmt.Errorf("make a database in %s: %w: %s", folder, err, bytes.TrimSpace(out))
	}
	return nil
}

// locale are initdb's words for C.UTF-8. From version 17 on PostgreSQL has it built in.
func locale(major int) []string {
	if major >= 17 {
		return []string{"--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"}
	}
	return []string{"--locale-provider=libc", "--locale=C.UTF-8"}
}

// runHanded runs cmd with folder as its -D and gives what it printed.
func runHanded(cmd *exec.Cmd, folder string, acct account) ([]byte, error) {
	path, err := hand(cmd, folder)
	if err != nil {
		return nil, err
	}
	defer closeAll(cmd.ExtraFiles)
	cmd.Args = append(cmd.Args, "-D", path)
	cmd.Dir, cmd.Env = "/", environment()
	cmd.SysProcAttr = attributes(acct, syscall.SIGKILL)
	var out []byte
	err = onOneThread(func() error {
		out, err = cmd.CombinedOutput()
		return err
	})
	return out, err
}

// environment is ours without the PG* variables, which would reach into the cluster, and with messages in English.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PG") && !strings.HasPrefix(v, "LC_") && !strings.HasPrefix(v, "LANG") {
			env = append(env, v)
		}
	}
	return append(env, "LC_ALL=C")
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"docket/repository/fault"
)

const (
	superuser = "docket"
	database  = "docket"
	socket    = ".s.PGSQL.5432"
	// longest is how long the path of a Unix socket may be on every system (108 bytes with the final zero on Linux, 104 on
	// macOS and the BSDs).
	longest = 103
)

// Address is the URL of the database in folder, whether or not it runs: for a command that works beside a running server
// of the same data folder, under the same account or as root. When the path is too long for a socket, Address makes a short way
// to it: a symbolic link in a private folder.
func Address(folder string) (string, error) {
	return addressOf(folder, database)
}

func addressOf(folder, database string) (string, error) {
	host, err := shortPath(folder)
	if err != nil {
		return "", err
	}
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database}
	u.RawQuery = url.Values{"host": {host}, "port": {"5432"}, "sslmode": {"disable"}}.Encode()
	return u.String(), nil
}

// shortPath is a path to folder by which its socket can be reached.
func shortPath(folder string) (string, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	if len(filepath.Join(folder, socket)) <= longest {
		return folder, nil
	}
	private, err := privateFolder()
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256([]byte(folder))
	link := filepath.Join(private, hex.EncodeToString(digest[:8]))
	if target, err := os.Readlink(link); err == nil && target == folder {
		return link, nil
	}
	if err := os.Symlink(folder, link); err != nil && !errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("short path to %s: %w", folder, err)
	}
	return link, nil
}

// privateFolder is a folder with a short path that only this account may enter: in /run for root, in the session's runtime
// folder, or else in the folder for temporary files.
func privateFolder() (string, error) {
	uid := os.Geteuid()
	parent := os.Getenv("XDG_RUNTIME_DIR")
	switch {
	case uid == 0 && isFolder("/run"):
		parent = "/run"
	case !isFolder(parent):
		parent = os.TempDir()
	}
	path := filepath.Join(parent, "docket-"+strconv.Itoa(uid))
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	owner, _ := ownerOf(path)
	if !info.IsDir() || info.Mode().Perm() != 0o700 || owner == nil || owner.Uid != uint32(uid) {
		return "", fault.New(fault.Denied, "The folder %s is not private to this account, so Docket does not use it to reach its database. "+
			"Remove it, or choose a data folder with a shorter path.", path)
	}
	return path, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

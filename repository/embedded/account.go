package embedded

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"

	"docket/repository/fault"
)

// An account is who runs the cluster. The zero account is whoever runs this process.
type account struct {
	credential *syscall.Credential
}

// accountFor says who runs the cluster in folder, which may not exist yet.
func accountFor(folder string) (account, error) {
	owner, exists := ownerOf(folder)
	switch {
	case os.Geteuid() != 0 && exists && owner.Uid != uint32(os.Geteuid()):
		return account{}, fault.New(fault.Denied, "The database folder %s belongs to another account (%s). Nothing was changed. "+
			"Start Docket as that account or as root.", folder, nameOf(owner.Uid))
	case os.Geteuid() != 0:
		return account{}, nil
	case exists && owner.Uid != 0:
		return account{owner}, nil
	}
	return postgresAccount()
}

// postgresAccount is the account that PostgreSQL's packages make for it.
func postgresAccount() (account, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return account{}, fault.Wrap(err, fault.Unavailable, "Docket was started as root, and PostgreSQL refuses to run as root. "+
			"Make an account named postgres (PostgreSQL's packages do), or start Docket as another account.")
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("account postgres: %w", err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("account postgres: %w", err)
	}
	return account{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

// own gives path to the account.
func (a account) own(path string) error {
	if a.credential == nil {
		return nil
	}
	return os.Chown(path, int(a.credential.Uid), int(a.credential.Gid))
}

func ownerOf(path string) (*syscall.Credential, bool) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil, false
	}
	return &syscall.Credential{Uid: stat.Uid, Gid: stat.Gid}, true
}

func nameOf(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

package workflow

import (
	"context"
	"fmt"
	"sync"
	"unicode/utf8"

	"docket/repository/fault"

	"github.com/alexedwards/argon2id"
)

// Of a password at least eight characters are asked (NIST SP 800-63B, 5.1.1.2), and no more bytes taken than hashing stays
// cheap for.
const (
	minPassword = 8
	maxPassword = 1024
)

// hashing follows the OWASP Password Storage Cheat Sheet for argon2id: 46 MiB, one pass, one lane.
var hashing = &argon2id.Params{Memory: 46 * 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// lanes bounds how many passwords are hashed at once, and so the memory that sign-ins can take.
var lanes = make(chan struct{}, 4)

// nobody is the hash of a password that nobody has: what is compared for names that do not exist, so that they take as long.
var nobody = sync.OnceValues(func() (string, error) { return argon2id.CreateHash("nobody has this password", hashing) })

func hashPassword(password string) (string, error) {
	if utf8.RuneCountInString(password) < minPassword || len(password) > maxPassword {
		return "", fault.New(fault.Invalid, "A password needs at least %d characters and at most %d bytes.", minPassword, maxPassword)
	}
	hash, err := argon2id.CreateHash(password, hashing)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// checkPassword says whether a password is that of a hash; the empty hash is nobody's.
func checkPassword(ctx context.Context, password, hash string) (bool, error) {
	known := hash != "" && len(password) <= maxPassword
	if !known {
		var err error
		if hash, err = nobody(); err != nil {
			return false, fmt.Errorf("check a password: %w", err)
		}
		password = ""
	}
	select {
	case lanes <- struct{}{}:
		defer func() { <-lanes }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("check a password: %w", err)
	}
	return match && known, nil
}

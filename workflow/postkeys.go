package workflow

import (
	"encoding/hex"

	"docket/repository/keyring"
	"docket/workflow/thread"
)

// ReplyKeys are the secrets of reply tokens that belong to a house's master key.
func ReplyKeys(ring *keyring.Ring) (thread.Keys, error) {
	return thread.NewKeys(ring.Derive("reply tokens"))
}

// Installation is the ID by which an installation knows what it sent itself (rule 12): the same wherever its master key is, and nothing
// can be computed from it.
func Installation(ring *keyring.Ring) string {
	return hex.EncodeToString(ring.Derive("installation")[:8])
}

package gateway_test

import (
	"crypto/sha256"
	"io"

	"docket/repository/blob"
)

func digestOf(r io.Reader) (blob.SHA256, error) {
	h := sha256.New()
	_, err := io.Copy(h, r)
	return blob.SHA256(h.Sum(nil)), err
}

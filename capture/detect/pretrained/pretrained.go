// Package pretrained holds the detection model that a new installation begins with, trained from the shipped material when the
// binary is built, so that a first start does not spend half a minute on it. `make` runs the program in make/; a binary that
// was built without it trains at its first start.
package pretrained

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"docket/capture/detect"
)

//go:embed model
var files embed.FS

// File is the name, below model/, of the model trained from this binary's material: another material has another name.
func File() string { return detect.MaterialDigest() + ".model" }

// Model gives the model that was built in. The second result is false when the binary was built without one or with one of
// other material.
func Model() (*detect.Model, bool, error) {
	content, err := files.ReadFile("model/" + File())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	m, err := detect.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, false, fmt.Errorf("the model that is built in: %w", err)
	}
	return m, true, nil
}

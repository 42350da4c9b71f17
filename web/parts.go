package web

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"

	"docket/repository/fault"
)

// maxParts is the most parts that one upload may have: files and fields.
const maxParts = 2000

// eachPart calls f with every part of a multipart body, in order, as it arrives.
func eachPart(body io.Reader, boundary string, f func(*multipart.Part) error) error {
	if boundary == "" {
		return fault.New(fault.Invalid, "The upload is not a form with files. Nothing was stored; send it as multipart/form-data.")
	}
	reader := multipart.NewReader(body, boundary)
	for range maxParts {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(err)
		}
		if err := f(part); err != nil {
			return broken(err)
		}
	}
	return fault.New(fault.TooLarge, "The upload has more than %d parts. The files before were stored; send the rest in another upload.", maxParts)
}

// broken gives an upload that broke off a sentence; files that had come by then are stored. Other errors stay as they are.
func broken(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fault.Wrap(err, fault.Invalid, "The upload broke off. Files that had come by then are stored; send the others again.")
	}
	return fmt.Errorf("read upload: %w", err)
}

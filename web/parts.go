package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

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

// takeFiles hands the parts of an upload to take as they arrive, and counts those that take says are files. It is an error when
// there is none.
func (v *visit) takeFiles(take func(*multipart.Part) (file bool, err error)) (taken int, err error) {
	_, params, _ := mime.ParseMediaType(v.gin.GetHeader("Content-Type"))
	err = eachPart(v.gin.Request.Body, params["boundary"], func(part *multipart.Part) error {
		file, err := take(part)
		if file && err == nil {
			taken++
		}
		return err
	})
	if err == nil && taken == 0 {
		err = fault.New(fault.Invalid, "%s", v.T("upload.none"))
	}
	return taken, err
}

// tellTaken answers a script that uploaded with a line of text; a form is left to be sent on.
func (v *visit) tellTaken(taken int) (answered bool) {
	if v.gin.GetHeader("Accept") != "text/plain" {
		return false
	}
	v.gin.String(http.StatusCreated, "%s", v.N("upload.taken", taken))
	return true
}

// broken gives an upload that broke off a sentence; files that had come by then are stored. Other errors stay as they are.
func broken(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fault.Wrap(err, fault.Invalid, "The upload broke off. Files that had come by then are stored; send the others again.")
	}
	return fmt.Errorf("read upload: %w", err)
}

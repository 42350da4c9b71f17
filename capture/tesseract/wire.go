package tesseract

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"

	"docket/repository"
)

// maxFrame bounds one frame, so that a child gone mad cannot make the server allocate without end.
const maxFrame = 256 << 20

// operations a child knows.
const (
	opHello     = "hello"     // which languages are installed
	opCount     = "count"     // how many images a file holds
	opPage      = "page"      // read one page
	opPicture   = "picture"   // an image without loss
	opThumbnail = "thumbnail" // size and small picture of an image, nothing recognised
)

// A request asks a child for one thing. The child opens the file itself.
type request struct {
	Op string `json:"op"`
	Page
}

// A reply is a child's answer. The image and the thumbnail follow it as bytes.
type reply struct {
	Kind      string            `json:"kind,omitempty"` // of the fault when there is one
	Error     string            `json:"error,omitempty"`
	Languages []string          `json:"languages,omitempty"`
	Count     int               `json:"count,omitempty"`
	Layout    repository.Layout `json:"layout"`
	Sizes     [2]int            `json:"sizes"` // bytes of image and thumbnail

	image, thumb []byte
}

// A frame is its length as four bytes, highest first, and JSON.
func writeFrame(w io.Writer, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, len(body)+4), uint32(len(body)))
	_, err = w.Write(append(frame, body...))
	return err
}

func readFrame(r io.Reader, v any) error {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxFrame {
		return fmt.Errorf("a frame of %d bytes is over the limit", n)
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(r, body); err != nil {
		return err
	}
	return json.Unmarshal(body, v)
}

func writeReply(w io.Writer, a reply) error {
	a.Sizes = [2]int{len(a.image), len(a.thumb)}
	if err := writeFrame(w, a); err != nil {
		return err
	}
	for _, b := range [][]byte{a.image, a.thumb} {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

func readReply(r io.Reader) (reply, error) {
	var a reply
	if err := readFrame(r, &a); err != nil {
		return reply{}, err
	}
	for i, to := range []*[]byte{&a.image, &a.thumb} {
		if a.Sizes[i] < 0 || a.Sizes[i] > maxFrame {
			return reply{}, fmt.Errorf("an image of %d bytes is over the limit", a.Sizes[i])
		}
		*to = make([]byte, a.Sizes[i])
		if _, err := io.ReadFull(r, *to); err != nil {
			return reply{}, err
		}
	}
	return a, nil
}

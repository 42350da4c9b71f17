package detect

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// magic begins an encoded model. Its number goes up whenever features or voices change their meaning, because weights
// learned for other features are worthless.
const magic = "docket detect 4\n"

// ErrFormat says that bytes are not a model of this program's version. The remedy is to train anew.
var ErrFormat = errors.New("not a detection model of this version")

// maxHeader and the bounds in valid keep a damaged file from claiming all memory.
const maxHeader = 8 << 20

// A header is what of a model is not weights.
type header struct {
	Labels   []string `json:"labels"`
	Features int      `json:"features"`
	Mix      Mix      `json:"mix"`
	Quality  Score    `json:"quality"`
}

func (h header) valid() bool {
	return len(h.Labels) >= 2 && len(h.Labels) <= 10_000 && h.Features >= 0 && h.Features <= maxFeatures &&
		len(h.Labels)*h.Features <= 1<<28
}

// Encode writes the model, without the classes: cues and thresholds belong to the taxonomy. See WithClasses.
func (m *Model) Encode(w io.Writer) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(z, 1<<16)
	head, err := json.Marshal(header{m.labels, len(m.voices.vocabulary.hashes), m.mix, m.quality})
	if err != nil {
		return fmt.Errorf("encode detection model: %w", err)
	}
	b.WriteString(magic) // a bufio.Writer keeps its first error for Flush
	parts := []any{uint32(len(head)), head, m.voices.vocabulary.hashes, m.voices.vocabulary.idf}
	for _, machine := range m.voices.machines {
		parts = append(parts, machine.bias, machine.weights)
	}
	for _, part := range parts {
		if err := binary.Write(b, binary.LittleEndian, part); err != nil {
			return fmt.Errorf("encode detection model: %w", err)
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("encode detection model: %w", err)
	}
	return z.Close()
}

// Decode reads a model that Encode wrote. It has no classes yet: see WithClasses. The error is ErrFormat when another
// version wrote it.
func Decode(r io.Reader) (*Model, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	defer z.Close()
	b := bufio.NewReaderSize(z, 1<<16)
	head, err := readHeader(b)
	if err != nil {
		return nil, err
	}
	v := &vocabulary{hashes: make([]uint32, head.Features), idf: make([]float32, head.Features)}
	m := (&Model{labels: head.Labels, voices: &ensemble{vocabulary: v}, mix: head.Mix, quality: head.Quality}).WithClasses(nil)
	parts := []any{v.hashes, v.idf}
	for i := range m.voices.machines {
		machine := newMachine(len(head.Labels), head.Features)
		m.voices.machines[i] = machine
		parts = append(parts, machine.bias, machine.weights)
	}
	for _, part := range parts {
		if err := binary.Read(b, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
	}
	// Reading to the end verifies the checksum of the whole.
	if n, err := io.Copy(io.Discard, b); err != nil || n > 0 {
		return nil, errors.Join(ErrFormat, err)
	}
	return m, nil
}

func readHeader(r io.Reader) (header, error) {
	var h header
	start := make([]byte, len(magic))
	if _, err := io.ReadFull(r, start); err != nil || string(start) != magic {
		return h, ErrFormat
	}
	var size uint32
	if err := binary.Read(r, binary.LittleEndian, &size); err != nil || size > maxHeader {
		return h, ErrFormat
	}
	head := make([]byte, size)
	if _, err := io.ReadFull(r, head); err != nil {
		return h, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if err := json.Unmarshal(head, &h); err != nil || !h.valid() {
		return h, ErrFormat
	}
	return h, nil
}

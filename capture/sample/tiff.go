package sample

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
)

// The compressions written here, by their numbers in TIFF.
const (
	plainPixels = 1
	groupFour   = 4
	lzw         = 5
	deflate     = 8
)

// encodeTIFF writes all pages into one file, each with its own directory: black and white pages as G4, grey ones in the
// compression given. Little-endian, one strip a page (TIFF 6.0, baseline and extensions).
func encodeTIFF(pages []*picture, compression int) []byte {
	out := []byte{'I', 'I', 42, 0, 0, 0, 0, 0}
	link := 4 // where the offset of the next directory goes
	for i, p := range pages {
		data, bitsPerSample, used := tiffPixels(p, compression)
		strip := len(out)
		out = append(out, data...)
		resolution := len(out) + len(out)%2
		out = append(out, make([]byte, resolution-len(out))...)
		for _, dpi := range []int{p.dpiX, p.dpiY} {
			out = binary.LittleEndian.AppendUint32(out, uint32(dpi))
			out = binary.LittleEndian.AppendUint32(out, 1)
		}
		directory := len(out)
		binary.LittleEndian.PutUint32(out[link:], uint32(directory))
		photometric := 1 // 0 is black
		if used == groupFour {
			photometric = 0 // 0 is white
		}
		tags := [][3]int{ // tag, type (3 is 16 bits, 4 is 32, 5 a fraction), value
			{256, 4, p.w}, {257, 4, p.h}, {258, 3, bitsPerSample}, {259, 3, used}, {262, 3, photometric}, {273, 4, strip}, {277, 3, 1},
			{278, 4, p.h}, {279, 4, len(data)}, {282, 5, resolution}, {283, 5, resolution + 8}, {296, 3, 2}, {297, 3, i | len(pages)<<16},
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(len(tags)))
		for _, t := range tags {
			out = binary.LittleEndian.AppendUint16(out, uint16(t[0]))
			out = binary.LittleEndian.AppendUint16(out, uint16(t[1]))
			count := 1
			if t[0] == 297 { // page number and count in one value
				count = 2
			}
			out = binary.LittleEndian.AppendUint32(out, uint32(count))
			out = binary.LittleEndian.AppendUint32(out, uint32(t[2]))
		}
		link = len(out)
		out = append(out, 0, 0, 0, 0)
	}
	return out
}

// tiffPixels packs the pixels of a page.
func tiffPixels(p *picture, compression int) (data []byte, bitsPerSample, used int) {
	if p.bilevel {
		return encodeG4(p), 1, groupFour
	}
	switch compression {
	case lzw:
		return encodeLZW(p.gray), 8, lzw
	case deflate:
		var b bytes.Buffer
		z, _ := zlib.NewWriterLevel(&b, zlib.BestSpeed) // fails only for levels that do not exist
		z.Write(p.gray)
		z.Close()
		return b.Bytes(), 8, deflate
	}
	return p.gray, 8, plainPixels
}

// encodeLZW packs bytes as TIFF wants it: from the highest bit, and widening the codes one code earlier than GIF does.
func encodeLZW(data []byte) []byte {
	const clearCode, endCode, full = 256, 257, 4094
	var b bits
	table := make([][256]uint16, full+1)
	next, width := 258, 9
	b.add(clearCode, width)
	code := -1
	for _, c := range data {
		if code < 0 {
			code = int(c)
			continue
		}
		if longer := table[code][c]; longer != 0 {
			code = int(longer)
			continue
		}
		b.add(uint(code), width)
		table[code][c] = uint16(next)
		code = int(c)
		next++
		switch {
		case next == full:
			b.add(clearCode, width)
			clear(table)
			next, width = 258, 9
		case next == 512 || next == 1024 || next == 2048:
			width++
		}
	}
	if code >= 0 {
		b.add(uint(code), width)
		if next++; next == 512 || next == 1024 || next == 2048 {
			width++
		}
	}
	b.add(endCode, width)
	return b.bytes()
}

package sample

import (
	"slices"
	"strings"
)

// The run length codes of ITU-T T.4, tables 2 and 3: runs of 0 to 63, then of 64, 128 and so on to 2560.
var (
	whiteRuns = strings.Fields(`00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010 101011 0100111
		0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010 00000011 00011010 00011011
		00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 00101010 00101011 00101100 00101101 00000100
		00000101 00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101 01011000 01011001 01011010 01011011
		01001010 01001011 00110010 00110011 00110100 11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000
		01100111 011001100 011001101 011010010 011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010
		011011011 010011000 010011001 010011010 011000 010011011 00000001000 00000001100 00000001101 000000010010 000000010011
		000000010100 000000010101 000000010110 000000010111 000000011100 000000011101 000000011110 000000011111`)
	blackRuns = strings.Fields(`0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 000011000 0000010111
		0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000 00000010111 00000011000 000011001010
		000011001011 000011001100 000011001101 000001101000 000001101001 000001101010 000001101011 000011010010 000011010011
		000011010100 000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 000011011011 000001010100
		000001010101 000001010110 000001010111 000001100100 000001100101 000001010010 000001010011 000000100100 000000110111
		000000111000 000000100111 000000101000 000001011000 000001011001 000000101011 000000101100 000001011010 000001100110
		000001100111 0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100
		0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011 0000001110100
		0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 0000001010101 0000001011010
		0000001011011 0000001100100 0000001100101 00000001000 00000001100 00000001101 000000010010 000000010011 000000010100
		000000010101 000000010110 000000010111 000000011100 000000011101 000000011110 000000011111`)
)

// The codes of the vertical mode, ITU-T T.6 table 4: the change lies 3 left of the one above, to 3 right of it.
var vertical = [7]string{"0000010", "000010", "010", "1", "011", "000011", "0000011"}

// encodeG4 packs a black and white picture (0 is black) as ITU-T T.6, the compression of most scanned TIFF files.
func encodeG4(p *picture) []byte {
	var b bits
	above := []int{p.w, p.w}
	for y := range p.h {
		changes := changesOf(p.gray[y*p.w : (y+1)*p.w])
		b.row(above, changes, p.w)
		above = changes
	}
	b.put("000000000001000000000001") // end of block
	return b.bytes()
}

// changesOf are the places where the colour of a row changes, beginning with white, and its end twice.
func changesOf(row []uint8) []int {
	var all []int
	last := uint8(255)
	for x := 0; x < len(row); x++ {
		if row[x] != last {
			all, last = append(all, x), row[x]
			continue
		}
	}
	return append(all, len(row), len(row))
}

// row writes one row by how it differs from the one above. a0, a1, a2, b1 and b2 are the changes named so in T.6.
func (b *bits) row(above, changes []int, w int) {
	a0, black := -1, false
	for i := 0; a0 < w; {
		i = nextChange(changes, a0, black, i)
		j := nextChange(above, a0, black, 0)
		a1, b1, b2 := changes[i], above[j], above[min(j+1, len(above)-1)]
		switch delta := a1 - b1; {
		case b2 < a1:
			b.put("0001") // pass
			a0 = b2
		case delta >= -3 && delta <= 3:
			b.put(vertical[delta+3])
			a0, black = a1, !black
		default:
			a2 := changes[min(i+1, len(changes)-1)]
			b.put("001") // horizontal
			b.run(a1-max(a0, 0), black)
			b.run(a2-a1, !black)
			a0 = a2
		}
	}
}

// nextChange finds, from index i on, the first change right of x that is to the other colour than black says.
func nextChange(changes []int, x int, black bool, i int) int {
	if i == 0 {
		i, _ = slices.BinarySearch(changes, x+1)
	}
	for i < len(changes)-1 && (changes[i] <= x || (i%2 == 1) != black) {
		i++
	}
	return i
}

// run writes the length of a run.
func (b *bits) run(n int, black bool) {
	codes := whiteRuns
	if black {
		codes = blackRuns
	}
	for ; n >= 2560+64; n -= 2560 {
		b.put(codes[63+2560/64])
	}
	if n >= 64 {
		b.put(codes[63+n/64])
	}
	b.put(codes[n%64])
}

// bits are written from the highest bit of each byte.
type bits struct {
	out  []byte
	last uint
	n    int
}

func (b *bits) put(code string) {
	for i := range len(code) {
		b.add(uint(code[i]-'0'), 1)
	}
}

// add writes the lowest n bits of v.
func (b *bits) add(v uint, n int) {
	b.last, b.n = b.last<<n|v, b.n+n
	for ; b.n >= 8; b.n -= 8 {
		b.out = append(b.out, byte(b.last>>(b.n-8)))
	}
}

func (b *bits) bytes() []byte {
	if b.n > 0 {
		b.add(0, 8-b.n)
	}
	return b.out
}

package detect

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The blocks of features. Within a voice each block is brought to its own length, so that the many pairs do not drown
// the words.
const (
	wordBlock    = iota // words
	pairBlock           // pairs of neighbouring words
	letterBlock         // groups of 3 to 5 letters within a word: they survive endings and misread letters
	headingBlock        // the words of the heading once more
	shapeBlock          // what the page looks like: many figures, short lines, colons
	askingBlock         // how many sentences end in a question mark
	blocks
)

// blockLength is the Euclidean length each block is brought to.
var blockLength = [blocks]float64{wordBlock: 1, pairBlock: 0.7, letterBlock: 1, headingBlock: 0.6, shapeBlock: 0.25, askingBlock: 0.8}

// An occurrence is one feature of a text and how often it stands there. The top bits of the hash hold its block.
type occurrence struct {
	hash  uint32
	count float32
}

const blockShift = 29

func blockOf(hash uint32) int { return int(hash >> blockShift) }

// A bag collects the features of one text.
type bag struct {
	hashes []uint32
}

func (b *bag) add(block int, h uint32) {
	b.hashes = append(b.hashes, uint32(block)<<blockShift|h&(1<<blockShift-1))
}

// occurrences are the collected features with their counts, sorted by hash.
func (b *bag) occurrences() []occurrence {
	slices.Sort(b.hashes)
	var out []occurrence
	for _, h := range b.hashes {
		if n := len(out); n > 0 && out[n-1].hash == h {
			out[n-1].count++
			continue
		}
		out = append(out, occurrence{h, 1})
	}
	return out
}

// features gives the features of a text whose words and heading are known.
func features(text string, tokens, head []token) []occurrence {
	b := &bag{hashes: make([]uint32, 0, 20*len(tokens))}
	for i, t := range tokens {
		addWord(b, t.folded)
		if i > 0 {
			b.add(pairBlock, pairHash(tokens[i-1].folded, t.folded))
		}
	}
	for _, t := range head {
		b.add(headingBlock, hash(seedHeading, t.folded))
	}
	addShape(b, text)
	addAsking(b, text)
	return b.occurrences()
}

// addWord adds a word and its groups of letters.
func addWord(b *bag, word string) {
	b.add(wordBlock, hash(seedWord, word))
	padded := " " + word + " "
	var starts [66]int
	n := 0
	for i := range padded {
		if n == len(starts)-1 {
			break // no word is that long; what is that long says no more by its tail
		}
		starts[n] = i
		n++
	}
	starts[n] = len(padded)
	for size := 3; size <= 5; size++ {
		for i := 0; i+size <= n; i++ {
			b.add(letterBlock, hash(seedLetters, padded[starts[i]:starts[i+size]]))
		}
	}
}

// Seeds that keep features of different sorts with the same letters apart.
const (
	seedWord uint32 = 2166136261 + iota*16777619
	seedPair
	seedLetters
	seedHeading
	seedShape
	seedSpeech
	seedAsking
)

// hash is FNV-1a with a final mix (of MurmurHash3), so that all bits depend on all letters.
func hash(seed uint32, s string) uint32 {
	h := seed
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return mix(h)
}

func pairHash(a, b string) uint32 { return mix(hash(seedPair, a)*31 + hash(seedPair, b)) }

func mix(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}

// headingLines is how many lines at the top can belong to the heading.
const headingLines = 20

// heading gives the words of the lines above the running text: letterhead, subject, title. A text of one paragraph has
// none.
func heading(text string, tokens []token) []token {
	end, n := 0, 0
	for raw := range strings.Lines(text) {
		line := strings.TrimSpace(raw)
		if line == "" {
			continue
		}
		if utf8.RuneCountInString(line) > 72 || n == headingLines {
			break
		}
		n++
		end = n
	}
	i, _ := slices.BinarySearchFunc(tokens, end, func(t token, line int) int { return cmp.Compare(t.line, line) })
	if i == len(tokens) && end < 3 {
		return nil
	}
	return tokens[:i]
}

// addShape adds what the page looks like, in coarse steps.
func addShape(b *bag, text string) {
	lines, short, colons, amounts, blanks := 0, 0, 0, 0, 0
	letters, digits := 0, 0
	for raw := range strings.Lines(text) {
		line := strings.TrimSpace(raw)
		if line == "" {
			continue
		}
		lines++
		if utf8.RuneCountInString(line) < 40 {
			short++
		}
		if strings.Contains(line, ":") {
			colons++
		}
		if strings.Contains(line, "___") || strings.Contains(line, "....") || strings.Contains(line, "[") || strings.Contains(line, "☐") {
			blanks++
		}
		d := 0
		for _, r := range line {
			if unicode.IsDigit(r) {
				d++
			} else if unicode.IsLetter(r) {
				letters++
			}
		}
		digits += d
		if d >= 3 && endsInFigures(line) {
			amounts++
		}
	}
	step := func(name string, value float64) {
		b.add(shapeBlock, hash(seedShape, name+string(rune('0'+min(9, int(value))))))
	}
	if lines == 0 {
		return
	}
	n := float64(lines)
	step("lines", math.Log2(n))
	step("letters", math.Log2(1+float64(letters)/50))
	step("short", 6*float64(short)/n)
	step("colons", 6*float64(colons)/n)
	step("amounts", 8*float64(amounts)/n)
	step("blanks", 8*float64(blanks)/n)
	step("digits", 12*float64(digits)/float64(1+letters+digits))
}

func endsInFigures(line string) bool {
	tail := line[max(0, len(line)-6):]
	n := 0
	for _, r := range tail {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n >= 2
}

// mostQuestions is how many questions are told apart; more say the same.
const mostQuestions = 3

// addAsking adds how many sentences ask something. A question mark stands after a word and before a space; in forms, which
// ask with every line, it says less, and the words speak for themselves.
func addAsking(b *bag, text string) {
	asked := 0
	before := ' '
	for i, r := range text {
		if r == '?' && unicode.IsLetter(before) {
			next, _ := utf8.DecodeRuneInString(text[i+1:])
			if i+1 == len(text) || unicode.IsSpace(next) {
				asked++
			}
		}
		before = r
	}
	for n := range min(asked, mostQuestions) + 1 {
		b.add(askingBlock, hash(seedAsking, string(rune('0'+n))))
	}
}

package mail

import (
	"regexp"
	"strings"
)

// maxReply bounds the text that is looked at, in bytes and lines.
const (
	maxReply = 512 << 10
	maxLines = 10_000
)

// Reply is the newest text of a message: without what it quotes, the header of what it answers, and the signature (rule 43). It
// is for showing only. Where it is not certain what is new, or nothing would be left, more is kept rather than less.
//
// Each line is told to be one of a few kinds, written as a letter; what to leave out is then found in the word of all letters.
func Reply(text string) string {
	text = bounded(text, maxReply)
	r := replying{lines: tidy(text)}
	for _, l := range r.lines {
		r.kinds = append(r.kinds, kindOf(l))
	}
	r.delimiters()
	r.embedded()
	r.headers()
	r.rest()
	if out := strings.TrimSpace(dropNL(strings.Join(r.lines, "\n"))); out != "" {
		return out
	}
	return strings.TrimSpace(text)
}

// dropNL takes empty lines at the beginning away, but no spaces that indent the first line.
func dropNL(s string) string { return strings.TrimLeft(s, "\n") }

// The kinds of lines.
const (
	empty     = 'e'
	text      = 't'
	quote     = 'q'
	wrote     = 'b' // "On Monday Anna wrote:"
	headLine  = 'h' // "From: ..."
	signature = 's' // "Sent from my phone"
	delimiter = 'd' // nothing after it is new
)

// A replying is a text from which lines are taken. kinds and lines are as long as each other.
type replying struct {
	lines []string
	kinds []byte
}

func (r *replying) cut(from int) { r.lines, r.kinds = r.lines[:from], r.kinds[:from] }

func (r *replying) keep(from, to int) { r.lines, r.kinds = r.lines[from:to], r.kinds[from:to] }

// drop takes all lines of a kind away.
func (r *replying) drop(kind byte) {
	lines, kinds := r.lines[:0:0], r.kinds[:0:0]
	for i, k := range r.kinds {
		if k != kind {
			lines, kinds = append(lines, r.lines[i]), append(kinds, k)
		}
	}
	r.lines, r.kinds = lines, kinds
}

// delimiters takes away what follows the first line after which nothing is new, and signatures of phones.
func (r *replying) delimiters() {
	for i, k := range r.kinds {
		if k == delimiter && strings.ContainsAny(string(r.kinds[:i]), "tqb") {
			r.cut(i)
			break
		}
	}
	r.drop(signature)
	r.drop(delimiter)
}

var (
	replyBelow = regexp.MustCompile(`^(?:b[^t]+)*b[bqeh]+t[et]*$`)
	textAtEnd  = regexp.MustCompile(`t[et]*$`)
	bigQuote   = regexp.MustCompile(`te*b[eqbh]*([te]*)$`)
	quoteAtEnd = regexp.MustCompile(`te*[qbe]+$`)
	foldedHead = regexp.MustCompile(`h[ht]*h`)
	headFirst  = regexp.MustCompile(`^e*h{2,}[ht]*e+t`)
	headersEnd = regexp.MustCompile(`t[eqb]*h{3,}`)
)

// embedded takes away an embedded message that a line announces: above the reply, or below it.
func (r *replying) embedded() {
	if replyBelow.Match(r.kinds) {
		r.keep(textAtEnd.FindIndex(r.kinds)[0], len(r.kinds))
		return
	}
	if i := strings.IndexByte(string(r.kinds), wrote); i > 0 && strings.Contains(string(r.kinds[:i]), "t") && !strings.Contains(string(r.kinds), "q") {
		r.cut(i) // the whole message was pasted below, without marks
		return
	}
	if m := bigQuote.FindSubmatchIndex(r.kinds); m != nil && strings.Count(string(r.kinds[m[2]:m[3]]), "t") < 7 {
		r.cut(m[0] + 1)
		return
	}
	if m := quoteAtEnd.FindIndex(r.kinds); m != nil {
		r.cut(m[0] + 1)
	}
}

// headers takes away a message below its own header, as Outlook writes it.
func (r *replying) headers() {
	r.drop(wrote)
	if m := headFirst.FindIndex(r.kinds); m != nil { // nothing but a forwarded message
		r.keep(m[1]-1, len(r.kinds))
		return
	}
	if m := headersEnd.FindIndex(r.kinds); m != nil {
		r.cut(m[0] + 1)
		return
	}
	if m := foldedHead.FindIndex(r.kinds); m != nil && strings.Count(string(r.kinds[m[0]:m[1]]), "h") >= 3 && strings.Contains(string(r.kinds[:m[0]]), "t") {
		r.cut(m[0])
	}
}

// rest takes away a quote at the end, and what stands below a rule as signatures do.
func (r *replying) rest() {
	if m := quoteAtEnd.FindIndex(r.kinds); m != nil {
		r.cut(m[0] + 1)
	}
}

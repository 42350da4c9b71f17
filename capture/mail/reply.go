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
	if out := newest(text).text(); out != "" {
		return out
	}
	return strings.TrimSpace(text)
}

// newest is a text of which only what is new is left; nothing, where nothing is.
func newest(text string) *replying {
	r := &replying{lines: tidy(text)}
	for _, l := range r.lines {
		r.kinds = append(r.kinds, kindOf(l))
	}
	r.delimiters()
	r.embedded()
	r.headers()
	r.rest()
	return r
}

// text is what is left, without empty lines around it.
func (r *replying) text() string { return strings.TrimSpace(dropNL(strings.Join(r.lines, "\n"))) }

// Answer is what somebody wrote in answer to a message of ours, fit to be passed on to others: the newest text like Reply, but where that is
// not certain less is kept rather than more. Nothing quoted is in it, nothing below the line above which answers are written, and no
// token. It may be empty.
func Answer(text string) string {
	r := newest(bounded(text, maxReply))
	for i, k := range r.kinds {
		if k == delimiter {
			r.cut(i)
			break
		}
	}
	r.drop(quote)
	r.drop(wrote)
	return strings.TrimSpace(tokened.ReplaceAllString(r.text(), "$1"))
}

// tokened is where tokens stand: markers, and addresses with a detail, of which the address without it may stay.
var tokened = regexp.MustCompile(`\[#docket:[^\]\n]*\]?|([A-Za-z0-9._-]{1,64})\+[A-Za-z2-7]{43}\b`)

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

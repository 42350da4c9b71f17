package page

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf16"
)

// readRTF reads the text of a Rich Text file.
func readRTF(w *reading, ctx context.Context) error {
	data, err := w.readAll()
	if err != nil {
		return err
	}
	return w.setBlocks(ctx, rtfBlocks(data))
}

// An rtfState is what a group in braces may change and its end restores.
type rtfState struct {
	skip     bool   // a destination that holds no text
	fallback int    // characters that stand in for a Unicode one (\uc)
	charset  string // of bytes
}

// An rtfParser takes the text out of Rich Text (RTF 1.9.1). Groups that it does not know are skipped when they are marked
// as such, and read otherwise, as the specification demands.
type rtfParser struct {
	data    []byte
	at      int
	state   rtfState
	stack   []rtfState
	flow    flow
	bytes   []byte   // pending, in state.charset
	units   []uint16 // pending UTF-16
	ignore  int      // characters still to be skipped after a Unicode one
	inTable bool
	fonts   map[int]string
	font    int // being defined in the font table
	table   bool
}

// maxRTFDepth bounds open groups; real files have some dozen.
const maxRTFDepth = 1000

func rtfBlocks(data []byte) []block {
	p := &rtfParser{data: data, state: rtfState{fallback: 1, charset: "windows-1252"}, fonts: map[int]string{}}
	for p.at < len(p.data) {
		c := p.data[p.at]
		p.at++
		switch c {
		case '{':
			p.settle()
			if len(p.stack) < maxRTFDepth {
				p.stack = append(p.stack, p.state)
			}
		case '}':
			p.settle()
			if n := len(p.stack); n > 0 {
				p.state, p.stack = p.stack[n-1], p.stack[:n-1]
			}
			p.table = p.table && p.state.skip
			p.ignore = 0
		case '\\':
			p.control()
		case '\r', '\n':
		default:
			p.char(c)
		}
	}
	p.settle()
	return p.flow.end()
}

// control reads what follows a backslash.
func (p *rtfParser) control() {
	if p.at >= len(p.data) {
		return
	}
	c := p.data[p.at]
	if !isLetter(c) {
		p.at++
		p.symbol(c)
		return
	}
	start := p.at
	for p.at < len(p.data) && isLetter(p.data[p.at]) && p.at-start < 32 {
		p.at++
	}
	name := string(p.data[start:p.at])
	start = p.at
	if p.at < len(p.data) && p.data[p.at] == '-' {
		p.at++
	}
	for p.at < len(p.data) && p.data[p.at] >= '0' && p.data[p.at] <= '9' && p.at-start < 11 {
		p.at++
	}
	number, err := strconv.Atoi(string(p.data[start:p.at]))
	if p.at < len(p.data) && p.data[p.at] == ' ' {
		p.at++
	}
	p.word(name, number, err == nil)
}

func (p *rtfParser) symbol(c byte) {
	switch c {
	case '\'':
		if p.at+2 > len(p.data) {
			return
		}
		v, err := strconv.ParseUint(string(p.data[p.at:p.at+2]), 16, 8)
		p.at += 2
		if err == nil {
			p.char(byte(v))
		}
	case '*':
		p.state.skip = true
	case '~':
		p.text(" ")
	case '_':
		p.text("-")
	case '\\', '{', '}':
		p.char(c)
	case '\r', '\n':
		p.paragraph()
	}
}

// skipped are destinations without text of the document.
var skipped = map[string]bool{
	"fonttbl": true, "colortbl": true, "stylesheet": true, "info": true, "pict": true, "object": true, "themedata": true, "listtable": true,
	"listoverridetable": true, "rsidtbl": true, "generator": true, "xmlnstbl": true, "fldinst": true, "datastore": true, "latentstyles": true, "filetbl": true, "revtbl": true,
}

var rtfChars = map[string]string{
	"tab": "\t", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "line": "\n",
}

func (p *rtfParser) word(name string, number int, has bool) {
	switch {
	case name == "fonttbl":
		p.state.skip, p.table = true, true
	case skipped[name]:
		p.state.skip = true
	case name == "u" && has:
		p.unit(number)
	case name == "uc" && has:
		p.state.fallback = min(max(number, 0), 8)
	case name == "ansicpg" && has:
		p.settle()
		p.state.charset = "windows-" + strconv.Itoa(number)
	case name == "f" && has && p.table:
		p.font = number
	case name == "f" && has:
		p.settle()
		if c := p.fonts[number]; c != "" {
			p.state.charset = c
		}
	case name == "fcharset" && p.table:
		p.fonts[p.font] = rtfCharsets[number]
	case name == "bin" && has:
		p.at += min(max(number, 0), len(p.data)-p.at)
	case rtfChars[name] != "":
		p.text(rtfChars[name])
	default:
		p.layout(name)
	}
}

func (p *rtfParser) layout(name string) {
	if p.state.skip {
		return
	}
	switch name {
	case "par", "sect":
		p.paragraph()
	case "page":
		p.paragraph()
		p.flow.breaks = true
	case "intbl":
		if !p.inTable {
			p.inTable = true
			p.settle()
			p.flow.beginTable()
		}
	case "pard":
		if p.inTable {
			p.settle()
			p.flow.endTable()
			p.inTable = false
		}
	case "cell":
		p.settle()
		p.flow.endCell()
	case "row":
		p.settle()
		p.flow.endRow()
	}
}

// rtfCharsets maps the charsets of the font table to names.
var rtfCharsets = map[int]string{
	0: "windows-1252", 128: "shift_jis", 161: "windows-1253", 162: "windows-1254", 177: "windows-1255", 178: "windows-1256", 186: "windows-1257", 204: "windows-1251", 238: "windows-1250",
}

func (p *rtfParser) paragraph() {
	p.settle()
	if !p.state.skip {
		p.flow.flush()
	}
}

// char takes a byte of text.
func (p *rtfParser) char(c byte) {
	if p.ignore > 0 {
		p.ignore--
		return
	}
	if p.state.skip {
		return
	}
	if len(p.units) > 0 {
		p.settle()
	}
	p.bytes = append(p.bytes, c)
}

// unit takes a UTF-16 code unit, written as a signed number, and skips what stands in for it.
func (p *rtfParser) unit(v int) {
	p.ignore = p.state.fallback
	if p.state.skip {
		return
	}
	if len(p.bytes) > 0 {
		p.settle()
	}
	p.units = append(p.units, uint16(v))
}

func (p *rtfParser) text(s string) {
	p.settle()
	if !p.state.skip {
		p.flow.text.WriteString(s)
	}
}

// settle decodes the pending text.
func (p *rtfParser) settle() {
	if len(p.bytes) > 0 {
		p.flow.text.WriteString(visible(decodeCharset(p.bytes, p.state.charset)))
		p.bytes = p.bytes[:0]
	}
	if len(p.units) > 0 {
		p.flow.text.WriteString(visible(strings.ToValidUTF8(string(utf16.Decode(p.units)), "\ufffd")))
		p.units = p.units[:0]
	}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

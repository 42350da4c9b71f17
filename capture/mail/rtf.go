package mail

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// maxRTF bounds text that was compressed.
const maxRTF = 32 << 20

// dictionary is what the compression of MS-OXRTFCP begins with.
const dictionary = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

// unpackRTF undoes the compression of RTF in Outlook's messages. Damaged data give what came before the damage.
func unpackRTF(data []byte) []byte {
	if len(data) < 16 {
		return nil
	}
	size, magic := int(binary.LittleEndian.Uint32(data[4:])), binary.LittleEndian.Uint32(data[8:])
	body := data[16:]
	if magic == 0x414c454d { // not compressed
		return body[:min(len(body), max(0, size))]
	}
	if magic != 0x75465a4c || size < 0 || size > maxRTF {
		return nil
	}
	var ring [4096]byte
	at := copy(ring[:], dictionary)
	out := make([]byte, 0, min(size, 16*len(body)))
	for len(body) > 0 {
		control := body[0]
		body = body[1:]
		for bit := range 8 {
			if control>>bit&1 == 0 {
				if len(body) < 1 || len(out) >= size {
					return out
				}
				ring[at], out = body[0], append(out, body[0])
				at, body = (at+1)%4096, body[1:]
				continue
			}
			if len(body) < 2 {
				return out
			}
			token := binary.BigEndian.Uint16(body)
			body = body[2:]
			from, n := int(token>>4), int(token&15)+2
			if from == at { // the end
				return out
			}
			for i := 0; i < n && len(out) < size; i++ {
				b := ring[(from+i)%4096]
				ring[at], out = b, append(out, b)
				at = (at + 1) % 4096
			}
		}
	}
	return out
}

// rtfText takes the text out of RTF, or the HTML that Outlook wrote it of (MS-OXRTFEX).
func rtfText(data []byte) (text string, isHTML bool) {
	if !strings.HasPrefix(string(data[:min(len(data), 5)]), `{\rtf`) {
		return "", false
	}
	r := &rtf{data: data, label: "windows-1252", isHTML: strings.Contains(string(data[:min(len(data), 2000)]), `\fromhtml`)}
	r.read()
	r.flush()
	return strings.TrimSpace(visible(r.out.String())) + "\n", r.isHTML
}

// A group of RTF.
type rtfGroup struct {
	hidden bool // holds no text: fonts, colours, pictures
	tag    bool // holds a tag of HTML
}

// An rtf is RTF being read, in one pass; groups lie on a stack of bounded depth.
type rtf struct {
	data    []byte
	out     strings.Builder
	pending []byte // bytes in the charset, not decoded yet
	label   string
	isHTML  bool
	groups  []rtfGroup
	deeper  int  // groups over the bound
	aside   bool // in what stands for RTF alone (\htmlrtf)
	skip    int  // characters that stand for one that was written in Unicode
}

func (r *rtf) top() rtfGroup {
	if len(r.groups) == 0 {
		return rtfGroup{}
	}
	return r.groups[len(r.groups)-1]
}

func (r *rtf) shown() bool {
	g := r.top()
	return r.deeper == 0 && !g.hidden && (!r.aside || g.tag)
}

func (r *rtf) flush() {
	if len(r.pending) > 0 {
		text, _ := decodeCharset(r.pending, r.label)
		r.out.WriteString(text)
		r.pending = r.pending[:0]
	}
}

func (r *rtf) put(b byte) {
	if r.skip > 0 {
		r.skip--
		return
	}
	if r.shown() && r.out.Len() < maxRTF {
		r.pending = append(r.pending, b)
	}
}

func (r *rtf) puts(s string) {
	if r.shown() && r.out.Len() < maxRTF {
		r.flush()
		r.out.WriteString(s)
	}
}

func (r *rtf) read() {
	for i := 0; i < len(r.data); {
		switch c := r.data[i]; c {
		case '{':
			if len(r.groups) < 200 && r.deeper == 0 {
				r.groups = append(r.groups, r.top())
			} else {
				r.deeper++
			}
			i++
		case '}':
			if r.deeper > 0 {
				r.deeper--
			} else if n := len(r.groups); n > 0 {
				r.groups = r.groups[:n-1]
			}
			i++
		case '\\':
			i = r.control(i + 1)
		case '\r', '\n':
			i++
		default:
			r.put(c)
			i++
		}
	}
}

// control reads a control word or symbol after its backslash and says where the text goes on.
func (r *rtf) control(i int) int {
	if i >= len(r.data) {
		return i
	}
	c := r.data[i]
	if c|0x20 < 'a' || c|0x20 > 'z' {
		return r.symbol(c, i)
	}
	end := i
	for end < len(r.data) && r.data[end]|0x20 >= 'a' && r.data[end]|0x20 <= 'z' && end < i+32 {
		end++
	}
	word, begin := string(r.data[i:end]), end
	if end < len(r.data) && r.data[end] == '-' {
		end++
	}
	for end < len(r.data) && r.data[end] >= '0' && r.data[end] <= '9' && end < begin+11 {
		end++
	}
	number, err := strconv.Atoi(string(r.data[begin:end]))
	if end < len(r.data) && r.data[end] == ' ' {
		end++
	}
	r.word(word, number, err == nil)
	return end
}

func (r *rtf) symbol(c byte, i int) int {
	switch c {
	case '\'':
		if i+2 < len(r.data) && isHex(r.data[i+1]) && isHex(r.data[i+2]) {
			r.put(unhex(r.data[i+1])<<4 | unhex(r.data[i+2]))
			return i + 3
		}
	case '*':
		r.mark(func(g *rtfGroup) { g.hidden = true }) // unless a word takes it back
	case '~':
		r.puts("\u00a0")
	case '\\', '{', '}':
		r.put(c)
	}
	return i + 1
}

func (r *rtf) mark(change func(*rtfGroup)) {
	if n := len(r.groups); n > 0 && r.deeper == 0 {
		change(&r.groups[n-1])
	}
}

func (r *rtf) word(word string, number int, has bool) {
	switch word {
	case "par", "line":
		if r.isHTML {
			r.puts("\r\n")
		} else {
			r.puts("\n")
		}
	case "tab":
		r.puts("\t")
	case "htmlrtf":
		r.flush()
		r.aside = !has || number != 0
	case "htmltag":
		r.mark(func(g *rtfGroup) { g.hidden, g.tag = false, true })
	case "mhtmltag", "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "fldinst", "header", "footer", "listtable":
		r.mark(func(g *rtfGroup) { g.hidden = true })
	case "ansicpg":
		if label := pageLabel(number); label != "" {
			r.label = label
		}
	case "u":
		if r.shown() {
			r.puts(string(rune(uint16(number))))
		}
		r.skip = 1
	case "lquote", "rquote":
		r.puts(map[string]string{"lquote": "‘", "rquote": "’"}[word])
	case "ldblquote", "rdblquote":
		r.puts(map[string]string{"ldblquote": "“", "rdblquote": "”"}[word])
	case "endash", "emdash":
		r.puts(map[string]string{"endash": "–", "emdash": "—"}[word])
	case "bullet":
		r.puts("•")
	}
}

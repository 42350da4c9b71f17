package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// synthetic is the domain of ids that were made here. It belongs to nobody and never will (RFC 2606).
const synthetic = "@synthetic.invalid"

// maxID bounds one id.
const maxID = 500

// ids reads the message ids of a field: what stands in <>, or words where nothing does.
func ids(values []string) []string {
	var all []string
	for _, v := range values {
		found := angled(v)
		if found == nil {
			for _, w := range strings.Fields(strings.ReplaceAll(v, ",", " ")) {
				if strings.Contains(w, "@") && !strings.ContainsAny(w, `"();`) {
					found = append(found, w)
				}
			}
		}
		all = append(all, found...)
		if len(all) > 10*maxIDs {
			break
		}
	}
	var once []string
	for _, id := range all {
		id = strings.ReplaceAll(line(id), " ", "")
		if id != "" && len(id) <= maxID && !slices.Contains(once, id) {
			once = append(once, id)
		}
	}
	if len(once) > maxIDs { // the first is where it began, the last are what it answers
		once = append(once[:1:1], once[len(once)-maxIDs+1:]...)
	}
	return once
}

func angled(s string) []string {
	var all []string
	for len(all) <= 10*maxIDs {
		_, rest, ok := strings.Cut(s, "<")
		if !ok {
			break
		}
		id, after, ok := strings.Cut(rest, ">")
		if !ok {
			all = append(all, rest)
			break
		}
		all = append(all, id)
		s = after
	}
	return all
}

// identify takes the Message-ID, or makes one of the sender and the content (rule 2): the same message gives the same id
// however it came, because what the way adds to its header does not count.
func (m *Message) identify(body []byte) {
	if own := ids(m.Header.raw("Message-ID")); len(own) > 0 {
		m.ID = own[0]
		return
	}
	if own := strings.Fields(m.Header.Get("Message-ID")); len(own) == 1 && len(own[0]) > 8 && len(own[0]) <= maxID {
		m.ID = strings.Trim(own[0], "<>")
		return
	}
	h := sha256.New()
	for _, a := range m.From {
		h.Write([]byte(a.Address + "\x00"))
	}
	for _, name := range []string{"Date", "Subject"} {
		h.Write([]byte(m.Header.first(name) + "\x00"))
	}
	for at := 0; at < len(body); { // whatever its line ends became
		l, next := nextLine(body, at)
		h.Write(append(l[:len(l):len(l)], '\n'))
		at = next
	}
	m.ID, m.Synthetic = hex.EncodeToString(h.Sum(nil)[:20])+synthetic, true
}

package mail

import (
	"bytes"
	"regexp"
	"strings"
)

// maxRecipients bounds what one report says.
const maxRecipients = 200

// A Report is what a mail system says about a message that it could not deliver, or could not yet (RFC 3464; rule 20).
type Report struct {
	Recipients []Recipient
	Original   string // Message-ID of the message it is about, without <>; empty when the report does not tell (rule 21)
	Subject    string // of that message; may be empty
}

// A Recipient is whom a message was for.
type Recipient struct {
	Address    string
	Action     string // lower case: failed, delayed, delivered, relayed or expanded; failed where the report does not tell
	Status     string // RFC 3463, as "5.1.1"; may be empty
	Diagnostic string // what the other mail system answered, one line; may be empty
	Permanent  bool   // 5.x.x: the address is not to be used until somebody changes it (rule 22); else it was only not delivered now
}

// reportOf is the report of a message; nil when it is none. Besides multipart/report it knows what mail systems write in words
// of their own: sent by the mail system itself or with an empty return path, and naming who could not be reached.
func reportOf(m *Message, root *entity) *Report {
	r := &Report{}
	status := find(root, "message/delivery-status", "message/global-delivery-status")
	failed := m.Header.addresses("X-Failed-Recipients")
	empty := strings.Join(strings.Fields(m.Header.first("Return-Path")), "") == "<>"
	switch {
	case status != nil:
		r.status(status)
		if len(r.Recipients) == 0 && !daemon(m) && !empty && !reportType(root, "delivery-status") {
			return nil
		}
	case reportType(root, "delivery-status"):
	case len(failed) > 0 && (daemon(m) || empty):
	case daemon(m) && undelivered.MatchString(m.Subject):
	default:
		return nil
	}
	r.fromWords(failed, m)
	r.original(m, root)
	return r
}

func reportType(root *entity, kind string) bool {
	return root.media == "multipart/report" && strings.EqualFold(root.params["report-type"], kind)
}

// find is the first entity of a type.
func find(e *entity, media ...string) *entity {
	for _, t := range media {
		if e.media == t {
			return e
		}
	}
	for _, p := range e.parts {
		if found := find(p, media...); found != nil {
			return found
		}
	}
	return nil
}

// isReceipt says whether a message tells that another was read (RFC 8098).
func isReceipt(root *entity) bool {
	return reportType(root, "disposition-notification") || find(root, "message/disposition-notification", "message/global-disposition-notification") != nil
}

// daemon says whether the mail system itself wrote.
func daemon(m *Message) bool {
	for _, a := range m.From {
		local, _, _ := strings.Cut(strings.ToLower(a.Address), "@")
		switch {
		case local == "mailer-daemon" || local == "mailerdaemon" || local == "postmaster" || local == "mdaemon" || strings.HasPrefix(local, "microsoftexchange"):
			return true
		}
	}
	return false
}

var undelivered = regexp.MustCompile(`(?i)(undeliver|delivery (status|failure|has failed|problem)|failure notice|mail delivery|returned mail|delivery failed|unzustellbar|nicht zugestellt|zustellung|unbestellbar|kézbesíthetetlen|kézbesítés|niedostarczon|nie dostarczono|zwrot|не доставлен|недоставлен|не удалось доставить|nedostavlj|ni bilo mogoče dostaviti|non remis|onbestelbaar|no se (puede|pudo) entregar)`)

// status reads the fields of a message/delivery-status: groups parted by empty lines, one a recipient after the first.
func (r *Report) status(e *entity) {
	data, _ := decodeTransfer(e.body, e.header.first("Content-Transfer-Encoding"))
	for len(data) > 0 && len(r.Recipients) < maxRecipients {
		data = bytes.TrimLeft(data, "\r\n")
		group, next := readHeader(data, nil)
		if next == 0 {
			return
		}
		data = data[next:]
		if to, ok := recipient(group.header); ok {
			r.Recipients = append(r.Recipients, to)
		}
	}
}

func recipient(h Header) (Recipient, bool) {
	typed := func(name string) string {
		v := h.Get(name)
		if _, after, ok := strings.Cut(v, ";"); ok {
			v = after
		}
		return strings.TrimSpace(v)
	}
	address := typed("Final-Recipient")
	if original := typed("Original-Recipient"); original != "" {
		address = original // what we wrote to
	}
	if address == "" {
		return Recipient{}, false
	}
	to := Recipient{Address: cleanAddress(strings.Trim(address, "<>"), ""), Diagnostic: typed("Diagnostic-Code")}
	to.Action, _, _ = strings.Cut(strings.ToLower(h.Get("Action")), " ")
	to.Status = statusCode.FindString(h.Get("Status"))
	to.settle()
	return to, true
}

// settle fills in what the report leaves open.
func (to *Recipient) settle() {
	if to.Status == "" || strings.HasSuffix(to.Status, ".0.0") {
		if code := statusCode.FindString(to.Diagnostic); code != "" {
			to.Status = code
		}
	}
	if to.Action == "" {
		to.Action = "failed"
	}
	permanent := strings.HasPrefix(to.Status, "5") || to.Status == "" && permanentReply.MatchString(to.Diagnostic)
	to.Permanent = permanent && to.Action == "failed"
}

var (
	statusCode     = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	permanentReply = regexp.MustCompile(`\b55[0-9]\b`)
	named          = regexp.MustCompile(`(?m)^[ \t>]*<?([^\s<>:;,"]{1,64}@[^\s<>:;,"]{1,255}?)>?:?(?:[ \t]|$)`)
)

// fromWords takes the recipients from what is written for people, where no field tells.
func (r *Report) fromWords(failed []Address, m *Message) {
	if len(r.Recipients) > 0 {
		return
	}
	told, _, _ := strings.Cut(m.Text, "\n---")
	told = bounded(told, 16<<10)
	if len(failed) == 0 {
		for _, found := range named.FindAllStringSubmatch(told, 20) {
			failed = append(failed, Address{Address: cleanAddress(found[1], "")})
		}
	}
	seen := map[string]bool{}
	for _, a := range failed[:min(len(failed), maxRecipients)] {
		if seen[a.Address] {
			continue
		}
		seen[a.Address] = true
		to := Recipient{Address: a.Address, Status: statusCode.FindString(told), Diagnostic: diagnostic(told)}
		to.settle()
		r.Recipients = append(r.Recipients, to)
	}
}

var answer = regexp.MustCompile(`(?m)^.*\b[45]\d\d[ -].*$`)

func diagnostic(told string) string { return line(answer.FindString(told)) }

// original takes the Message-ID of the message that came back, from what the report holds of it.
func (r *Report) original(m *Message, root *entity) {
	e := find(root, "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
	var data []byte
	if e != nil && e.within != nil {
		data, _ = decodeTransfer(e.body, e.header.first("Content-Transfer-Encoding"))
	} else if at := strings.Index(strings.ToLower(m.Text), "\nmessage-id:"); at >= 0 { // in the text itself
		data = []byte(m.Text[at+1:])
		if before := strings.LastIndex(m.Text[:at], "\n\n"); before >= 0 {
			data = []byte(m.Text[before+2:])
		}
	}
	data = data[:min(len(data), maxHeaderSize)]
	h, _ := readHeader(data[skipBefore(data):], nil)
	if found := ids(h.header.raw("Message-ID")); len(found) > 0 {
		r.Original = found[0]
	}
	r.Subject = h.header.Get("Subject")
	for _, answered := range [][]string{m.InReplyTo, m.References, ids(m.Header.raw("X-Original-Message-ID")), ids(m.Header.raw("X-MS-Exchange-Message-Id"))} {
		if r.Original == "" && len(answered) > 0 {
			r.Original = answered[len(answered)-1]
		}
	}
}

package web

import (
	"bytes"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"docket/capture"
	"docket/capture/mail"
	"docket/repository"
	"docket/repository/fault"
)

// The ways to look at a document that is a message.
const (
	mailMode   = "mail" // as somebody reads it
	pagesMode  = "pages"
	textMode   = "text"
	sourceMode = "source" // as it came, header and all
)

// A mailView is a message as somebody reads it. It is zero for a document that is none.
type mailView struct {
	Mode    string // one of the modes above; empty when the document is no message
	Modes   []choice
	Message *mail.Message // nil when it is not shown in a mode that needs it
	At      time.Time     // when it came in; zero when that is not known
	Check   senderCheck
	Ours    *outgoingRow // what became of a message that we sent; nil for others
	Text    string       // what is shown of a message that is text
	Frame   string       // address of the frame of a message that is HTML; empty for text
	Height  string       // of the frame: "short", "medium" or "tall", so that nothing moves when it arrives
	Folded  bool         // what it quotes is left out
	Quotes  string       // address that shows or folds what it quotes; empty when it quotes nothing
	Remote  int          // pictures on other servers that are not shown
	Shown   bool         // they are
	Images  string       // address that shows them
	Cards   []insider
	Source  string // the first bytes of the message as it came
	Cut     bool   // there are more
}

// Is says whether the document is a message.
func (m mailView) Is() bool { return m.Mode != "" }

// sourceShown is how much of a message's source is shown, in bytes.
const sourceShown = 200_000

// outlookType is the media type of a message that Outlook saved.
const outlookType = "application/vnd.ms-outlook"

// isMail says whether a version is a message.
func isMail(v repository.Version) bool {
	kind, _, _ := strings.Cut(v.MediaType, ";")
	return kind == "message/rfc822" || kind == outlookType
}

// addMail reads a document that is a message for the way of looking at it that the address names. Addresses that cite a place on a
// page show the pages.
func (s *Server) addMail(v *visit, page *documentPage) error {
	if !isMail(page.Version) {
		return nil
	}
	m := &page.Mail
	m.Mode = mailMode
	if asked := v.query("view"); slices.Contains([]string{pagesMode, textMode, sourceMode}, asked) {
		m.Mode = asked
	} else if v.query("page") != "" || v.query("q") != "" || v.query("annotation") != "" {
		m.Mode = pagesMode
	}
	page.AsText = m.Mode == textMode
	for _, way := range []struct{ mode, title string }{{mailMode, v.T("mail.mode")}, {pagesMode, v.T("document.sheets")}, {textMode, v.T("document.text")}, {sourceMode, v.T("mail.source")}} {
		m.Modes = append(m.Modes, choice{way.title, page.mailPath("view", way.mode), way.mode == m.Mode})
	}
	var err error
	if page.deliveries, err = capture.Deliveries(v.ctx(), v.pool(), page.Document.ID); err != nil {
		return err
	}
	switch {
	case m.Mode == mailMode && page.Screened.Held == "":
		return s.readMail(v, page)
	case m.Mode == sourceMode && page.Screened.Given == "":
		return s.readSource(v, page)
	}
	return nil
}

// mailPath is the address of this version with something asked for.
func (p documentPage) mailPath(pairs ...string) string {
	ask := url.Values{}
	if !p.Newest() {
		ask.Set("version", itoa(p.Version.Number))
	}
	for i := 0; i < len(pairs); i += 2 {
		ask.Set(pairs[i], pairs[i+1])
	}
	if ask.Get("view") == mailMode {
		ask.Del("view")
	}
	if len(ask) == 0 {
		return "/documents/" + p.Document.ID.String()
	}
	return "/documents/" + p.Document.ID.String() + "?" + ask.Encode()
}

// rawMessage gives the bytes of the message that a version holds, as RFC 5322 has them.
func (s *Server) rawMessage(v *visit, version repository.Version) (io.ReadCloser, error) {
	if !isMail(version) {
		return nil, fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	r, err := s.config.Store.Open(v.ctx(), version)
	if kind, _, _ := strings.Cut(version.MediaType, ";"); err != nil || kind != outlookType {
		return r, err
	}
	defer r.Close()
	saved, err := io.ReadAll(io.LimitReader(r, mail.MaxSize))
	if err != nil {
		return nil, err
	}
	message, err := mail.FromOutlook(bytes.NewReader(saved), int64(len(saved)))
	return io.NopCloser(bytes.NewReader(message)), err
}

// readMessage reads the message that a version holds.
func (s *Server) readMessage(v *visit, version repository.Version) (*mail.Message, error) {
	r, err := s.rawMessage(v, version)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return mail.Parse(r)
}

// readMail fills in what the reader's view shows.
func (s *Server) readMail(v *visit, page *documentPage) (err error) {
	m := &page.Mail
	if m.Message, err = s.readMessage(v, page.Version); err != nil {
		return err
	}
	if came, ok := capture.CameAs(page.Pieces); ok {
		m.At = came.ReceivedAt
	}
	m.Check = v.senderCheck(m.Message, page.deliveries)
	if m.Ours, err = s.sentHere(v, page); err != nil {
		return err
	}
	if m.Cards, err = s.readCards(v, page.Inside); err != nil {
		return err
	}
	asked := askedOfMail(v)
	newest, whole := newestOf(m.Message)
	if newest != whole {
		m.Folded, m.Quotes = !asked.quotes, page.mailPath(mailAsk{!asked.quotes, asked.remote}.pairs()...)
	}
	if m.Message.HTML == "" {
		m.Text = whole
		if m.Folded {
			m.Text = newest
		}
		return nil
	}
	body := safeHTML(m.Message, asked)
	m.Remote, m.Shown, m.Height = body.remote, asked.remote, body.height()
	m.Images = page.mailPath(mailAsk{asked.quotes, true}.pairs()...)
	m.Frame = framePath(page.Viewer.Base, asked)
	return nil
}

// sentHere finds what became of a message that we sent; nil for one that came.
func (s *Server) sentHere(v *visit, page *documentPage) (*outgoingRow, error) {
	if len(page.Pieces) > 0 {
		return nil, nil
	}
	m, err := s.config.Outbox.Find(v.ctx(), v.pool(), v.reader(), page.Document.ID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &outgoingRow{m, v.actorName(m.By)}, err
}

// readSource fills in the message as it came.
func (s *Server) readSource(v *visit, page *documentPage) error {
	r, err := s.rawMessage(v, page.Version)
	if err != nil {
		return err
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, sourceShown+1))
	if err != nil {
		return err
	}
	page.Mail.Cut = len(raw) > sourceShown
	page.Mail.Source = visible(raw[:min(len(raw), sourceShown)])
	return nil
}

// visible is what strangers' bytes look like as text: what is no text is shown as a replacement character.
func visible(raw []byte) string {
	text := strings.ToValidUTF8(string(raw), "\ufffd")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return -1
		case r < ' ' && r != '\n' && r != '\t', r == 0x7f:
			return '\ufffd'
		}
		return r
	}, text)
}

// newestOf gives what is new in a message, and all that it says.
func newestOf(m *mail.Message) (newest, whole string) {
	if m.HTML != "" {
		return mail.ReplyHTML(m.HTML), m.HTML
	}
	return mail.Reply(m.Text), strings.TrimSpace(m.Text)
}

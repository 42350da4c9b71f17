package web

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"docket/capture"
	"docket/repository/fault"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// tryTime is how long a mail server has to answer when a mailbox is tried.
const tryTime = 10 * time.Second

// A mailboxPage is one mailbox as a form. Secrets are never shown: an empty field leaves the one that is kept.
type mailboxPage struct {
	Frame
	Channel    channelRow
	Box        boxRow
	New        bool
	Securities []option
	Logins     []option
	Tried      triedMailbox
	Problem    string
}

// A triedMailbox is what came of trying.
type triedMailbox struct {
	Tried   bool
	Problem string // a sentence; empty when it went well
	Found   int    // messages that wait there
}

// Action is the address that the form is sent to.
func (p mailboxPage) Action() string {
	if p.New {
		return p.Channel.Path() + "/mailboxes/new"
	}
	return p.Box.Path()
}

// mailboxOf is the mailbox that the address names, as a page; a new one for "new".
func (s *Server) mailboxOf(v *visit) (page mailboxPage, err error) {
	missing := fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	if page.Channel, err = s.channelOf(v); err != nil {
		return page, err
	}
	if page.Channel.ID == uuid.Nil || s.config.Fetcher == nil {
		return page, missing
	}
	if page.New = v.param("mailbox") == "new"; page.New {
		page.Box.Mailbox = capture.Mailbox{ID: uuid.Must(uuid.NewV7()), Channel: page.Channel.ID, Port: 993, Security: capture.MailTLS, Login: capture.LoginPassword, Folder: "INBOX"}
		return page, nil
	}
	for _, b := range page.Channel.Boxes {
		if b.ID.String() == v.param("mailbox") {
			page.Box = b
			return page, nil
		}
	}
	return page, missing
}

// showMailbox answers GET /admin/channels/:channel/mailboxes/:mailbox, where "new" is one to be made.
func (s *Server) showMailbox(v *visit) error {
	page, err := s.mailboxOf(v)
	if err != nil {
		return err
	}
	return s.sendMailbox(v, http.StatusOK, page)
}

func (s *Server) sendMailbox(v *visit, status int, page mailboxPage) error {
	for _, o := range []struct{ value, title string }{{capture.MailTLS, v.T("mailbox.tls")}, {capture.MailStartTLS, v.T("mailbox.starttls")}, {capture.MailPlain, v.T("mailbox.plain")}} {
		page.Securities = append(page.Securities, option{o.value, o.title, page.Box.Security == o.value})
	}
	for _, o := range []struct{ value, title string }{{capture.LoginPassword, v.T("mailbox.password")}, {capture.LoginXOAUTH2, v.T("mailbox.xoauth2")}} {
		page.Logins = append(page.Logins, option{o.value, o.title, page.Box.Login == o.value})
	}
	title := page.Box.Username
	if page.New {
		title = v.T("mailbox.new")
	}
	page.Frame = v.frame(title, Crumb{v.T("channels.title"), "/admin/channels"}, Crumb{page.Channel.Address, page.Channel.Path()})
	return v.show(status, "mailbox.html", page)
}

// saveMailbox answers POST /admin/channels/:channel/mailboxes/:mailbox: do=test tries what is typed and keeps nothing, do=pause and
// do=resume change only whether it is fetched.
func (s *Server) saveMailbox(v *visit) error {
	page, err := s.mailboxOf(v)
	if err != nil {
		return err
	}
	m := &page.Box.Mailbox
	done := v.T("mailbox.saved")
	switch v.form("do") {
	case "pause":
		m.PausedAt, done = v.now, v.T("mailbox.paused_now")
	case "resume":
		m.PausedAt, done = time.Time{}, v.T("mailbox.resumed")
	case "test":
		s.typedMailbox(v, m)
		return s.tryMailbox(v, page)
	default:
		s.typedMailbox(v, m)
	}
	if !page.New {
		m.Version = atoi(v.form("version"))
	}
	err = v.inTx(func(tx pgx.Tx) error {
		_, err := s.config.Intake.SaveMailbox(v.ctx(), tx, v.actor(), *m)
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page.Problem = v.Sentence(err)
		return s.sendMailbox(v, Status(err), page)
	}
	if err != nil {
		return err
	}
	v.flash("success", done)
	return v.redirect(page.Channel.Path())
}

// typedMailbox puts what was typed into a mailbox.
func (s *Server) typedMailbox(v *visit, m *capture.Mailbox) {
	m.Host, m.Username = limited(v.form("host"), 300), limited(v.form("username"), 300)
	m.Folder, m.DoneFolder = limited(v.form("folder"), 300), limited(v.form("done_folder"), 300)
	m.Port, m.Security, m.Login = atoi(v.form("port")), v.form("security"), cmp.Or(v.form("login"), capture.LoginPassword)
	m.TokenURL, m.ClientID = limited(v.form("token_url"), 2000), limited(v.form("client_id"), 500)
	m.Seal(s.config.Fetcher.Ring, v.form("secret"), v.form("client_key"))
}

// tryMailbox signs in to a mailbox as it would be fetched, and says what came of it.
func (s *Server) tryMailbox(v *visit, page mailboxPage) error {
	ctx, cancel := context.WithTimeout(v.ctx(), tryTime)
	defer cancel()
	page.Tried.Tried = true
	found, err := s.config.Fetcher.Try(ctx, &page.Box.Mailbox)
	switch {
	case ctx.Err() == context.DeadlineExceeded:
		page.Tried.Problem = v.T("mailbox.no_answer", page.Box.Host, int(tryTime/time.Second))
	case err != nil:
		page.Tried.Problem = v.sentence(err)
	}
	page.Tried.Found = found
	if v.partial() {
		return v.showPart("mailbox.html", "tried", page.Tried)
	}
	return s.sendMailbox(v, http.StatusOK, page)
}

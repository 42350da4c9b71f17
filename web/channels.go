package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"docket/capture"
	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A channelsPage lists the addresses that customers write to, with the mailboxes that are fetched for them.
type channelsPage struct {
	Frame
	Channels []channelRow
}

// A channelRow is a channel with its mailboxes.
type channelRow struct {
	taxonomy.Channel
	Boxes []boxRow
}

// Retired says whether mail for the channel is refused.
func (r channelRow) Retired() bool { return !r.RetiredAt.IsZero() }

// Path is the address of the channel's page.
func (r channelRow) Path() string { return channelPath(r.ID) }

// A boxRow is a mailbox as its list shows it.
type boxRow struct{ capture.Mailbox }

// Paused says whether the mailbox is not fetched for now.
func (r boxRow) Paused() bool { return !r.PausedAt.IsZero() }

// Path is the address of the mailbox's page.
func (r boxRow) Path() string { return channelPath(r.Channel) + "/mailboxes/" + r.ID.String() }

func channelPath(id uuid.UUID) string { return "/admin/channels/" + id.String() }

// showChannels answers GET /admin/channels.
func (s *Server) showChannels(v *visit) error {
	rows, err := s.channelRows(v)
	if err != nil {
		return err
	}
	page := channelsPage{Channels: rows, Frame: v.frame(v.T("channels.title"))}
	page.Lead = v.N("channels.lead", len(rows))
	return v.show(http.StatusOK, "channels.html", page)
}

// channelRows are all channels with their mailboxes, in two queries.
func (s *Server) channelRows(v *visit) ([]channelRow, error) {
	channels, err := taxonomy.LoadChannels(v.ctx(), v.pool())
	if err != nil {
		return nil, err
	}
	boxes, err := capture.Mailboxes(v.ctx(), v.pool())
	if err != nil {
		return nil, err
	}
	rows := make([]channelRow, len(channels))
	for i, c := range channels {
		rows[i].Channel = c
		for _, m := range boxes {
			if m.Channel == c.ID {
				rows[i].Boxes = append(rows[i].Boxes, boxRow{m})
			}
		}
	}
	return rows, nil
}

// A channelPage is one channel as a form, with its mailboxes.
type channelPage struct {
	Frame
	Channel   channelRow
	Aliases   string // one on each line
	Languages []option
	Problem   string
}

// New says whether there is no such channel yet.
func (p channelPage) New() bool { return p.Channel.Version == 0 }

// Action is the address that the form is sent to.
func (p channelPage) Action() string {
	if p.New() {
		return "/admin/channels/new"
	}
	return p.Channel.Path()
}

// Search is the address of all documents that came by the channel.
func (p channelPage) Search() string {
	return "/search?q=" + url.QueryEscape(`source:"`+capture.MailSource+p.Channel.Address+`"`)
}

// channelOf is the channel that the address names; one without an ID for "new".
func (s *Server) channelOf(v *visit) (channelRow, error) {
	if v.param("channel") == "new" {
		return channelRow{}, nil
	}
	rows, err := s.channelRows(v)
	for _, r := range rows {
		if r.ID.String() == v.param("channel") {
			return r, err
		}
	}
	if err == nil {
		err = fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	return channelRow{}, err
}

// showChannel answers GET /admin/channels/:channel, where "new" is one to be made.
func (s *Server) showChannel(v *visit) error {
	row, err := s.channelOf(v)
	if err != nil {
		return err
	}
	return s.sendChannel(v, http.StatusOK, channelPage{Channel: row, Aliases: strings.Join(row.Channel.Aliases, "\n")})
}

// showChannelHistory answers GET /admin/channels/:channel/history: of the channel and its mailboxes.
func (s *Server) showChannelHistory(v *visit) error {
	row, err := s.channelOf(v)
	if err != nil {
		return err
	}
	if row.ID == uuid.Nil {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	subjects := []uuid.UUID{row.ID}
	for _, box := range row.Boxes {
		subjects = append(subjects, box.ID)
	}
	return s.tellSubjects(v, subjects, row.Address, Crumb{v.T("channels.title"), "/admin/channels"}, Crumb{row.Address, row.Path()})
}

func (s *Server) sendChannel(v *visit, status int, page channelPage) error {
	page.Languages = []option{{"", v.T("channels.language_house"), page.Channel.Language == ""}}
	for _, l := range languageTitles {
		page.Languages = append(page.Languages, option{l.Code, l.Title, page.Channel.Language == l.Code})
	}
	title := page.Channel.Address
	if page.New() {
		title = v.T("channels.new")
	}
	page.Frame = v.frame(title, Crumb{v.T("channels.title"), "/admin/channels"})
	return v.show(status, "channel.html", page)
}

// saveChannel answers POST /admin/channels/:channel: do=retire and do=use change only whether mail is taken.
func (s *Server) saveChannel(v *visit) error {
	row, err := s.channelOf(v)
	if err != nil {
		return err
	}
	page := channelPage{Channel: row, Aliases: limited(v.form("aliases"), 4000)}
	c := &page.Channel.Channel
	done := ""
	switch v.form("do") {
	case "retire":
		c.RetiredAt, done = v.now, v.T("channels.retired_now", c.Address)
	case "use":
		c.RetiredAt, done = time.Time{}, v.T("channels.used_again", c.Address)
	default:
		c.Address, c.Name, c.Signature = limited(v.form("address"), 300), limited(v.form("name"), 300), limited(v.form("signature"), 5000)
		c.Aliases, c.Language = strings.Fields(strings.ReplaceAll(page.Aliases, ",", " ")), languageOf(v.form("language"))
		done = v.T("channels.saved", c.Address)
	}
	if c.ID != uuid.Nil {
		c.Version = atoi(v.form("version"))
	}
	saved := *c
	err = v.inTx(func(tx pgx.Tx) (err error) {
		saved, err = s.config.Plan.SaveChannel(v.ctx(), tx, v.actor(), *c)
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		page.Problem = v.Sentence(err)
		return s.sendChannel(v, Status(err), page)
	}
	if err != nil {
		return err
	}
	v.flash("success", done)
	return v.redirect(channelPath(saved.ID))
}

// languageOf is one of ours, or empty.
func languageOf(code string) string {
	for _, l := range languageTitles {
		if l.Code == code {
			return code
		}
	}
	return ""
}

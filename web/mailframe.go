package web

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"docket/repository/fault"

	"golang.org/x/net/idna"
)

// framePolicy is the Content-Security-Policy of the frame in which a message is shown: no script, nothing of anybody's, and a sandbox
// that takes the frame its origin even when it is opened by itself. Styles of the message stand on its elements; pictures stand in
// the page.
const framePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; " +
	"sandbox allow-popups allow-popups-to-escape-sandbox"

// remotePolicy is framePolicy for somebody who asked for pictures on other servers.
var remotePolicy = strings.Replace(framePolicy, "img-src data:", "img-src data: https: http:", 1)

// frameStyle is what a message looks like where it says nothing itself: a sheet of paper, whatever the theme around it.
const frameStyle = template.CSS(`:root{color-scheme:light}body{margin:0;padding:14px 16px;background:#fff;color:#1b2430;font:14px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:anywhere}` +
	`img{max-width:100%}table{max-width:100%}pre{white-space:pre-wrap}blockquote{margin:.5em 0;padding-left:.8em;border-left:2px solid #dfe3e8}a[href]{color:#1d4f91}`)

var frameTemplate = template.Must(template.New("frame").Parse(`<!doctype html><html lang="{{.Language}}"><head><meta charset="utf-8"><title>{{.Title}}</title><style>{{.Style}}</style></head><body>{{.Body}}</body></html>`))

// showMailFrame answers GET /documents/:document/versions/:version/message?quotes=&images= with the HTML of a message for the frame on
// its page.
func (s *Server) showMailFrame(v *visit) error {
	version, err := s.version(v)
	if err != nil {
		return err
	}
	m, err := s.readMessage(v, version)
	if err != nil {
		return err
	}
	if s.handed(v, version) != nil {
		m.Parts = nil // its words are clean; pictures in it may be what is not
	}
	asked := askedOfMail(v)
	h := v.gin.Writer.Header()
	h.Set("Content-Security-Policy", framePolicy)
	if asked.remote {
		h.Set("Content-Security-Policy", remotePolicy)
	}
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	v.gin.Status(http.StatusOK)
	return frameTemplate.Execute(v.gin.Writer, map[string]any{"Language": v.Code, "Title": m.Subject, "Style": frameStyle,
		"Body": template.HTML(safeHTML(m, asked).page)}) // sanitised there, and powerless here
}

// A leavePage says where a link in a message leads, before anybody goes there.
type leavePage struct {
	Frame
	Host  string // in the letters that the machine knows it by, so that none passes for another
	To    string
	Plain bool // the way there is not encrypted
}

// showLeave answers GET /leave?to=.
func (s *Server) showLeave(v *visit) error {
	to := leaving(v.query("to"))
	if to == nil {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	page := leavePage{Frame: v.frame(v.T("leave.title")), Host: to.Hostname(), To: to.String(), Plain: to.Scheme == "http"}
	if ascii, err := idna.ToASCII(page.Host); err == nil {
		page.Host = ascii
	}
	return v.show(http.StatusOK, "leave.html", page)
}

// leaving is the address on the web that a link leads to; nil for anything else.
func leaving(to string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(to))
	if err != nil || len(to) > 4000 || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	return u
}

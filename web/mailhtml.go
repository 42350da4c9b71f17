package web

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"sync"

	"docket/capture/mail"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// What strangers write as HTML is shown so: only elements and styles that lay out text are kept, links lead to a page of ours that
// says where they go, pictures of the message stand in the page itself, and those on other servers are asked for only when the
// person wants them. The frame around it runs no script and reaches nothing, see [Server.showMailFrame]; each of the two would do.

// mailStyles are the properties that a message may set: none takes it out of its frame or asks for anything.
var mailStyles = []string{"color", "background-color", "font-family", "font-size", "font-style", "font-weight", "text-align", "text-decoration",
	"text-transform", "line-height", "letter-spacing", "white-space", "vertical-align", "direction", "list-style-type",
	"border", "border-top", "border-right", "border-bottom", "border-left", "border-color", "border-style", "border-width", "border-radius", "border-collapse", "border-spacing",
	"margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "padding", "padding-top", "padding-right", "padding-bottom", "padding-left",
	"width", "min-width", "max-width", "height", "min-height", "max-height", "display"}

// mailPolicy is what is kept of a message. A message may name any size and colour; what could reach beyond the frame is no value.
var mailPolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "div", "span", "b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "small", "big", "mark", "code", "pre", "tt", "kbd",
		"samp", "blockquote", "q", "cite", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "hr", "center", "font", "address",
		"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th", "section", "article", "header", "footer", "main", "figure", "figcaption", "a", "img")
	p.AllowNoAttrs().OnElements("span", "font", "a", "img")
	p.AllowURLSchemes("http", "https", "cid", "data")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("width", "height", "align", "valign", "bgcolor", "border", "cellpadding", "cellspacing", "colspan", "rowspan", "dir", "lang", "title").Globally()
	p.AllowAttrs("color", "size", "face").OnElements("font")
	p.AllowAttrs("start", "type").OnElements("ol", "ul", "li")
	p.AllowStyles(mailStyles...).MatchingHandler(harmlessStyle).Globally()
	return p
})

// harmlessStyle says whether the value of a property asks for nothing: no url(), no expression, nothing negative that would lay it
// over something else.
func harmlessStyle(value string) bool {
	return len(value) < 200 && !strings.ContainsAny(value, "\\@<>{}") && !strings.Contains(value, "-webkit") && !strings.Contains(value, "url") &&
		!strings.Contains(value, "(") || isColour(value)
}

// isColour says whether a value is a colour that is written as a function.
func isColour(value string) bool {
	rest, rgb := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(value), "rgba"), "rgb")
	rest = strings.TrimSpace(rest)
	return (rgb || strings.HasPrefix(value, "rgba")) && strings.Trim(rest, "0123456789., %()") == ""
}

// A mailAsk is what the person asked to see of a message beside what is shown of itself.
type mailAsk struct {
	quotes bool // what it quotes
	remote bool // pictures on other servers
}

func askedOfMail(v *visit) mailAsk {
	return mailAsk{v.query("quotes") == "shown", v.query("images") == "shown"}
}

// pairs are names and values of an address that asks for it.
func (a mailAsk) pairs() (all []string) {
	if a.quotes {
		all = append(all, "quotes", "shown")
	}
	if a.remote {
		all = append(all, "images", "shown")
	}
	return all
}

// framePath is the address of the frame of the message in a version.
func framePath(base string, a mailAsk) string {
	ask := url.Values{}
	for pairs := a.pairs(); len(pairs) > 0; pairs = pairs[2:] {
		ask.Set(pairs[0], pairs[1])
	}
	if len(ask) == 0 {
		return base + "/message"
	}
	return base + "/message?" + ask.Encode()
}

// A mailBody is the HTML of a message as it is shown.
type mailBody struct {
	page     string
	remote   int // pictures on other servers
	pictures int // of the message itself
	lines    int // about how many it takes
}

// height is how much room is kept for it before it arrives.
func (b mailBody) height() string {
	switch {
	case b.lines+8*b.pictures < 8:
		return "short"
	case b.lines+8*b.pictures < 24:
		return "medium"
	}
	return "tall"
}

// maxInline bounds the pictures that stand in the page, in bytes of the message.
const maxInline = 24 << 20

// safeHTML is what is shown of a message's HTML.
func safeHTML(m *mail.Message, a mailAsk) (b mailBody) {
	page := m.HTML
	if !a.quotes {
		page = mail.ReplyHTML(page)
	}
	w := mailWriter{parts: m.Parts, remote: a.remote, left: maxInline}
	z := html.NewTokenizer(strings.NewReader(mailPolicy().Sanitize(page)))
	for z.Next() != html.ErrorToken {
		w.token(z.Token())
	}
	b = mailBody{w.out.String(), w.asked, w.pictures, 0}
	for line := range strings.SplitSeq(strings.TrimSpace(mail.Reply(m.Text)), "\n") {
		b.lines += 1 + len(line)/100
	}
	return b
}

// A mailWriter writes sanitised HTML on, with links and pictures as we show them.
type mailWriter struct {
	out      strings.Builder
	parts    []mail.Part
	remote   bool // pictures on other servers are asked for
	asked    int
	pictures int
	left     int // bytes of pictures that may still stand in the page
}

func (w *mailWriter) token(t html.Token) {
	if t.Type == html.StartTagToken || t.Type == html.SelfClosingTagToken {
		switch t.Data {
		case "a":
			w.link(&t)
		case "img":
			if !w.picture(&t) {
				return
			}
		}
	}
	w.out.WriteString(t.String())
}

// link makes a link lead to the page that says where it goes.
func (w *mailWriter) link(t *html.Token) {
	to := take(t, "href")
	if leaving(to) == nil {
		return
	}
	take(t, "title")
	t.Attr = append(t.Attr, html.Attribute{Key: "href", Val: "/leave?to=" + url.QueryEscape(to)}, html.Attribute{Key: "title", Val: clipped(to, 200)},
		html.Attribute{Key: "target", Val: "_blank"}, html.Attribute{Key: "rel", Val: "noopener noreferrer"})
}

// picture puts a picture of the message into the page, and asks for one on another server only when the person does. What is neither
// shown nor described is left out.
func (w *mailWriter) picture(t *html.Token) bool {
	src := take(t, "src")
	switch scheme, rest, _ := strings.Cut(src, ":"); strings.ToLower(scheme) {
	case "cid":
		src = w.inline(rest)
	case "http", "https":
		if w.asked++; !w.remote {
			src = ""
		}
	case "data":
		if !strings.HasPrefix(rest, "image/") || strings.HasPrefix(rest, "image/svg") {
			src = ""
		}
	default:
		src = ""
	}
	if src != "" {
		t.Attr = append(t.Attr, html.Attribute{Key: "src", Val: src})
		return true
	}
	return slices.ContainsFunc(t.Attr, func(a html.Attribute) bool { return a.Key == "alt" && a.Val != "" })
}

// pictureTypes are the pictures that browsers show and that are nothing else.
var pictureTypes = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/bmp": true}

// inline is the address of a part as one that holds it, empty when there is no such picture or too many.
func (w *mailWriter) inline(id string) string {
	if decoded, err := url.PathUnescape(id); err == nil {
		id = decoded
	}
	for _, p := range w.parts {
		if p.ContentID == id && id != "" && pictureTypes[p.MediaType] && len(p.Body) <= w.left {
			w.left -= len(p.Body)
			w.pictures++
			return "data:" + p.MediaType + ";base64," + base64.StdEncoding.EncodeToString(p.Body)
		}
	}
	return ""
}

// take removes an attribute and gives its value.
func take(t *html.Token, name string) (value string) {
	kept := t.Attr[:0]
	for _, a := range t.Attr {
		if a.Key == name {
			value = a.Val
		} else {
			kept = append(kept, a)
		}
	}
	t.Attr = kept
	return value
}

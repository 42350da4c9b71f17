package mail

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// quoteMarks are the classes and ids by which mailers mark what they quote.
var quoteMarks = regexp.MustCompile(`(?i)(gmail_quote|gmail_attr|yahoo_quoted|yahooquoted|moz-cite-prefix|divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|protonmail_quote|zmail_extra|tutanota_quote|AOLMsgPart|WordSection1_quote|x_gmail_quote|mail-quote-collapse|quotedText|cite-prefix|stopSpelling|isForwardContent|isReplyContent|ms-outlook-mobile-reference-message|mail-editor-reference-message-container|reference-message-container|hmmessage_quote|bloop_original_html|lia-quote|cremed|outlookmessageheader|SkyDrivePlaceholder)`)

// separators are styles of the line that mailers draw above what they quote.
var separators = regexp.MustCompile(`(?i)border:\s*none;\s*border-top:\s*solid\s+#?(b5c4df|e1e1e1|[a-z0-9]+)\s+1\.0pt|border-top:\s*1px solid #(bcbcbc|b5c4df|e1e1e1)|border-width:\s*1pt medium medium;\s*border-style:\s*solid none none`)

// ReplyHTML is the newest text of an HTML message, likewise for showing only: what is before the first element that a mailer
// marks as quoted, the line that announces a quote with it. It is no more sanitised than what is given, and may leave elements
// open. Where nothing is marked, or nothing would be left, it is all of it.
func ReplyHTML(page string) string {
	if len(page) > maxReply {
		return page
	}
	z := html.NewTokenizer(strings.NewReader(page))
	at := 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return page
		}
		raw := len(z.Raw())
		if kind == html.StartTagToken && startsQuote(z) {
			if strings.TrimSpace(htmlText(page[:at])) == "" {
				return page
			}
			return withoutAnnouncement(page[:at])
		}
		at += raw
	}
}

// startsQuote says whether the tag just read begins what is quoted.
func startsQuote(z *html.Tokenizer) bool {
	name, more := z.TagName()
	if string(name) == "blockquote" {
		return true
	}
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "class", "id", "name":
			if quoteMarks.Match(value) {
				return true
			}
		case "style":
			if separators.Match(value) {
				return true
			}
		}
	}
	return false
}

var lastBlock = regexp.MustCompile(`(?i)<(?:div|p|br|span|td)\b[^>]*>`)

// withoutAnnouncement takes away "On Monday Anna wrote:" at the end, with the block in which it stands.
func withoutAnnouncement(page string) string {
	lines := tidy(strings.TrimSpace(htmlText(page)))
	if len(lines) == 0 || kindOf(lines[len(lines)-1]) != wrote {
		return page
	}
	starts := lastBlock.FindAllStringIndex(page, -1)
	for i := len(starts) - 1; i >= max(0, len(starts)-12); i-- {
		before := page[:starts[i][0]]
		if rest := tidy(strings.TrimSpace(htmlText(before))); len(rest) < len(lines) && strings.Join(rest, "") != "" {
			return before
		}
	}
	return page
}

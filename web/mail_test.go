package web

import (
	"encoding/base64"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"docket/capture"
	"docket/capture/mail/verify"

	"github.com/jackc/pgx/v5"
)

// dot is a picture of one red pixel.
const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="

// hostileMail is an answer in HTML with a picture of its own, what it quotes, and all that strangers try.
func hostileMail() string {
	return strings.ReplaceAll(`Message-ID: <r1@bank.example>
From: "Anna <b>Kiss</b>" <anna@bank.example>
To: Service <service@docket.example>
Cc: Bert <bert@mail.example>
Subject: Re: Water damage <script>alert(1)</script>
Date: Mon, 02 Mar 2026 09:15:00 +0100
MIME-Version: 1.0
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html; charset=utf-8

<html><head><style>body{background:url(https://evil.example/css)}</style><base href="https://evil.example/"></head>
<body onload="alert(1)" style="background-image:url(https://evil.example/bg)"><p style="color:#123456;position:fixed;margin-top:3px">Here is the <b>photo</b> of the kitchen.</p>
<img src="cid:photo@bank.example" alt="The kitchen" onerror="alert(2)"><img src="https://evil.example/pixel?id=7" width="1" alt=""><img src="/documents">
<a href="https://bank.example/claim?a=1&amp;b=2">the form</a> <a href="javascript:alert(3)">click</a> <a href="/sign-out">out</a>
<script>alert(4)</script><form action="https://evil.example/"><input name="password"></form><iframe src="https://evil.example/"></iframe><svg><script>alert(5)</script></svg>
<div class="gmail_quote">On Sunday Service wrote:<blockquote>Please send us a photo.</blockquote></div></body></html>
--b
Content-Type: image/png; name=kitchen.png
Content-ID: <photo@bank.example>
Content-Disposition: inline; filename=kitchen.png
Content-Transfer-Encoding: base64

`+dot+`
--b--
`, "\n", "\r\n")
}

// receiveMail hands a message in as a mail server does, with what was found out about its sender.
func (h *house) receiveMail(t *testing.T, raw string, verdict *verify.Verdict) capture.Piece {
	t.Helper()
	subject := "message.eml"
	p, err := h.config.Intake.Receive(t.Context(), capture.Item{Name: subject, Source: capture.MailSource + "service@docket.example", By: "system:mail",
		Mail: &capture.Delivery{Protocol: "smtp", MailFrom: "anna@bank.example", Recipients: []string{"service@docket.example"}, IP: netip.MustParseAddr("192.0.2.7")}, Content: strings.NewReader(raw)})
	if err != nil {
		t.Fatal(err)
	}
	if verdict != nil {
		h.exec(t, "update capture.delivery set verdict = $2 where receipt = $1", p.Receipt, verdict)
	}
	return p
}

// unproved is what is found out about a sender whose signature does not fit.
var unproved = &verify.Verdict{From: "bank.example", SPF: verify.SPF{Result: verify.SoftFail, Domain: "bank.example"}, DKIM: []verify.Signature{{Result: verify.Fail, Domain: "bank.example", Detail: "body hash did not verify"}},
	DMARC: verify.Fail, Policy: "reject", ARC: verify.Chain{Result: verify.None}, Reason: "Nothing proves that the message comes from bank.example."}

// A message is read as its sender laid it out, and nothing of what strangers try is left of it.
func TestAMessageIsRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.receiveMail(t, hostileMail(), unproved)
	h.receiveInside(t, p, "kitchen.png", "picture")
	ada := h.as(t, "ada")
	address := "/documents/" + p.Document.String()
	frame := address + "/versions/1/message"
	page := ada.get(address).body
	for _, want := range []string{"&lt;anna@bank.example&gt;", "Re: Water damage &lt;script&gt;", "service@docket.example", "bert@mail.example", "Sender not proved", "Disclose nothing", "body hash did not verify",
		`src="` + frame + `"`, `sandbox="allow-popups`, "1 picture on another server is not shown", "Show what it quotes", "kitchen.png"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	r := ada.get(frame)
	for _, want := range []string{"<b>photo</b>", "color: #123456", "data:image/png;base64," + dot, "/leave?to=https%3A%2F%2Fbank.example%2Fclaim%3Fa%3D1%26b%3D2", `rel="noopener noreferrer"`} {
		if !strings.Contains(r.body, want) {
			t.Errorf("the frame lacks %q: %s", want, r.body)
		}
	}
	for _, bad := range []string{"evil.example", "script", "alert", "onerror", "onload", "position", "<form", "<iframe", "<svg", "javascript", "sign-out", "<base", "Please send us"} {
		if _, body, _ := strings.Cut(r.body, "<body>"); strings.Contains(body, bad) {
			t.Errorf("the frame has %q: %s", bad, body)
		}
	}
	policy := r.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox") || strings.Contains(policy, "script") || strings.Contains(policy, "http") {
		t.Errorf("the policy of the frame is %s", policy)
	}
	r = ada.get(frame + "?images=shown&quotes=shown")
	if !strings.Contains(r.body, `src="https://evil.example/pixel?id=7"`) || !strings.Contains(r.body, "Please send us") || strings.Contains(r.body, "evil.example/bg") {
		t.Errorf("what was asked for is not shown, or more: %s", r.body)
	}
	if policy := r.header.Get("Content-Security-Policy"); !strings.Contains(policy, "img-src data: https: http:;") || r.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("with pictures: %s", policy)
	}
	if page := ada.get(address + "?images=shown").body; !strings.Contains(page, frame+"?images=shown") || !strings.Contains(page, "quotes=shown") {
		t.Error("the page does not ask for the pictures, or forgets it with the quotes")
	}
}

// The source is the message as it came, as text; the other modes show pages and text, and only who may see the document sees any.
func TestTheModesOfAMessage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.receiveMail(t, hostileMail()+strings.Repeat("x", sourceShown), nil)
	h.read(t, p, letters[0], 0.55)
	ada := h.as(t, "ada")
	address := "/documents/" + p.Document.String()
	source := ada.get(address + "?view=source").body
	if !strings.Contains(source, "Message-ID: &lt;r1@bank.example&gt;") || !strings.Contains(source, "only the beginning") || strings.Contains(source, "<script>alert(4)") || len(source) > 2*sourceShown {
		t.Errorf("the source: %d bytes", len(source))
	}
	for mode, want := range map[string]string{"?view=pages": "data-viewer", "?page=2": "data-viewer", "?view=text": "text-view", "": "Sender not checked"} {
		if page := ada.get(address + mode).body; !strings.Contains(page, want) || strings.Count(page, `aria-current="true"`) < 1 {
			t.Errorf("%q lacks %q", mode, want)
		}
	}
	for _, path := range []string{address, address + "/versions/1/message"} {
		if r := h.as(t, "ben").get(path); r.status != http.StatusNotFound {
			t.Errorf("an agent sees %s, which is not filed: %d", path, r.status)
		}
	}
	letter := h.receive(t, "a.pdf", "scanner", "a")
	if r := ada.get("/documents/" + letter.Document.String() + "/versions/1/message"); r.status != http.StatusNotFound {
		t.Errorf("a letter as a message: %d", r.status)
	}
}

// A message that is text is shown as text, its newest part first.
func TestAMessageOfText(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.receiveMail(t, "From: anna@bank.example\r\nTo: service@docket.example\r\nSubject: Photos\r\nMessage-ID: <a@b>\r\n\r\nHere they <b>are</b>.\r\n\r\nOn Sunday, Service wrote:\r\n> Please send photos.\r\n", nil)
	ada, address := h.as(t, "ada"), "/documents/"+p.Document.String()
	if page := ada.get(address).body; !strings.Contains(page, "Here they &lt;b&gt;are&lt;/b&gt;.") || strings.Contains(page, "Please send photos") || strings.Contains(page, "<iframe") {
		t.Error("the newest text is not what is shown")
	}
	if page := ada.get(address + "?quotes=shown").body; !strings.Contains(page, "Please send photos") || !strings.Contains(page, "Fold what it quotes") {
		t.Error("the quotes cannot be shown")
	}
}

// A message that quotes nothing offers nothing to unfold, and one that begins with its signature is a message all the same.
func TestASignedMessageOfText(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.receiveMail(t, "DKIM-Signature: v=1; a=rsa-sha256; d=bank.example; s=s1; b=abc\r\nFrom: anna@bank.example\r\nTo: service@docket.example\r\nSubject: Photos\r\n\r\nHere they are.\r\n\r\n", nil)
	page := h.as(t, "ada").get("/documents/" + p.Document.String()).body
	if !strings.Contains(page, "mail-text") || !strings.Contains(page, "Here they are.") || strings.Contains(page, "Show what it quotes") {
		t.Errorf("a signed message is not shown as one\n%s", page)
	}
}

// Of a message of ours the page says what became of it, and not whether its sender is proved.
func TestAMessageThatWeSent(t *testing.T) {
	t.Parallel()
	h, ticket := written(t)
	h.as(t, "ben").post("/tickets/"+ticket.Number+"/reply", "to", "anna@bank.example", "body", "It comes on Friday.")
	m := h.outgoing(t)
	h.inTx(t, func(tx pgx.Tx) error {
		raw := "DKIM-Signature: v=1\r\nX-Docket-Loop: 1\r\nFrom: service@docket.example\r\nTo: anna@bank.example\r\nSubject: Re\r\n\r\nIt comes on Friday.\r\n"
		c, err := h.config.Store.PutContent(t.Context(), m.ID, 1, "Re.eml", strings.NewReader(raw), 0)
		if err == nil {
			_, err = h.config.Store.Add(t.Context(), tx, "user:ben", m.ID, c)
		}
		return err
	})
	h.exec(t, "update workflow.outgoing set state = 'bounced', trouble = 'The mail server refused the message.', answer = '550 5.1.1 <b>no such user</b>'")
	page := h.as(t, "ada").get("/documents/" + m.ID.String()).body
	for _, want := range []string{"Came back", "The mail server refused the message.", "550 5.1.1 &lt;b&gt;no such user", "It comes on Friday."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "sender-check") || strings.Contains(page, "A program wrote this") {
		t.Error("the page doubts who sent it")
	}
}

// A link in a message leads to a page that says where it goes, by the name that machines know.
func TestLeaving(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ada := h.as(t, "ada")
	for to, want := range map[string]string{
		"https%3A%2F%2Fbank.example%40evil.example%2F%3Ca%3E": `<bdi>evil.example</bdi>`,
		"http%3A%2F%2Fb%C3%BCcher.example%2F":                 `<bdi>xn--bcher-kva.example</bdi>`,
	} {
		if r := ada.get("/leave?to=" + to); r.status != 200 || !strings.Contains(r.body, want) || !strings.Contains(r.body, `rel="noopener noreferrer"`) {
			t.Errorf("%s lacks %s: %d", to, want, r.status)
		}
	}
	for _, to := range []string{"javascript%3Aalert(1)", "data%3Atext%2Fhtml,x", "%2Fsign-out", "", "https%3A", "%2F%2Fevil.example"} {
		if r := ada.get("/leave?to=" + to); r.status != http.StatusNotFound {
			t.Errorf("leads to %s: %d", to, r.status)
		}
	}
}

// Nothing that is written as a style reaches anything.
func TestHarmlessStyles(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"#fff": true, "rgb(1, 2, 3)": true, "rgba(1,2,3,.5)": true, "1px solid red": true, "Arial, \"Segoe UI\"": true,
		"url(https://x)": false, "u\\72l(x)": false, "expression(alert(1))": false, "var(--x)": false, "rgb(1);url(x)": false, "-webkit-image-set(x)": false, "calc(1px)": false} {
		if harmlessStyle(value) != want {
			t.Errorf("%s: %v", value, !want)
		}
	}
	if raw, err := base64.StdEncoding.DecodeString(dot); err != nil || len(raw) == 0 {
		t.Error("the picture of these tests is none")
	}
}

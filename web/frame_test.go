package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := h.as(t, "ada")
	for _, path := range []string{"/", "/sign-in", "/nowhere", "/healthz"} {
		r := b.get(path)
		csp := r.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "script-src 'self'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if r.header.Get("X-Content-Type-Options") != "nosniff" || r.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: headers %v", path, r.header)
		}
	}
}

func TestErrorPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r := h.as(t, "ada").get("/nowhere")
	if r.status != http.StatusNotFound || !strings.Contains(r.body, r.header.Get("X-Request-Id")) {
		t.Errorf("unknown address: %d, want a page with its reference", r.status)
	}
	for what, c := range map[string]struct {
		r          answer
		status     int
		want, lack string
	}{
		"what does not exist is searched for": {r, 404, `action="/search"`, "Try again"},
		"a stranger is asked to sign in":      {h.browser(t).get("/nowhere"), 404, `href="/sign-in?next=%2fnowhere"`, `class="side"`},
		"another role's page":                 {h.as(t, "mia").get("/admin/users"), 403, "Your role does not include this page.", "Try again"},
		"another role's form leads back":      {h.as(t, "mia").post("/admin/users"), 403, "Your role does not include this page.", "Try again"},
	} {
		if c.r.status != c.status || !strings.Contains(c.r.body, c.want) || strings.Contains(c.r.body, c.lack) {
			t.Errorf("%s: %d, has %q: %v, has %q: %v", what, c.r.status, c.want, strings.Contains(c.r.body, c.want), c.lack, strings.Contains(c.r.body, c.lack))
		}
	}
	if ready := h.browser(t).get("/readyz"); ready.status != http.StatusOK {
		t.Errorf("/readyz: %d", ready.status)
	}
	if m := h.browser(t).get("/metrics"); !strings.Contains(m.body, `docket_http_request_duration_seconds_count{method="GET",route="none",status="404"} 2`) {
		t.Errorf("/metrics does not count the unknown address:\n%s", m.body)
	}
}

func TestNavigationFollowsRoles(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, want := range map[string][3]bool{"mia": {true, false, false}, "ben": {false, true, false}, "ada": {true, true, true}} {
		body := h.as(t, name).get("/").body
		for i, path := range []string{`href="/mailroom"`, `href="/tickets"`, `href="/admin/users"`} {
			if got := strings.Contains(body, path); got != want[i] {
				t.Errorf("%s sees %s: %v, want %v", name, path, got, want[i])
			}
		}
	}
}

// HEAD is answered as GET is, without the body.
func TestHeadIsAnsweredLikeGet(t *testing.T) {
	t.Parallel()
	h, _ := raised(t)
	ada := h.as(t, "ada")
	document := "/documents/" + h.filed.Document.String()
	for _, path := range []string{"/", "/healthz", "/search?q=late", "/mailroom", "/tickets", document, document + "/versions/1/original",
		document + "/versions/1/pages/1/image", "/admin/users", "/nowhere"} {
		get := ada.get(path)
		r, err := http.NewRequest("HEAD", h.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		head := ada.do(r)
		if head.status != get.status || head.body != "" || head.header.Get("Content-Type") != get.header.Get("Content-Type") {
			t.Errorf("%s: HEAD %d %s, GET %d %s", path, head.status, head.header.Get("Content-Type"), get.status, get.header.Get("Content-Type"))
		}
	}
	r, _ := http.NewRequest("HEAD", h.url+document, nil)
	if stranger := h.browser(t).do(r); stranger.status != http.StatusSeeOther || !strings.Contains(stranger.header.Get("Location"), "next=%2Fdocuments") {
		t.Errorf("a stranger: %d to %q", stranger.status, stranger.header.Get("Location"))
	}
}

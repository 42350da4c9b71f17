package main

import (
	"context"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"docket/web"
	"docket/workflow"

	"github.com/chromedp/chromedp"
	"github.com/jackc/pgx/v5"
)

// A desktop is a browser in front of a running house, at which somebody is signed in.
type desktop struct {
	t    *testing.T
	base string
	ctx  context.Context
}

// sitDown makes a user and signs them in with a real browser. Without chromium the test is skipped.
func (a *app) sitDown(t *testing.T, name string, role workflow.Role) *desktop {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed; 'make install-test' installs it")
	}
	a.inTx(t, func(tx pgx.Tx) error {
		_, err := a.people.Add(t.Context(), tx, console, workflow.User{Name: name, Roles: []workflow.Role{role}, Language: "en"}, "correct horse")
		return err
	})
	site, err := web.New(a.site())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site.Handler())
	t.Cleanup(server.Close)
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), chromedp.Headless, chromedp.ExecPath("chromium"), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1440, 900), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("lang", "en-GB"), chromedp.WSURLReadTimeout(time.Minute))
	ctx, cancel := chromedp.NewContext(allocator)
	d := &desktop{t: t, base: server.URL}
	var timeout context.CancelFunc
	d.ctx, timeout = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(func() { timeout(); cancel(); stop() })
	d.open("/sign-in")
	d.do(chromedp.SendKeys(chromedp.CSS("#name"), name), chromedp.SendKeys(chromedp.CSS("#password"), "correct horse\r"), chromedp.WaitReady(chromedp.CSS(".side")))
	return d
}

func (d *desktop) do(actions ...chromedp.Action[chromedp.Void]) {
	d.t.Helper()
	if err := chromedp.Do(d.ctx, actions...); err != nil {
		d.t.Fatal(err)
	}
}

// open opens a page and waits for its scripts.
func (d *desktop) open(path string) {
	d.t.Helper()
	d.do(chromedp.Navigate(d.base + path))
	d.until(`document.readyState === "complete" && "scripted" in document.documentElement.dataset`)
}

// until waits for a script to give true, over changes of the page.
func (d *desktop) until(script string) {
	d.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if done, err := chromedp.Run(d.ctx, chromedp.Evaluate[bool]("!!("+script+")")); err == nil && done {
			return
		}
	}
	said, _ := chromedp.Run(d.ctx, chromedp.Evaluate[string](`document.body.innerText.slice(0, 2000)`))
	d.t.Fatalf("waited in vain for %s; the page says: %s", script, said)
}

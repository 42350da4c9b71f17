// Package chrometest shows tests a running Docket in a real browser, as a person sees it.
//
// # Words
//
//   - Chrome: a browser. One serves all tests of a process, since starting one takes seconds of the processor.
//   - Tab: a window of it with a profile of its own, at one server. Tabs know nothing of each other.
package chrometest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A Chrome starts with its first tab and ends with Close, or with the process at the latest. The zero Chrome is ready. It is safe for
// use by several tests at once.
type Chrome struct {
	once sync.Once
	ctx  context.Context
	err  error
	stop func()
}

func (c *Chrome) start() (context.Context, error) {
	c.once.Do(func() {
		allocator, stop := chromedp.NewExecAllocator(context.Background(),
			chromedp.Headless, chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("disable-quic", true),
			chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
			chromedp.Flag("disable-renderer-backgrounding", true), chromedp.Flag("disable-backgrounding-occluded-windows", true),
			chromedp.Flag("lang", "en-GB"), chromedp.WSURLReadTimeout(60*time.Second))
		ctx, cancel := chromedp.NewContext(allocator)
		c.ctx, c.stop = ctx, func() { cancel(); stop() }
		c.err = chromedp.Do(ctx)
	})
	return c.ctx, c.err
}

// Close ends the browser, if there is one, and removes its profile.
func (c *Chrome) Close() {
	if c.stop != nil {
		c.stop()
	}
}

// A Tab is a window of a browser. Whatever goes wrong in it ends its test.
type Tab struct {
	T    *testing.T
	Base string          // URL of the server, without a path
	Ctx  context.Context // of the window, for what chromedp does
}

// Tab opens a window at the server whose URL is base; listen is told of the browser's events, unless it is nil. Without chromium, and
// in short tests, the test is skipped.
func (c *Chrome) Tab(t *testing.T, base string, listen func(event any)) *Tab {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser test")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed; 'make install-test' installs it")
	}
	browser, err := c.start()
	if err != nil {
		t.Fatal(err)
	}
	options := []chromedp.ContextOption{chromedp.WithNewBrowserContext()}
	if listen != nil {
		options = append(options, chromedp.WithListener(listen))
	}
	ctx, cancel := chromedp.NewContext(browser, options...)
	ctx, timeout := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(func() { timeout(); cancel() })
	return &Tab{T: t, Base: base, Ctx: ctx}
}

// Do does what a person would.
func (b *Tab) Do(actions ...chromedp.Action[chromedp.Void]) {
	b.T.Helper()
	if err := chromedp.Do(b.Ctx, actions...); err != nil {
		b.T.Fatal(err)
	}
}

// Open opens a page and waits until it and its scripts are there.
func (b *Tab) Open(path string) {
	b.T.Helper()
	b.Do(chromedp.Navigate(b.Base + path))
	b.Until("true")
}

// SignIn signs a person in at the page for it.
func (b *Tab) SignIn(name, password string) {
	b.T.Helper()
	b.Open("/sign-in")
	b.Do(chromedp.SendKeys(chromedp.CSS("#name"), name), chromedp.SendKeys(chromedp.CSS("#password"), password+"\r"), chromedp.WaitReady(chromedp.CSS(".side")))
	b.Until("true")
}

// Until waits for a script to give true on a page that is ready, over changes of the page: from then on keys and clicks are heard.
func (b *Tab) Until(script string) {
	b.T.Helper()
	both := fmt.Sprintf(`!!(document.readyState === "complete" && "scripted" in document.documentElement.dataset && (%s))`, script)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if done, err := chromedp.Run(b.Ctx, chromedp.Evaluate[bool](both)); err == nil && done {
			return
		}
	}
	b.Picture("waiting")
	said, _ := chromedp.Run(b.Ctx, chromedp.Evaluate[string](`document.body.innerText.slice(0, 2000)`))
	b.T.Fatalf("waited in vain for %s; the page says: %s", script, said)
}

// Picture saves what the page looks like, when DOCKET_SCREENS names a folder.
func (b *Tab) Picture(name string) {
	b.T.Helper()
	folder := os.Getenv("DOCKET_SCREENS")
	if folder == "" {
		return
	}
	png, err := chromedp.Run(b.Ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.T.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644); err != nil {
		b.T.Fatal(err)
	}
}

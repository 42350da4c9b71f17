package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A browser takes pictures of a house.
type browser struct {
	ctx            context.Context
	base           string
	user, language string // who is signed in
}

// openBrowser starts chromium with a fresh profile.
func openBrowser(ctx context.Context, base string) (*browser, func(), error) {
	profile, err := os.MkdirTemp("", "docket-gallery-browser-")
	if err != nil {
		return nil, nil, err
	}
	allocator, stop := chromedp.NewExecAllocator(ctx, chromedp.Headless, chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.UserDataDir(profile), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "en-GB"), chromedp.WSURLReadTimeout(time.Minute))
	tab, cancel := chromedp.NewContext(allocator)
	tab, timeout := context.WithTimeout(tab, 5*time.Minute)
	return &browser{ctx: tab, base: base}, func() { timeout(); cancel(); stop(); os.RemoveAll(profile) }, nil
}

// take takes a picture and writes it to a file.
func (b *browser) take(s shot, file string) error {
	if err := b.be(s.user, s.language); err != nil {
		return err
	}
	theme := "light"
	if s.dark {
		theme = "dark"
	}
	if s.width == 0 {
		s.width = 1440
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	err = errors.Join(err, chromedp.Do(b.ctx, chromedp.EmulateViewport(s.width, 900)), b.open(b.base+s.path))
	if err == nil && s.follow != "" {
		err = b.follow(s.follow)
	}
	if err != nil {
		return err
	}
	shot, err := chromedp.Call(b.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatWebp, Quality: new(int64(80))})
	if err != nil {
		return err
	}
	return os.WriteFile(file, shot.Data, 0o644)
}

// be signs in as a user who reads a language.
func (b *browser) be(user, language string) error {
	if user == b.user && language == b.language {
		return nil
	}
	if _, err := chromedp.Call(b.ctx, network.ClearBrowserCookies, cdp.Empty{}); err != nil {
		return err
	}
	b.user, b.language = user, language
	if user == "" {
		return nil
	}
	if err := b.open(b.base + "/sign-in"); err != nil {
		return err
	}
	if err := chromedp.Do(b.ctx, chromedp.SendKeys(chromedp.CSS("#name"), user), chromedp.SendKeys(chromedp.CSS("#password"), password+"\r"),
		chromedp.WaitReady(chromedp.CSS(".side"))); err != nil {
		return err
	}
	_, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](fmt.Sprintf(
		`fetch("/preferences", {method: "POST", body: new URLSearchParams({language: %q})}).then(r => r.status)`, cmp.Or(language, "en")), chromedp.EvalAwaitPromise))
	return err
}

// follow opens the page that the first link with a selector leads to.
func (b *browser) follow(selector string) error {
	address, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q)?.href ?? ''", selector)))
	if err != nil {
		return err
	}
	if address == "" {
		return fmt.Errorf("there is no link %s", selector)
	}
	return b.open(address)
}

// settled says that a page, its scripts, what they fetch and its pictures are there.
const settled = `document.readyState === "complete" && "scripted" in document.documentElement.dataset && !document.querySelector(".htmx-request") &&
	(!document.querySelector(".viewer-stage[data-image]") || document.querySelector(".viewer-on") !== null) &&
	[...document.images].every(i => i.complete || i.loading === "lazy" && i.getBoundingClientRect().top > innerHeight)`

// open opens a page and waits until it has settled.
func (b *browser) open(address string) error {
	if err := chromedp.Do(b.ctx, chromedp.Navigate(address)); err != nil {
		return err
	}
	for range 100 {
		time.Sleep(200 * time.Millisecond)
		if done, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](settled)); err == nil && done {
			time.Sleep(600 * time.Millisecond) // what is drawn with a delay
			return nil
		}
	}
	return fmt.Errorf("%s does not settle", address)
}

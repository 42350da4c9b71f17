package web

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A tab is a page of a real browser. It notes everything that the page complains of.
type tab struct {
	t    *testing.T
	base string
	ctx  context.Context

	mu         sync.Mutex
	complaints []string
}

// newTab starts a browser with a fresh profile. Without chromium or without the built assets the test is skipped.
func newTab(t *testing.T, base string) *tab {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser test")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("chromium is not installed; 'make install-test' installs it")
	}
	if _, err := loadAssets(); err != nil {
		t.Skip(err)
	}
	allocator, stop := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()),
		chromedp.Headless, chromedp.ExecPath("chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.WindowSize(1440, 900), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-GB"), chromedp.WSURLReadTimeout(60*time.Second))
	ctx, cancel := chromedp.NewContext(allocator)
	b := &tab{t: t, base: base, ctx: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	var timeout context.CancelFunc
	b.ctx, timeout = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(func() { timeout(); cancel(); stop() })
	must(b, log.Enable, cdp.Empty{})
	must(b, network.Enable, network.EnableParams{})
	return b
}

// must sends a command to the browser.
func must[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	r, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// listen notes console errors, exceptions, violations of the policy and anything asked of another host.
func (b *tab) listen(event any) {
	complaint := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		complaint = "exception: " + e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			complaint = fmt.Sprintf("console: %s", e.Args[0].Value)
		}
		if strings.Contains(complaint, `"htmx:sendAbort`) || strings.Contains(complaint, `"htmx:afterRequest`) {
			complaint = "" // an answer that nobody waited for: the page was left
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			complaint = "log: " + e.Entry.Text + " " + e.Entry.URL
		}
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, b.base) && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "about:") && !strings.HasPrefix(u, "chrome") {
			complaint = "asked another host: " + u
		}
	}
	if complaint != "" {
		b.mu.Lock()
		b.complaints = append(b.complaints, complaint)
		b.mu.Unlock()
	}
}

// quiet fails the test when the page complained since the last time.
func (b *tab) quiet(where string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaints {
		b.t.Errorf("%s: %s", where, c)
	}
	b.complaints = nil
}

func (b *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.base + path))
	b.ready()
}

// ready waits until the page and its scripts are there.
func (b *tab) ready() {
	b.t.Helper()
	b.until(`document.readyState === "complete" && "scripted" in document.documentElement.dataset`)
}

// key presses a printable key as a person does: when the page handles the key itself, nothing is typed. chromedp.KeyEvent
// sends the character on its own.
func (b *tab) key(k string) {
	b.t.Helper()
	must(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: k, Text: k})
	must(b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: k})
}

// evaluate runs a script and gives its value.
func evaluate[T any](b *tab, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", script[:min(len(script), 200)], err)
	}
	return v
}

// until waits for a script to give true, over changes of the page.
func (b *tab) until(script string) {
	b.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if done, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+script+")")); err == nil && done {
			return
		}
	}
	b.picture("waiting")
	b.t.Fatalf("waited in vain for %s; the page says: %s", script, evaluate[string](b, `document.querySelector("main").innerText.slice(0, 2000)`))
}

func (b *tab) signIn(name string) {
	b.t.Helper()
	b.open("/sign-in")
	b.run(chromedp.SendKeys(chromedp.CSS("#name"), name), chromedp.SendKeys(chromedp.CSS("#password"), "correct horse\r"), chromedp.WaitReady(chromedp.CSS(".side")))
	b.ready()
}

// look sets the size of the window and the theme of the system.
func (b *tab) look(width int64, theme string) {
	b.t.Helper()
	b.run(chromedp.EmulateViewport(width, 900))
	must(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
}

// picture saves what the page looks like, when DOCKET_SCREENS names a folder.
func (b *tab) picture(name string) {
	b.t.Helper()
	folder := os.Getenv("DOCKET_SCREENS")
	if folder == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(folder+"/"+name+".png", png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// axe fails the test for every violation of WCAG 2.2 AA that axe-core finds on the page.
func (b *tab) axe(where string) {
	b.t.Helper()
	script, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		b.t.Skip("axe-core is not installed; 'make assets' installs it")
	}
	evaluate[int](b, string(script)+";0")
	raw := evaluate[string](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
		.then(r => r.passes.length === 0 ? "axe looked at nothing" : JSON.stringify(r.violations.map(v => ({rule: v.id, help: v.help, nodes: v.nodes.map(n => n.html + " " + n.failureSummary)}))))`)
	var violations []struct {
		Rule, Help string
		Nodes      []string
	}
	if err := json.Unmarshal([]byte(raw), &violations); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range violations {
		b.t.Errorf("%s: axe %s: %s\n\t%s", where, v.Rule, v.Help, strings.Join(v.Nodes[:min(3, len(v.Nodes))], "\n\t"))
	}
}

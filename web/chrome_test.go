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

// A chrome is one browser for all tests of this process: starting one takes seconds of the processor. It starts with the first
// tab and ends with the process at the latest.
type chrome struct {
	once sync.Once
	ctx  context.Context
	err  error
	stop func()
}

// theChrome is the one of this package's tests. Its tabs know nothing of each other.
var theChrome chrome

func (c *chrome) start() (context.Context, error) {
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

// close ends the browser, if there is one, and removes its profile.
func (c *chrome) close() {
	if c.stop != nil {
		c.stop()
	}
}

// A tab is a page of a real browser. It notes everything that the page complains of.
type tab struct {
	t    *testing.T
	base string
	ctx  context.Context

	mu         sync.Mutex
	complaints []string
}

// newTab opens a window of a desk with a fresh profile, which has the focus whatever other windows do. Without chromium or
// without the built assets the test is skipped.
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
	browser, err := theChrome.start()
	if err != nil {
		t.Fatal(err)
	}
	b := &tab{t: t, base: base}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.listen))
	var timeout context.CancelFunc
	b.ctx, timeout = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(func() { timeout(); cancel() })
	b.look(1440, "light")
	must(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
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
	b.until("true")
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

// scripted is true when the page and its scripts are there: from then on keys and clicks are heard.
const scripted = `document.readyState === "complete" && "scripted" in document.documentElement.dataset`

// until waits for a script to give true on a page that is ready, over changes of the page.
func (b *tab) until(script string) {
	b.t.Helper()
	both := fmt.Sprintf("!!(%s && (%s))", scripted, script)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if done, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](both)); err == nil && done {
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

// axeCore is the script that finds violations.
var axeCore = sync.OnceValues(func() ([]byte, error) { return os.ReadFile("node_modules/axe-core/axe.min.js") })

// The rules of axe-core: all that WCAG 2.2 AA asks for and what is good practice, and those of them that a theme can break.
const (
	allRules    = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`
	colourRules = `{type: "rule", values: ["color-contrast", "link-in-text-block"]}`
)

// axe fails the test for every violation of WCAG 2.2 AA that axe-core finds on the page.
func (b *tab) axe(where string) {
	b.t.Helper()
	b.axeFor(where, allRules)
}

// axeFor is axe for some rules. It looks when nothing moves any more: what fades in has colours that nobody reads.
func (b *tab) axeFor(where, rules string) {
	b.t.Helper()
	if script, err := axeCore(); err != nil {
		b.t.Skip("axe-core is not installed; 'make assets' installs it")
	} else if !evaluate[bool](b, `"axe" in window`) {
		evaluate[int](b, string(script)+";0")
	}
	raw := evaluate[string](b, `(async () => {
		for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
		await Promise.allSettled(document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < 5000).map(a => a.finished));
		const r = await axe.run(document, {runOnly: `+rules+`, resultTypes: ["violations"]});
		return r.passes.length === 0 ? '[{"help": "axe looked at nothing"}]' : JSON.stringify(r.violations.map(v => ({rule: v.id, help: v.help, nodes: v.nodes.map(n => n.html + " " + n.failureSummary)})));
	})()`)
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

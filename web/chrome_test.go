package web

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"docket/web/chrometest"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// theChrome is the browser of this package's tests.
var theChrome chrometest.Chrome

// A tab is a window of it that notes everything that the page complains of.
type tab struct {
	*chrometest.Tab
	t *testing.T

	mu         sync.Mutex
	complaints []string
}

// newTab opens a window of a desk, which has the focus whatever other windows do. Without the built assets the test is skipped.
func newTab(t *testing.T, base string) *tab {
	t.Helper()
	if _, err := loadAssets(); err != nil {
		t.Skip(err)
	}
	b := &tab{t: t}
	b.Tab = theChrome.Tab(t, base, func(event any) { b.listen(base, event) })
	b.look(1440, "light")
	must(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return b
}

// must sends a command to the browser.
func must[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	r, err := chromedp.Call(b.Ctx, command, params)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// listen notes console errors, exceptions, violations of the policy and anything asked of another host.
func (b *tab) listen(base string, event any) {
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
		if u := e.Request.URL; !strings.HasPrefix(u, base) && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "about:") && !strings.HasPrefix(u, "chrome") {
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

// These are as chrometest has them.
func (b *tab) run(actions ...chromedp.Action[chromedp.Void]) { b.t.Helper(); b.Do(actions...) }
func (b *tab) open(path string)                              { b.t.Helper(); b.Open(path) }
func (b *tab) until(script string)                           { b.t.Helper(); b.Until(script) }
func (b *tab) picture(name string)                           { b.t.Helper(); b.Picture(name) }
func (b *tab) signIn(name string)                            { b.t.Helper(); b.SignIn(name, "correct horse") }

// ready waits until the page and its scripts are there.
func (b *tab) ready() { b.t.Helper(); b.Until("true") }

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
	v, err := chromedp.Run(b.Ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", script[:min(len(script), 200)], err)
	}
	return v
}

// look sets the size of the window and the theme of the system.
func (b *tab) look(width int64, theme string) {
	b.t.Helper()
	b.run(chromedp.EmulateViewport(width, 900))
	must(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
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

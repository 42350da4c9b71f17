package web

import (
	"math"
	"strings"

	"docket/capture"
)

// A meter is a bar of pieces by state, drawn as SVG: lengths are attributes there, and so need no inline style. Its label says
// the same in words.
type meter struct {
	Parts []meterPart
	Label string
}

// A meterPart is one state's stretch of the bar, in thousandths of its full length.
type meterPart struct {
	Class string
	X, W  float64
}

// meterStates are the states in the order in which a bar shows them: what is done begins it, so that it seems to fill.
var meterStates = []struct {
	State capture.State
	Class string
}{
	{capture.Filed, "meter-filed"}, {capture.Duplicate, "meter-duplicate"}, {capture.Rejected, "meter-rejected"},
	{capture.Waiting, "meter-waiting"}, {capture.Exception, "meter-exception"}, {capture.BeingRead, "meter-reading"}, {capture.Stored, "meter-stored"},
}

// meter draws pieces by state; the bar's full length stands for full pieces.
func (l *Locale) meter(states map[capture.State]int, full int) meter {
	var m meter
	var words []string
	x := 0.0
	for _, s := range meterStates {
		n := states[s.State]
		if n == 0 {
			continue
		}
		w := math.Round(10000*float64(n)/float64(max(full, 1))) / 10
		m.Parts = append(m.Parts, meterPart{s.Class, math.Round(10*x) / 10, max(w, 2)})
		x += w
		words = append(words, l.T("state."+string(s.State))+" "+l.Number(n))
	}
	m.Label = strings.Join(words, ", ")
	return m
}

// A legendItem says what a colour of the meters means.
type legendItem struct {
	State capture.State
	Class string
}

// Legend lists the colours of the meters.
func (boardPage) Legend() []legendItem {
	var all []legendItem
	for _, s := range meterStates {
		all = append(all, legendItem{s.State, s.Class})
	}
	return all
}

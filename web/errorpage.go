package web

import (
	"fmt"
	"net/http"
	"slices"
)

// An errorPage says what happened, what was kept and what to do.
type errorPage struct {
	Frame
	Status   int
	Sentence string
	Again    string // address where the same may work a moment later; empty where it will not
	Back     string // page that sent what was refused; empty for none
}

// errorPage is the page for an error.
func (v *visit) errorPage(status int, err error) errorPage {
	p := errorPage{Frame: v.bareFrame(v.T(fmt.Sprintf("error.%d.title", status))), Status: status, Sentence: v.sentence(err)}
	switch looks := slices.Contains(reading, v.gin.Request.Method); {
	case looks && (status == statusGone || status >= http.StatusInternalServerError):
		p.Again = v.address()
	case !looks && v.gin.Request.Referer() != "":
		p.Back = local(refererPath(v.gin.Request))
	}
	return p
}

// Searches says whether what was not found is looked for at once.
func (p errorPage) Searches() bool { return p.SignedIn() && p.Status == http.StatusNotFound }

// errorIcons are the symbols of the statuses that have one of their own.
var errorIcons = map[int]string{
	http.StatusForbidden: "lock", http.StatusNotFound: "search", http.StatusConflict: "users", http.StatusRequestEntityTooLarge: "stack-2",
	http.StatusUnsupportedMediaType: "file", http.StatusServiceUnavailable: "clock",
}

// Icon is the symbol of what happened.
func (p errorPage) Icon() string {
	if name, ok := errorIcons[p.Status]; ok {
		return name
	}
	return "alert-triangle"
}

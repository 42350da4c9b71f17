package web

import "net/http"

// homePage is where a person lands: what waits for their role.
type homePage struct {
	Frame
}

// showHome answers GET /.
func (s *Server) showHome(v *visit) error {
	return v.show(http.StatusOK, "home.html", homePage{Frame: v.frame(v.T("home.title", v.user.Title))})
}

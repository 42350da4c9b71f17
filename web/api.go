package web

import (
	"docket/repository/fault"
	"docket/web/api"
	"docket/workflow"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

// apiConfig is the JSON API over the same services as the pages.
func (s *Server) apiConfig() api.Config {
	c := s.config
	return api.Config{Pool: c.Pool, Store: c.Store, Plan: c.Plan, Search: c.Search, Intake: c.Intake, Sheets: c.Sheets, Desk: c.Desk,
		People: c.People, Authenticate: s.apiVisitor, Status: Status, Log: c.Log, Zone: c.Zone, Now: c.Now}
}

// apiVisitor says who sends a request to the API: by bearer token, else by the browser's session.
func (s *Server) apiVisitor(c *gin.Context) (workflow.User, error) {
	v := visitOf(c)
	if err := s.loadUser(v); err != nil {
		return workflow.User{}, err
	}
	if v.user.ID == uuid.Nil {
		return workflow.User{}, fault.New(fault.Denied, "The server does not know who asks. Send a bearer token made with 'docket token create'.")
	}
	return v.user, nil
}

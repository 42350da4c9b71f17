package main

import (
	"net/http/httptest"
	"testing"

	"docket/web"
	"docket/web/chrometest"
	"docket/workflow"

	"github.com/jackc/pgx/v5"
)

// theChrome is the browser of this package's tests.
var theChrome chrometest.Chrome

// sitDown makes a user and signs them in with a browser in front of the running house.
func (a *app) sitDown(t *testing.T, name string, role workflow.Role) *chrometest.Tab {
	t.Helper()
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
	b := theChrome.Tab(t, server.URL, nil)
	b.SignIn(name, "correct horse")
	return b
}

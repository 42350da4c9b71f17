package main

import (
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/repository/postgres"
	"docket/search"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const complaint = `Margaret Whitcombe
14 Harbour Lane
Bristol BS1 4QA

14 March 2026

Complaint about a late delivery

Dear Sir or Madam,

I wish to complain formally. My washing machine was delivered three weeks late, although I had paid for express delivery.
I took two days off work and nobody came. I am very unhappy with your service and ask for a refund of the delivery fee.

Yours faithfully,
Margaret Whitcombe
`

// A class that is changed while the server runs can be asked for by its new name, and a ticket that moves takes its documents
// along in the index.
func TestTheIndexFollowsClassesAndTickets(t *testing.T) {
	whole(t)
	a := startApp(t, t.TempDir())
	if _, err := a.intake.Receive(t.Context(), capture.Item{Source: "test", Name: "a.txt", By: "anna", Content: strings.NewReader(complaint)}); err != nil {
		t.Fatal(err)
	}
	a.settle(t)
	a.finds(t, "class:complaint desk:new", 1)

	classes, err := taxonomy.Revisions(t.Context(), a.pool, "class")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := a.plan.Catalogue(t.Context(), a.pool)
	if err != nil {
		t.Fatal(err)
	}
	class, _ := catalogue.Class(taxonomy.Complaint)
	class.Titles = taxonomy.Titles{"en": "Grievance", "de": "Beschwerde", "hu": "Panasz", "pl": "Reklamacja", "ru": "Жалоба", "sl": "Pritožba"}
	a.inTx(t, func(tx pgx.Tx) error {
		return a.plan.SaveClass(t.Context(), tx, "ada", class, classes["complaint"].Version)
	})
	a.finds(t, "class:grievance", 1)

	admin := workflow.User{ID: uuid.New(), Name: "ada", Roles: []workflow.Role{workflow.Administrator}, Language: "en"}
	var number string
	if err := a.pool.QueryRow(t.Context(), "select number from workflow.ticket").Scan(&number); err != nil {
		t.Fatal(err)
	}
	ticket, err := a.desk.ByNumber(t.Context(), a.pool, taxonomy.Root, number)
	if err != nil {
		t.Fatal(err)
	}
	a.inTx(t, func(tx pgx.Tx) error {
		_, err := a.desk.Move(t.Context(), tx, admin, ticket.ID, "start", ticket.Version, "")
		return err
	})
	a.finds(t, "desk:us ticket:"+number, 1)
	a.finds(t, "desk:new", 0)
}

func (a *app) inTx(t *testing.T, f func(pgx.Tx) error) {
	t.Helper()
	if err := postgres.InTx(t.Context(), a.pool, f); err != nil {
		t.Fatal(err)
	}
}

// finds waits until a query finds so many documents.
func (a *app) finds(t *testing.T, query string, want int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		found, err := a.index.Search(t.Context(), search.Request{Query: query, Reader: taxonomy.Root, Limit: 1})
		if err == nil && found.Total == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%q finds %d documents, want %d (%v)", query, found.Total, want, err)
		}
	}
}

package web

import (
	"net/http"
	"net/url"

	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// A planPage is the file plan as a tree with counts of what the person may see.
type planPage struct {
	Frame
	Nodes []planNode
}

// A planNode is a record category with its folders.
type planNode struct {
	taxonomy.Node
	Indent int // in a list
}

// Path is the address of the category's page.
func (n planNode) Path() string { return categoryPath(n.Code) }

// categoryPath is the address of a category's page.
func categoryPath(code string) string { return "/records/" + url.PathEscape(code) }

// showPlan answers GET /records.
func (s *Server) showPlan(v *visit) error {
	nodes, err := s.tree(v)
	if err != nil {
		return err
	}
	page := planPage{}
	total := 0
	for _, n := range nodes {
		page.Nodes = append(page.Nodes, planNode{n, n.Depth})
		if n.Depth == 0 {
			total += n.Records
		}
	}
	page.Frame = v.frame(v.T("plan.title"))
	page.Lead = v.N("plan.lead", total)
	return v.show(http.StatusOK, "records.html", page)
}

// optionalID reads an ID of an address; empty is uuid.Nil.
func optionalID(s string) (uuid.UUID, error) {
	if s == "" {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(s)
	return id, fault.Wrap(err, fault.NotFound, "%q is not an address of anything here.", limited(s, 50))
}

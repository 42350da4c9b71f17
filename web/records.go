package web

import (
	"net/http"
	"net/url"
	"slices"

	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// recordRows is how many records a category lists at once.
const recordRows = 50

// A planPage is the file plan as a tree with counts of what the person may see.
type planPage struct {
	Frame
	Nodes []planNode
}

// A planNode is a record category with its folders.
type planNode struct {
	taxonomy.Node
	Path string
}

// showPlan answers GET /records.
func (s *Server) showPlan(v *visit) error {
	nodes, err := s.tree(v)
	if err != nil {
		return err
	}
	page := planPage{}
	total := 0
	for _, n := range nodes {
		page.Nodes = append(page.Nodes, planNode{n, "/records/" + url.PathEscape(n.Code)})
		if n.Depth == 0 {
			total += n.Records
		}
	}
	page.Frame = v.frame(v.T("plan.title"))
	page.Lead = v.N("plan.lead", total)
	return v.show(http.StatusOK, "records.html", page)
}

// A categoryPage is one record category: its folders and the records in them.
type categoryPage struct {
	Frame
	Node    taxonomy.Node
	Below   []planNode // categories directly below it
	Folder  taxonomy.FolderID
	Records []taxonomy.Record
	More    string
}

// Chosen says whether the list is narrowed to a folder.
func (p categoryPage) Chosen(id taxonomy.FolderID) bool { return p.Folder == id && id != uuid.Nil }

// Narrowed says whether the list is that of one folder only.
func (p categoryPage) Narrowed() bool { return p.Folder != uuid.Nil }

// showCategory answers GET /records/:category?folder=&before=.
func (s *Server) showCategory(v *visit) error {
	nodes, err := s.tree(v)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(nodes, func(n taxonomy.Node) bool { return n.Code == v.param("category") })
	if i < 0 {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	page := categoryPage{Node: nodes[i]}
	crumbs := []Crumb{{v.T("nav.plan"), "/records"}}
	for _, n := range nodes {
		if n.Parent == page.Node.Code {
			page.Below = append(page.Below, planNode{n, "/records/" + url.PathEscape(n.Code)})
		}
		if n.Code == page.Node.Parent {
			crumbs = append(crumbs, Crumb{n.Title, "/records/" + url.PathEscape(n.Code)})
		}
	}
	filter := taxonomy.Filter{Category: page.Node.Code, Limit: recordRows + 1}
	if page.Folder, err = optionalID(v.query("folder")); err != nil {
		return err
	}
	if filter.Before, err = optionalID(v.query("before")); err != nil {
		return err
	}
	filter.Folder = page.Folder
	if page.Records, err = s.config.Plan.List(v.ctx(), v.pool(), v.reader(), filter); err != nil {
		return err
	}
	if len(page.Records) > recordRows {
		page.Records = page.Records[:recordRows]
		q := url.Values{"before": {page.Records[recordRows-1].Document.String()}}
		if page.Folder != uuid.Nil {
			q.Set("folder", page.Folder.String())
		}
		page.More = "?" + q.Encode()
	}
	page.Frame = v.frame(page.Node.Title, crumbs...)
	page.Lead = v.N("plan.lead", page.Node.Records)
	return v.show(http.StatusOK, "category.html", page)
}

// optionalID reads an ID of an address; empty is uuid.Nil.
func optionalID(s string) (uuid.UUID, error) {
	if s == "" {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(s)
	return id, fault.Wrap(err, fault.NotFound, "%q is not an address of anything here.", limited(s, 50))
}

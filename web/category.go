package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// What a category lists at once.
const (
	recordRows   = 50
	folderGroups = 3 // of folders; the others when asked for
)

// A categoryPage is one record category: its folders and the records in them. The address holds the folder, every filter and the
// order.
type categoryPage struct {
	Frame
	Node    planNode
	Below   []planNode // categories directly below it
	Groups  []folderGroup
	Earlier []folderGroup   // shown when asked for
	Folder  taxonomy.Folder // to which the list is narrowed; zero for all
	Records []recordRow
	Mixed   bool // the records are of several classes
	Order   taxonomy.Order
	Orders  map[string]string // addresses of the list in each order
	Filters []ticketChoice
	Chips   []chip
	Clear   string // address without filters
	First   string // address of the first page, empty on it
	More    string
	Own     int // records in the category itself
	Count   int // records in the list, and without any filter those of categories below
}

// A folderGroup is folders whose paths begin alike: those of a year.
type folderGroup struct {
	Title   string // empty for folders that have no such beginning
	Folders []folderLink
}

// Here says whether the list is narrowed to one of its folders.
func (g folderGroup) Here() bool {
	return slices.ContainsFunc(g.Folders, func(f folderLink) bool { return f.Here })
}

// A folderLink is a folder with the address that narrows the list to it, or drops that.
type folderLink struct {
	taxonomy.Folder
	Short   string // path within its group
	Address string
	Here    bool
}

// A recordRow is a record with the address that narrows the list to its party.
type recordRow struct {
	taxonomy.Record
	Only string
}

// Opened says whether the earlier folders are shown at once: one of them is chosen.
func (p categoryPage) Opened() bool { return slices.ContainsFunc(p.Earlier, folderGroup.Here) }

// Kept are what the address holds besides what is chosen in the form, which sends them along.
func (p categoryPage) Kept() []option {
	u, err := url.Parse(p.Here)
	if err != nil {
		return nil
	}
	var all []option
	for _, name := range []string{"folder", "party", "sort"} {
		if value := u.Query().Get(name); value != "" {
			all = append(all, option{Value: name, Title: value})
		}
	}
	return all
}

// Narrowed says whether the list leaves anything out.
func (p categoryPage) Narrowed() bool { return p.Folder.ID != uuid.Nil || len(p.Chips) > 0 }

// showCategory answers GET /records/:category?folder=&class=&year=&party=&sort=&after=.
func (s *Server) showCategory(v *visit) error {
	nodes, err := s.tree(v)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(nodes, func(n taxonomy.Node) bool { return n.Code == v.param("category") })
	if i < 0 {
		return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	page := categoryPage{Node: planNode{Node: nodes[i]}}
	filter, err := v.recordFilter(page.Node.Code)
	if err != nil {
		return err
	}
	page.addFolders(v, filter.Folder)
	if err := s.listRecords(v, &page, filter); err != nil {
		return err
	}
	if err := s.addNarrowing(v, &page, filter); err != nil {
		return err
	}
	page.Frame = v.frame(page.Node.Code+" "+page.Node.Title, page.crumbs(v, nodes)...)
	if page.Folder.ID != uuid.Nil {
		page.Title = page.Folder.Path
	}
	page.Lead = v.N("plan.lead", page.Count)
	return v.show(http.StatusOK, "category.html", page)
}

// recordFilter is what the address asks for of a category.
func (v *visit) recordFilter(category string) (f taxonomy.Filter, err error) {
	f = taxonomy.Filter{Category: category, Class: taxonomy.ClassID(v.query("class")), Limit: recordRows + 1}
	if f.Folder, err = optionalID(v.query("folder")); err != nil {
		return f, err
	}
	if f.Party, err = optionalID(v.query("party")); err != nil {
		return f, err
	}
	if n := atoi(v.query("year")); n > 0 && n < 10_000 {
		f.Year = n
	}
	if order := taxonomy.Order(v.query("sort")); slices.Contains(taxonomy.Orders, order) {
		f.Order = order
	}
	f.After, err = readRecordCursor(v.query("after"), f.Order)
	return f, err
}

// crumbs lead from the file plan down to the category, and to it from its folder. Nodes come from the top down.
func (p *categoryPage) crumbs(v *visit, nodes []taxonomy.Node) []Crumb {
	line := []Crumb{}
	for at, i := p.Node.Parent, len(nodes)-1; i >= 0; i-- {
		n := nodes[i]
		if n.Code == at {
			line = append(line, Crumb{n.Code + " " + n.Title, categoryPath(n.Code)})
			at = n.Parent
		}
		if n.Parent == p.Node.Code {
			p.Below = append(p.Below, planNode{Node: n})
		}
	}
	slices.Reverse(p.Below)
	line = append(line, Crumb{v.T("nav.plan"), "/records"})
	slices.Reverse(line)
	if p.Folder.ID != uuid.Nil {
		line = append(line, Crumb{p.Node.Code + " " + p.Node.Title, categoryPath(p.Node.Code)})
	}
	return line
}

// addFolders groups the folders by the beginning of their paths.
func (p *categoryPage) addFolders(v *visit, chosen taxonomy.FolderID) {
	for _, f := range p.Node.Folders {
		p.Own += f.Records
		title, short, deep := strings.Cut(f.Path, "/")
		if !deep {
			title, short = "", f.Path
		}
		link := folderLink{Folder: f, Short: short, Address: v.with("folder", f.ID.String()), Here: f.ID == chosen}
		if link.Here {
			p.Folder, link.Address = f, v.with("folder", "")
		}
		i := slices.IndexFunc(p.Groups, func(g folderGroup) bool { return g.Title == title })
		if i < 0 {
			i = len(p.Groups)
			p.Groups = append(p.Groups, folderGroup{Title: title})
		}
		p.Groups[i].Folders = append(p.Groups[i].Folders, link)
	}
	if first := min(folderGroups, len(p.Groups)); len(p.Groups) > first+1 {
		p.Groups, p.Earlier = p.Groups[:first], p.Groups[first:]
	}
}

// listRecords reads a page of the list, and where the others are.
func (s *Server) listRecords(v *visit, page *categoryPage, filter taxonomy.Filter) error {
	records, err := s.config.Plan.List(v.ctx(), v.pool(), v.reader(), filter)
	if err != nil {
		return err
	}
	if len(records) > recordRows {
		records = records[:recordRows]
		page.More = v.with("after", writeRecordCursor(filter.Order.Cursor(records[recordRows-1])))
	}
	if filter.After.ID != uuid.Nil {
		page.First = v.with("after", "")
	}
	for _, r := range records {
		page.Records = append(page.Records, recordRow{r, v.with("party", r.Party.String())})
	}
	page.Order, page.Orders = filter.Order, map[string]string{}
	for _, o := range taxonomy.Orders {
		page.Orders[string(o)] = v.with("sort", string(o))
	}
	return nil
}

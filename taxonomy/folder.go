package taxonomy

import (
	"context"
	"fmt"
	"time"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Verbs that this package appends about record folders. Detail: category, path.
const (
	FolderClosed   journal.Verb = "folder.closed"
	FolderReopened journal.Verb = "folder.reopened"
)

// A Folder is a record folder with how many of its records the asker may see.
type Folder struct {
	ID       FolderID
	Category string
	Path     string // under the category: "2026/03"
	OpenedAt time.Time
	ClosedAt time.Time // zero while it is open
	Records  int
}

// A Node is a record category with its folders, for the tree.
type Node struct {
	Category
	Title   string // in the house's language
	Depth   int    // 0 at the top
	Records int    // in its folders and in those of all categories below
	Folders []Folder
}

// openFolder gives the folder for new records, making it when it is not there. A closed folder takes no new records: the
// next one of the same path, numbered, is opened beside it.
func openFolder(ctx context.Context, tx pgx.Tx, category, path string) (id FolderID, name string, err error) {
	for n := 1; n < 100; n++ {
		if name = path; n > 1 {
			name = fmt.Sprintf("%s (%d)", path, n)
		}
		var closed bool
		err = tx.QueryRow(ctx, `with new as (insert into taxonomy.folder (id, category, path) values ($1, $2, $3)
				on conflict do nothing returning id, false)
			select * from new union all select id, closed_at is not null from taxonomy.folder where category = $2 and path = $3`,
			uuid.Must(uuid.NewV7()), category, name).Scan(&id, &closed)
		if err == pgx.ErrNoRows { // made by a transaction that has committed since this statement began
			err = tx.QueryRow(ctx, "select id, closed_at is not null from taxonomy.folder where category = $1 and path = $2",
				category, name).Scan(&id, &closed)
		}
		if err != nil {
			return id, name, fmt.Errorf("open folder %s in category %s: %w", name, category, err)
		}
		if !closed {
			return id, name, nil
		}
	}
	return id, name, fault.New(fault.Conflict, "The folder %q and ninety-nine beside it are closed. Reopen one of them.", path)
}

// CloseFolder closes a folder: it takes no new records.
func (p *Plan) CloseFolder(ctx context.Context, tx pgx.Tx, by journal.Actor, id FolderID) error {
	return p.setClosed(ctx, tx, by, id, FolderClosed, "closed_at = now() where id = $1 and closed_at is null")
}

// ReopenFolder lets a closed folder take records again.
func (p *Plan) ReopenFolder(ctx context.Context, tx pgx.Tx, by journal.Actor, id FolderID) error {
	return p.setClosed(ctx, tx, by, id, FolderReopened, "closed_at = null where id = $1 and closed_at is not null")
}

func (p *Plan) setClosed(ctx context.Context, tx pgx.Tx, by journal.Actor, id FolderID, verb journal.Verb, set string) error {
	var category, path string
	err := tx.QueryRow(ctx, "update taxonomy.folder set "+set+" returning category, path", id).Scan(&category, &path)
	if err := postgres.Missing(err, "There is no such folder in that state. Somebody may have been first; look again."); err != nil {
		return err
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: verb, Subject: journal.Subject{Kind: "folder", ID: id},
		Detail: map[string]any{"category": category, "path": path}})
	return err
}

// Tree gives the file plan from the top down with folders and counts of what the reader may see, in one query. Folders that
// hold nothing for the reader are left out, categories are not.
func (p *Plan) Tree(ctx context.Context, q postgres.Querier, reader Reader) ([]Node, error) {
	c, err := p.Catalogue(ctx, q)
	if err != nil {
		return nil, err
	}
	access, tokens := reader.Where("t.readers", 1)
	rows, err := q.Query(ctx, `select f.id, f.category, f.path, f.opened_at, coalesce(f.closed_at, '0001-01-01 00:00:00+00'), n.records
		from (select t.folder, sum(t.records)::int as records from taxonomy.tally t where `+access+` group by t.folder having sum(t.records) > 0) n
		join taxonomy.folder f on f.id = n.folder order by f.category, f.path desc`, tokens)
	if err != nil {
		return nil, fmt.Errorf("tree: %w", err)
	}
	folders, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Folder])
	if err != nil {
		return nil, fmt.Errorf("tree: %w", err)
	}
	return c.tree(folders), nil
}

// tree hangs folders into the categories, each category followed by those below it.
func (c *Catalogue) tree(folders []Folder) []Node {
	at := map[string]int{}
	var nodes []Node
	var walk func(parent string, depth int)
	walk = func(parent string, depth int) {
		for _, k := range c.Categories {
			if k.Parent == parent {
				at[k.Code] = len(nodes)
				nodes = append(nodes, Node{Category: k, Title: k.Titles.In(c.Language, k.Code), Depth: depth})
				walk(k.Code, depth+1)
			}
		}
	}
	walk("", 0)
	for _, f := range folders {
		i, ok := at[f.Category]
		if !ok {
			continue
		}
		nodes[i].Folders = append(nodes[i].Folders, f)
		for _, k := range c.Line(f.Category) {
			nodes[at[k.Code]].Records += f.Records
		}
	}
	return nodes
}

package capture

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Verbs that this package appends about sources. Detail: source, note.
const (
	SourceAdded     journal.Verb = "source.added"
	SourceDescribed journal.Verb = "source.described" // note: old and new
	SourcePaused    journal.Verb = "source.paused"
	SourceResumed   journal.Verb = "source.resumed"
)

// HotFolderSource is the source of files that lie in the hot folder itself; a sub-folder "invoices" is HotFolderSource + "/invoices".
const HotFolderSource = "hotfolder"

// A SourceUse says what a source is and how it has been used.
type SourceUse struct {
	Source     string
	Note       string
	PausedAt   time.Time // zero while it may hand in
	Pieces     int       // in the time asked for
	Exceptions int       // of these, still unsolved
	Refused    int       // of these, refused or rejected
	Last       time.Time // when the last piece came, ever; zero when none has
	Trouble    string    // why the newest of the exceptions and refusals is one
	TroubleAt  time.Time
}

// Sources sums up the use of every source from since on: those that administrators have added and those that pieces came by, ever.
// The one used last is the first.
func Sources(ctx context.Context, q postgres.Querier, since time.Time) ([]SourceUse, error) {
	// The names are found by walking the index from one to the next, since sources are few and pieces many.
	rows, err := q.Query(ctx, `with recursive used as (
			(select source from capture.piece order by source limit 1)
			union all select (select p.source from capture.piece p where p.source > u.source order by p.source limit 1) from used u where u.source is not null),
		named as (select source as name from used where source is not null union select name from capture.source),
		counted as (select source, count(*)::int as pieces, (count(*) filter (where state = 'exception'))::int as exceptions,
				(count(*) filter (where state = 'rejected'))::int as refused
			from capture.piece where received_at >= $1 group by source)
		select n.name, coalesce(s.note, ''), coalesce(s.paused_at, '0001-01-01 00:00:00+00'), coalesce(c.pieces, 0), coalesce(c.exceptions, 0),
			coalesce(c.refused, 0), coalesce(l.received_at, '0001-01-01 00:00:00+00'), coalesce(t.reason, ''), coalesce(t.changed_at, '0001-01-01 00:00:00+00')
		from named n left join capture.source s using (name) left join counted c on c.source = n.name
		left join lateral (select received_at from capture.piece where source = n.name order by seq desc limit 1) l on true
		left join lateral (select reason, changed_at from capture.piece where c.exceptions + c.refused > 0 and source = n.name and received_at >= $1
			and state in ('exception', 'rejected') order by seq desc limit 1) t on true
		order by l.received_at desc nulls last, n.name`, since)
	if err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[SourceUse])
}

// AddSource says what a source is before anything comes by it, or changes the note of one that is there. A sub-folder of the hot
// folder is made by whoever watches the hot folder.
func (in *Intake) AddSource(ctx context.Context, tx pgx.Tx, by journal.Actor, name, note string) error {
	name = strings.TrimSpace(name)
	if err := checkSource(name); err != nil {
		return err
	}
	note = strings.TrimSpace(note)
	var was *string // its note, nil when nobody has spoken of it
	err := tx.QueryRow(ctx, `with was as (select note from capture.source where name = $1)
		insert into capture.source (name, note, changed_by) values ($1, $2, $3)
		on conflict (name) do update set note = excluded.note, changed_by = excluded.changed_by, changed_at = now()
		returning (select note from was)`, name, note, by).Scan(&was)
	if err != nil {
		return fmt.Errorf("add source %q: %w", name, err)
	}
	if was == nil {
		return in.tellSource(ctx, tx, by, SourceAdded, name, map[string]any{"source": name, "note": note})
	}
	return in.tellSource(ctx, tx, by, SourceDescribed, name, map[string]any{"source": name, "note": map[string]string{"old": *was, "new": note}})
}

// checkSource says what is wrong with the name of a source: it is a folder's name, too, and must stay inside the hot folder.
func checkSource(name string) error {
	bad := name == "" || len(name) > 100 || name != cleanName(name) || strings.ContainsAny(name, `\:*?"<>|`) || path.Clean("/"+name) != "/"+name
	for step := range strings.SplitSeq(name, "/") {
		bad = bad || strings.HasPrefix(step, ".") || strings.TrimSpace(step) != step
	}
	below, _ := strings.CutPrefix(name, HotFolderSource+"/")
	if first, _, _ := strings.Cut(below, "/"); bad || first == doneFolder || first == failedFolder {
		return fault.New(fault.Invalid, "A source cannot be called %q. Use letters, digits, spaces and hyphens, at most 100 characters; a slash makes a folder inside a folder.", name)
	}
	return nil
}

// PauseSource stops a source: what it hands in is refused for the time being, and it keeps it. ResumeSource lets it hand in again.
func (in *Intake) PauseSource(ctx context.Context, tx pgx.Tx, by journal.Actor, name string) error {
	_, err := tx.Exec(ctx, `insert into capture.source (name, paused_at, changed_by) values ($1, now(), $2)
		on conflict (name) do update set paused_at = coalesce(capture.source.paused_at, now()), changed_by = excluded.changed_by, changed_at = now()`, name, by)
	if err != nil {
		return fmt.Errorf("pause source %q: %w", name, err)
	}
	return in.tellSource(ctx, tx, by, SourcePaused, name, map[string]any{"source": name})
}

// ResumeSource lets a paused source hand in again.
func (in *Intake) ResumeSource(ctx context.Context, tx pgx.Tx, by journal.Actor, name string) error {
	tag, err := tx.Exec(ctx, "update capture.source set paused_at = null, changed_by = $2, changed_at = now() where name = $1 and paused_at is not null", name, by)
	if err != nil {
		return fmt.Errorf("resume source %q: %w", name, err)
	}
	if tag.RowsAffected() == 0 {
		return nil // somebody was first
	}
	return in.tellSource(ctx, tx, by, SourceResumed, name, map[string]any{"source": name})
}

func (in *Intake) tellSource(ctx context.Context, tx pgx.Tx, by journal.Actor, verb journal.Verb, name string, detail map[string]any) error {
	subject := journal.Subject{Kind: "source", ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("docket:source/"+name))}
	_, err := in.Journal.Append(ctx, tx, journal.Event{Actor: by, Verb: verb, Subject: subject, Detail: detail})
	return err
}

// Folders are the sources that administrators have spoken of: whether each is paused, by its name.
func (in *Intake) Folders(ctx context.Context) (map[string]bool, error) {
	rows, err := in.Pool.Query(ctx, "select name, paused_at is not null from capture.source")
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	all := map[string]bool{}
	var name string
	var paused bool
	_, err = pgx.ForEachRow(rows, []any{&name, &paused}, func() error {
		all[name] = paused
		return nil
	})
	return all, postgres.Unavailable(err)
}

// mayHandIn refuses an item of a source that is paused. What came with a piece that was taken is taken too.
func (in *Intake) mayHandIn(ctx context.Context, item Item) error {
	if item.Parent != nil {
		return nil
	}
	var paused bool
	err := in.Pool.QueryRow(ctx, "select exists (select from capture.source where name = $1 and paused_at is not null)", item.Source).Scan(&paused)
	if err != nil {
		return postgres.Unavailable(err)
	}
	if paused {
		return fault.New(fault.Unavailable, "The source “%s” is paused by an administrator. Nothing was taken in; hand it in again later.", item.Source)
	}
	return nil
}

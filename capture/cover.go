package capture

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"docket/capture/page"
	"docket/repository"
	"docket/repository/postgres"
	"docket/repository/say"
	"docket/taxonomy"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// coverWords is up to how many words of its own a message that brings something is its cover: room for a salutation, a sentence
// and a signature.
const coverWords = 40

// ownWords counts what a message says itself: without its heading, what it quotes, and what stands below a signature's mark.
func ownWords(text string, heading page.Meta) int {
	n := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "--" {
			break
		}
		if !strings.HasPrefix(line, ">") {
			n += len(strings.Fields(line))
		}
	}
	for label, value := range map[string]string{"From:": heading.From, "To:": heading.To, "Subject:": heading.Subject} {
		if value != "" {
			n -= len(strings.Fields(label + " " + value))
		}
	}
	if !heading.Date.IsZero() {
		n -= 4 // "Date: 2026-03-14 10:00 +0100"
	}
	return max(0, n)
}

// A brought document came inside a message, attached or in a container that was attached.
type brought struct {
	name  string
	state State // of the piece that brought it first, if it came before
	taxonomy.Record
	filed bool
}

// settleCover makes up what a cover is from what it brings, and says whether that is known yet. When it is not, the message
// is thought about again as soon as the last of them is decided.
func (w *Filer) settleCover(ctx context.Context, tx pgx.Tx, p Piece, r *Reading) (bool, error) {
	all, err := w.brought(ctx, tx, p)
	if err != nil {
		return false, err
	}
	c, err := w.Plan.Catalogue(ctx, tx)
	if err != nil {
		return false, err
	}
	settled := false
	if *r, settled = fromBrought(c, *r, all); !settled {
		return false, nil
	}
	_, err = tx.Exec(ctx, "update capture.reading set rev = rev + 1, class = $2, confidence = $3, fields = $4, doubts = $5 where document = $1",
		p.Document, r.Class, r.Confidence, notNil(r.Fields), postgres.Array(r.Doubts))
	if err != nil {
		return false, fmt.Errorf("settle the cover %s: %w", p.Document, err)
	}
	return true, nil
}

// brought gives what came inside a piece, looking through containers but not into other messages. It waits for transactions
// that are about to decide one of them.
func (w *Filer) brought(ctx context.Context, tx pgx.Tx, p Piece) ([]brought, error) {
	rows, err := tx.Query(ctx, `with recursive inside as (
			select receipt, document, name, seq from capture.piece where parent = $1
			union all
			select p.receipt, p.document, p.name, p.seq from inside i join capture.reading r on r.document = i.document and r.kind = $2
			join capture.piece c on c.document = i.document join capture.piece p on p.parent = c.receipt)
		select i.name, f.document, f.state from inside i join capture.piece f on f.document = i.document and f.state <> 'duplicate'
		where not exists (select from capture.reading r where r.document = i.document and r.kind = $2)
		order by i.seq for share of f`, p.Receipt, page.Archive)
	if err != nil {
		return nil, fmt.Errorf("what %s brings: %w", p.Name, err)
	}
	var ids []repository.DocumentID
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b brought, err error) {
		err = row.Scan(&b.name, &b.Document, &b.state)
		ids = append(ids, b.Document)
		return b, err
	})
	if err != nil {
		return nil, fmt.Errorf("what %s brings: %w", p.Name, err)
	}
	records, err := w.Plan.Records(ctx, tx, ids)
	for i, b := range all {
		if record, ok := records[b.Document]; ok {
			all[i].Record, all[i].filed = record, true
		}
	}
	return all, err
}

// fromBrought decides what a cover is. The rule:
//
//   - A message that the machine is sure of keeps its class, unless it is mere correspondence, which a covering letter is.
//   - Any other takes the class of what it brings. A person is asked when that is of different kinds, and while one of them
//     waits for a person itself.
//   - Either way it takes the values on which what it brings of its class agrees and which it does not give itself.
//
// False means that something it brings is still on its way. It is a pure function.
func fromBrought(c *taxonomy.Catalogue, r Reading, all []brought) (Reading, bool) {
	if slices.ContainsFunc(all, func(b brought) bool { return !b.state.Done() }) {
		return r, false
	}
	own := len(r.Doubts) == 0 && r.Class != taxonomy.Correspondence
	if !own && len(all) > 0 {
		r = r.ofClass(c, all)
	}
	if own || len(r.Doubts) == 0 {
		r.Fields = agreed(r, all)
		if !own {
			r.Doubts = missing(c, r)
		}
	}
	return r, true
}

// ofClass gives a cover the class of what it brings, or the reason why it has none.
func (r Reading) ofClass(c *taxonomy.Catalogue, all []brought) Reading {
	var filed []brought
	for _, b := range all {
		switch {
		case b.filed:
			filed = append(filed, b)
		case b.state == Waiting || b.state == Exception:
			r.Doubts = []string{say.Text("It says little itself, and “%s”, which came with it, waits for a person. Decide that first; this one follows.", b.name)}
			return r
		}
	}
	if len(filed) == 0 {
		r.Doubts = []string{say.Text("It says little itself, and nothing of what came with it was filed.")}
		return r
	}
	first := filed[0]
	r.Class, r.Confidence, r.Doubts = first.Class, first.Confidence, nil
	for _, b := range filed[1:] {
		r.Confidence = min(r.Confidence, b.Confidence)
		if b.Class != first.Class {
			r.Doubts = []string{say.Text("It says little itself, and what came with it disagrees: “%s” is “%s”, “%s” is “%s”.",
				first.name, title(c, first.Class), b.name, title(c, b.Class))}
			return r
		}
	}
	return r
}

func title(c *taxonomy.Catalogue, id taxonomy.ClassID) string {
	class, _ := c.Class(id)
	return class.Titles.In(c.Language, string(id))
}

// agreed are a cover's values with those that it does not give itself and on which all that it brings of its class agrees.
func agreed(r Reading, all []brought) taxonomy.Values {
	values := maps.Clone(notNil(r.Fields))
	differ := map[taxonomy.FieldID]bool{}
	for _, b := range all {
		if !b.filed || b.Class != r.Class {
			continue
		}
		for id, v := range b.Values {
			known, ok := values[id]
			switch _, own := r.Fields[id]; {
			case own:
			case ok && known.Value != v.Value:
				differ[id] = true
			case !ok:
				values[id] = taxonomy.Value{Value: v.Value, Text: cmp.Or(v.Text, v.Value), Confidence: v.Confidence, How: say.Text("read in “%s”, which came with it", b.name)}
			}
		}
	}
	maps.DeleteFunc(values, func(id taxonomy.FieldID, _ taxonomy.Value) bool { return differ[id] })
	return values
}

// tellCovers has the messages thought about again that are covers of a document which was decided.
func (in *Intake) tellCovers(ctx context.Context, tx pgx.Tx, id repository.DocumentID) error {
	rows, err := tx.Query(ctx, `with recursive around as (
			select m.document from capture.piece p join capture.piece m on m.receipt = p.parent where p.document = $1
			union
			select m.document from around a join capture.piece p on p.document = a.document join capture.piece m on m.receipt = p.parent)
		select p.receipt from around a join capture.reading r on r.document = a.document and r.cover
		join capture.piece p on p.document = a.document where p.state in ('reading', 'waiting') order by p.seq`, nullID(id))
	if err != nil {
		return err
	}
	covers, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return fmt.Errorf("covers of %s: %w", id, err)
	}
	for _, receipt := range covers {
		if _, err := in.Jobs.InsertTx(ctx, tx, FileArgs{Receipt: receipt}, nil); err != nil {
			return err
		}
	}
	return nil
}

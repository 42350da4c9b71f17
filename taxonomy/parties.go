package taxonomy

import (
	"context"
	"fmt"
	"strings"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/say"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Verbs that this package appends about parties.
const (
	PartyAdded    journal.Verb = "party.added"    // name, provisional, document
	PartyAttached journal.Verb = "party.attached" // contacts: what was added, document
	PartyMerged   journal.Verb = "party.merged"   // into
	PartyChanged  journal.Verb = "party.changed"  // name: old and new; provisional
)

// Recognise finds the party that the hints of a document point to and attaches what is new about it. An unknown sender
// with a name or a contact becomes a provisional party. Conflicting hints give no party: a person must decide.
func (p *Plan) Recognise(ctx context.Context, tx pgx.Tx, by journal.Actor, h Hints, document uuid.UUID) (Recognition, error) {
	if err := oneAtATime(ctx, tx, h); err != nil {
		return Recognition{}, err
	}
	m, err := FindMatch(ctx, tx, h)
	if err != nil || m.Conflict {
		return m, err
	}
	if m.Found {
		return m, p.Attach(ctx, tx, by, m.Party.ID, h, document)
	}
	name := strings.TrimSpace(h.Name)
	if name == "" && len(h.Emails) > 0 {
		name = h.Emails[0]
	}
	if name == "" {
		m.How = say.Text("the document names no sender")
		return m, nil
	}
	m.Party, err = p.AddParty(ctx, tx, by, Party{Kind: KindOfName(name), Name: name, Provisional: true}, h, document)
	m.Found, m.Score, m.How = err == nil, 1, say.Join(say.Text("new party"), m.How)
	return m, err
}

// oneAtATime makes two documents of one unknown sender wait for each other, so that it becomes one party and not two.
func oneAtATime(ctx context.Context, tx pgx.Tx, h Hints) error {
	keys := []string{"name " + NameKey(h.Name)}
	for _, c := range h.contacts() {
		if c.Kind != Address && c.Kind != Postcode {
			keys = append(keys, string(c.Kind)+" "+c.Value)
		}
	}
	_, err := tx.Exec(ctx, `select pg_advisory_xact_lock(k) from
		(select distinct hashtextextended('taxonomy.party ' || x, 0) as k from unnest($1::text[]) x order by 1) keys`, keys)
	if err != nil {
		return fmt.Errorf("wait for others who recognise the same party: %w", err)
	}
	return nil
}

// AddParty writes a new party with its contacts. Document says where it was first seen, Nil when a person typed it in.
func (p *Plan) AddParty(ctx context.Context, tx pgx.Tx, by journal.Actor, party Party, h Hints, document uuid.UUID) (Party, error) {
	party.Name = Clean(party.Name, maxName)
	if party.Name == "" {
		return Party{}, fault.New(fault.Invalid, "A party needs a name.")
	}
	party.ID, party.Version, party.CreatedBy = uuid.Must(uuid.NewV7()), 1, by
	err := tx.QueryRow(ctx, `insert into taxonomy.party (id, kind, name, name_key, provisional, created_by)
		values ($1, $2, $3, $4, $5, $6) returning created_at`,
		party.ID, party.Kind, party.Name, NameKey(party.Name), party.Provisional, by).Scan(&party.CreatedAt)
	if err != nil {
		return Party{}, fmt.Errorf("add party: %w", err)
	}
	if _, err := attach(ctx, tx, party.ID, h, document); err != nil {
		return Party{}, err
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: PartyAdded, Subject: journal.Subject{Kind: "party", ID: party.ID},
		Detail: map[string]any{"name": party.Name, "provisional": party.Provisional, "document": document}})
	return party, err
}

// Attach adds what is new about a party. A customer number, e-mail or phone that belongs to another party is left out.
func (p *Plan) Attach(ctx context.Context, tx pgx.Tx, by journal.Actor, id PartyID, h Hints, document uuid.UUID) error {
	added, err := attach(ctx, tx, id, h, document)
	if err != nil || len(added) == 0 {
		return err
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: PartyAttached, Subject: journal.Subject{Kind: "party", ID: id},
		Detail: map[string]any{"contacts": added, "document": document}})
	return err
}

func attach(ctx context.Context, tx pgx.Tx, id PartyID, h Hints, document uuid.UUID) ([]string, error) {
	var kinds, values, texts []string
	for _, c := range h.contacts() {
		kinds, values, texts = append(kinds, string(c.Kind)), append(values, c.Value), append(texts, c.Text)
	}
	rows, err := tx.Query(ctx, `insert into taxonomy.contact (party, kind, value, text, document)
		select $1, n.kind, n.value, n.text, nullif($5, '00000000-0000-0000-0000-000000000000'::uuid)
		from unnest($2::text[], $3::text[], $4::text[]) as n (kind, value, text)
		left join lateral (select true as taken from taxonomy.contact c join taxonomy.party o on o.id = c.party and o.merged_into is null
			where c.kind = n.kind and c.value = n.value and c.party <> $1 limit 1) c on true
		where n.kind in ('address', 'postcode') or c.taken is null
		on conflict do nothing returning kind || ' ' || text`, id, kinds, values, texts, document)
	if err != nil {
		return nil, fmt.Errorf("attach contacts to party %s: %w", id, err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Merge makes one party of two: from's contacts and records become into's, and from stays as a pointer to it.
func (p *Plan) Merge(ctx context.Context, tx pgx.Tx, by journal.Actor, from, into PartyID) error {
	if from == into {
		return fault.New(fault.Invalid, "A party cannot be merged with itself.")
	}
	tag, err := tx.Exec(ctx, `update taxonomy.party set merged_into = $2, version = version + 1
		where id = $1 and merged_into is null
		and exists (select from taxonomy.party where id = $2 and merged_into is null)`, from, into)
	if err != nil {
		return fmt.Errorf("merge party %s into %s: %w", from, into, err)
	}
	if tag.RowsAffected() == 0 {
		return fault.New(fault.Conflict, "One of the two parties does not exist or was merged before. Nothing was changed.")
	}
	for _, sql := range []string{
		"update taxonomy.party set merged_into = $2 where merged_into = $1",
		`insert into taxonomy.contact (party, kind, value, text, document, added_at)
			select $2, kind, value, text, document, added_at from taxonomy.contact where party = $1 on conflict do nothing`,
		"update taxonomy.record set party = $2, version = version + 1 where party = $1",
	} {
		if _, err := tx.Exec(ctx, sql, from, into); err != nil {
			return fmt.Errorf("merge party %s into %s: %w", from, into, err)
		}
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: PartyMerged, Subject: journal.Subject{Kind: "party", ID: from},
		Detail: map[string]any{"into": into}})
	return err
}

// ConfirmParty is a person's word that a party is right: it gets its kind and name and is no longer provisional.
func (p *Plan) ConfirmParty(ctx context.Context, tx pgx.Tx, by journal.Actor, id PartyID, kind PartyKind, name string, version int) error {
	name = Clean(name, maxName)
	if name == "" {
		return fault.New(fault.Invalid, "A party needs a name.")
	}
	var old string
	err := tx.QueryRow(ctx, `update taxonomy.party as p set kind = $2, name = $3, name_key = $4, provisional = false, version = p.version + 1
		from taxonomy.party was where p.id = $1 and was.id = p.id and p.version = $5 returning was.name`,
		id, kind, name, NameKey(name), version).Scan(&old)
	if err == pgx.ErrNoRows {
		return fault.New(fault.Conflict, "The party was changed by somebody else in the meantime. Nothing was saved; look at it again.")
	}
	if err != nil {
		return fmt.Errorf("confirm party %s: %w", id, err)
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: PartyChanged, Subject: journal.Subject{Kind: "party", ID: id},
		Detail: map[string]any{"name": map[string]string{"old": old, "new": name}, "provisional": false}})
	return err
}

const partyColumns = `p.id, p.kind, p.name, p.provisional, coalesce(p.merged_into, '00000000-0000-0000-0000-000000000000'),
	p.version, p.created_at, p.created_by`

func scanParty(row pgx.CollectableRow) (Party, error) {
	var p Party
	err := row.Scan(&p.ID, &p.Kind, &p.Name, &p.Provisional, &p.MergedInto, &p.Version, &p.CreatedAt, &p.CreatedBy)
	return p, err
}

// PartyByID gives a party with its contacts.
func PartyByID(ctx context.Context, q postgres.Querier, id PartyID) (Party, error) {
	rows, err := q.Query(ctx, "select "+partyColumns+" from taxonomy.party p where id = $1", id)
	if err != nil {
		return Party{}, fmt.Errorf("party %s: %w", id, err)
	}
	party, err := pgx.CollectExactlyOneRow(rows, scanParty)
	if err := postgres.Missing(err, "This party does not exist."); err != nil {
		return Party{}, err
	}
	rows, err = q.Query(ctx, `select kind, value, text, coalesce(document, '00000000-0000-0000-0000-000000000000')
		from taxonomy.contact where party = $1 order by kind, added_at, value`, id)
	if err != nil {
		return Party{}, fmt.Errorf("contacts of party %s: %w", id, err)
	}
	party.Contacts, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Contact])
	return party, err
}

// PartyNames gives the names of some parties in one query. Those that do not exist are not in the map.
func PartyNames(ctx context.Context, q postgres.Querier, ids []PartyID) (map[PartyID]string, error) {
	names := make(map[PartyID]string, len(ids))
	if len(ids) == 0 {
		return names, nil
	}
	rows, err := q.Query(ctx, "select id, name from taxonomy.party where id = any($1)", ids)
	if err != nil {
		return nil, fmt.Errorf("names of parties: %w", err)
	}
	var id PartyID
	var name string
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error { names[id] = name; return nil })
	return names, err
}

// FindParties looks in the address book: parties that have, for each word of text, a word in their name that begins so, or
// a contact that is the text. An empty text gives the newest.
func FindParties(ctx context.Context, q postgres.Querier, text string, limit int) ([]Party, error) {
	var words []string
	for _, t := range Tokens(text) {
		words = append(words, t.Folded+":*")
	}
	which, args := "", []any{limit}
	if len(words) > 0 { // two look-ups, each by its index
		which = `and p.id in (select id from taxonomy.party where to_tsvector('simple', name_key) @@ to_tsquery('simple', $2)
			union select party from taxonomy.contact where kind in ('email', 'phone', 'customer') and value = any($3))`
		args = append(args, strings.Join(words, " & "), []string{strings.ToLower(strings.TrimSpace(text)), phoneKey(text), numberKey(text)})
	}
	rows, err := q.Query(ctx, "select "+partyColumns+" from taxonomy.party p where p.merged_into is null "+which+" order by p.id desc limit $1", args...)
	if err != nil {
		return nil, fmt.Errorf("find parties: %w", err)
	}
	return pgx.CollectRows(rows, scanParty)
}

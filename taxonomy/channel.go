package taxonomy

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ChannelChanged is appended when a channel is made or changed. Detail: address, version.
const ChannelChanged journal.Verb = "channel.changed"

// A ChannelID names a channel.
type ChannelID = uuid.UUID

// A Channel is an address of ours that customers write to. They are answered from the one they wrote to.
type Channel struct {
	ID        ChannelID
	Address   string    // in small letters
	Aliases   []string  // other addresses of the same, in small letters
	Name      string    // what stands beside the address in what we send: "Harbour Electrics service"
	Language  string    // two letters, of what is sent when the customer's is not known; empty: the house's
	Signature string    // under what we send; may be empty
	RetiredAt time.Time // mail for it is refused from then on; zero while it is in use
	Version   int       // counts changes, so that the last save never silently wins
}

// Channels are the channels of a house, by address.
type Channels []Channel

// LoadChannels gives all channels, those that are retired too.
func LoadChannels(ctx context.Context, q postgres.Querier) (Channels, error) {
	rows, err := q.Query(ctx, `select id, address, aliases, name, language, signature, coalesce(retired_at, '0001-01-01 00:00:00+00'), version
		from taxonomy.channel order by address`)
	if err != nil {
		return nil, fmt.Errorf("channels: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Channel])
}

// For gives the channel in use that an address reaches. Case does not matter, and what follows a plus sign in the local part is a
// detail of ours (RFC 5233), not another address.
func (all Channels) For(address string) (Channel, bool) {
	plain := withoutDetail(address)
	i := slices.IndexFunc(all, func(c Channel) bool {
		return c.RetiredAt.IsZero() && (c.Address == plain || slices.Contains(c.Aliases, plain))
	})
	if i < 0 {
		return Channel{}, false
	}
	return all[i], true
}

// Owns says whether an address is one of ours, in use or retired.
func (all Channels) Owns(address string) bool {
	plain := withoutDetail(address)
	return slices.ContainsFunc(all, func(c Channel) bool { return c.Address == plain || slices.Contains(c.Aliases, plain) })
}

// House says whether an address is of the house: its domain is one of a channel's.
func (all Channels) House(address string) bool {
	_, domain, _ := cutLast(strings.ToLower(strings.TrimSpace(address)), "@")
	return slices.Contains(all.Domains(), domain)
}

// Domains are those of the channels' addresses, each once.
func (all Channels) Domains() (domains []string) {
	for _, c := range all {
		for _, address := range slices.Concat([]string{c.Address}, c.Aliases) {
			if _, d, _ := cutLast(address, "@"); !slices.Contains(domains, d) {
				domains = append(domains, d)
			}
		}
	}
	return domains
}

// Choose gives the first of some channels that is in use, and else the first in use of all. It is false when none is.
func (all Channels) Choose(wanted ...ChannelID) (Channel, bool) {
	for _, id := range wanted {
		if i := slices.IndexFunc(all, func(c Channel) bool { return c.ID == id && c.RetiredAt.IsZero() }); i >= 0 {
			return all[i], true
		}
	}
	if i := slices.IndexFunc(all, func(c Channel) bool { return c.RetiredAt.IsZero() }); i >= 0 {
		return all[i], true
	}
	return Channel{}, false
}

// withoutDetail is an address in small letters, without what follows a plus sign in its local part.
func withoutDetail(address string) string {
	local, domain, _ := cutLast(strings.ToLower(strings.TrimSpace(address)), "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// checkChannel brings a channel into its form and says what is wrong with it.
func (c *Catalogue) checkChannel(k *Channel, others Channels) error {
	k.Address, k.Name = strings.ToLower(strings.TrimSpace(k.Address)), strings.Join(strings.Fields(k.Name), " ")
	for i := range k.Aliases {
		k.Aliases[i] = strings.ToLower(strings.TrimSpace(k.Aliases[i]))
	}
	k.Aliases = slices.DeleteFunc(k.Aliases, func(s string) bool { return s == "" || s == k.Address })
	for _, address := range slices.Concat([]string{k.Address}, k.Aliases) {
		if a, err := mail.ParseAddress(address); err != nil || a.Name != "" || a.Address != address || len(address) > 254 || withoutDetail(address) != address {
			return fault.New(fault.Invalid, "“%.100s” is no address that mail can come to. Write it as service@house.example, without a plus sign. Nothing was saved.", address)
		}
		for _, o := range others {
			if o.ID != k.ID && (o.Address == address || slices.Contains(o.Aliases, address)) {
				return fault.New(fault.Conflict, "“%s” belongs to the channel %s. Nothing was saved.", address, o.Address)
			}
		}
	}
	if k.Name == "" || len(k.Name) > 200 || len(k.Signature) > 4000 {
		return fault.New(fault.Invalid, "A channel needs a name that customers know, of at most 200 characters, and a signature of at most 4,000. Nothing was saved.")
	}
	return nil
}

// SaveChannel writes a channel that an administrator has changed or made; a zero ID makes a new one. The version is the one that
// the administrator saw; somebody else's change in between is a conflict.
func (p *Plan) SaveChannel(ctx context.Context, tx pgx.Tx, by journal.Actor, k Channel) (Channel, error) {
	c, err := p.Catalogue(ctx, tx)
	if err != nil {
		return k, err
	}
	others, err := LoadChannels(ctx, tx)
	if err != nil {
		return k, err
	}
	if err := c.checkChannel(&k, others); err != nil {
		return k, err
	}
	if k.ID == uuid.Nil {
		k.ID = uuid.Must(uuid.NewV7())
	}
	err = tx.QueryRow(ctx, `insert into taxonomy.channel as c (id, address, aliases, name, language, signature, retired_at, changed_by)
		values ($1, $2, $3, $4, $5, $6, nullif($7, '0001-01-01 00:00:00+00'::timestamptz), $8)
		on conflict (id) do update set address = excluded.address, aliases = excluded.aliases, name = excluded.name, language = excluded.language,
			signature = excluded.signature, retired_at = excluded.retired_at, changed_by = excluded.changed_by, changed_at = now(), version = c.version + 1
		where c.version = $9 returning version`,
		k.ID, k.Address, append([]string{}, k.Aliases...), k.Name, k.Language, k.Signature, k.RetiredAt, by, k.Version).Scan(&k.Version)
	if errors.Is(err, pgx.ErrNoRows) {
		return k, fault.New(fault.Conflict, "“%s” was changed by somebody else in the meantime. Nothing was saved; look at it again.", k.Address)
	}
	if err != nil {
		return k, fmt.Errorf("save channel %s: %w", k.Address, err)
	}
	_, err = p.journal.Append(ctx, tx, journal.Event{Actor: by, Verb: ChannelChanged, Subject: journal.Subject{Kind: "channel", ID: k.ID},
		Detail: map[string]any{"address": k.Address, "version": k.Version}})
	return k, err
}

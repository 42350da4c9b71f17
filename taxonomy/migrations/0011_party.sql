-- Persons and organisations that documents are from or about.
create table taxonomy.party (
    id          uuid        primary key,
    kind        text        not null check (kind in ('person', 'organisation')),
    name        text        not null,
    name_key    text        not null, -- folded words in alphabetical order, without titles and legal forms
    provisional boolean     not null,
    merged_into uuid        references taxonomy.party,
    version     int         not null default 1,
    created_at  timestamptz not null default now(),
    created_by  text        not null
);

create index party_name_key on taxonomy.party (name_key);
create index party_words on taxonomy.party using gin (to_tsvector('simple', name_key));

create table taxonomy.contact (
    party    uuid        not null references taxonomy.party,
    kind     text        not null check (kind in ('email', 'phone', 'customer', 'address', 'postcode')),
    value    text        not null, -- normalised: what is compared
    text     text        not null, -- as people read it
    document uuid,                 -- where it was first seen
    added_at timestamptz not null default now(),
    primary key (party, kind, value)
);

create index contact_value on taxonomy.contact (kind, value);

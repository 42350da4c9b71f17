-- Record folders under the categories of the file plan, and the records filed in them.
create table taxonomy.folder (
    id        uuid        primary key,
    category  text        not null,
    path      text        not null, -- under the category: "2026/03"
    opened_at timestamptz not null default now(),
    closed_at timestamptz,
    unique (category, path)
);

create table taxonomy.record (
    document    uuid        primary key references repository.document,
    class       text        not null,
    confidence  real        not null check (confidence between 0 and 1),
    decided_by  text        not null, -- an actor: a person, or system:capture
    how         text        not null, -- why this class, for people
    title       text        not null,
    folder      uuid        not null references taxonomy.folder,
    party       uuid        references taxonomy.party,
    letter_date date,
    received_at timestamptz not null,
    language    text        not null,
    original    text        not null, -- file name it came with
    ticket      text        not null default '',
    part_of     uuid        references repository.document, -- the message it was attached to
    fields      jsonb       not null,
    readers     text[]      not null,
    version     int         not null default 1,
    filed_at    timestamptz not null default now(),
    filed_by    text        not null
);

create index record_part_of on taxonomy.record (part_of) where part_of is not null;

create index record_folder on taxonomy.record (folder, document desc) include (readers);
create index record_party on taxonomy.record (party, document desc);
create index record_class on taxonomy.record (class, document desc);
create index record_readers on taxonomy.record using gin (readers);

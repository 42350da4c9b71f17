-- Documents, their versions and renditions. Text of pages lies in a table of its own, never in a listed row.
create schema repository;

create table repository.document (
    id             uuid primary key,
    created_at     timestamptz not null default now(),
    created_by     text        not null,
    latest         int         not null default 1 check (latest > 0),
    checked_out_by text,
    checked_out_at timestamptz,
    check ((checked_out_by is null) = (checked_out_at is null))
);

create table repository.version (
    document   uuid        not null references repository.document,
    number     int         not null check (number > 0),
    name       text        not null,
    media_type text        not null,
    size       bigint      not null check (size >= 0),
    sha256     bytea       not null check (length(sha256) = 32),
    object     text        not null, -- the store's version ID of the document's content key
    by         text        not null,
    at         timestamptz not null default now(),
    comment    text        not null default '',
    checked_at timestamptz, -- when fixity was last checked
    damage     text,        -- what the last check found wrong, null when sound
    primary key (document, number)
);

create index version_sha256 on repository.version using hash (sha256);
create index version_fixity on repository.version (checked_at nulls first, document, number);

create table repository.rendition (
    document   uuid   not null,
    version    int    not null,
    kind       text   not null,
    page       int    not null,
    key        text   not null,
    object     text   not null,
    media_type text   not null,
    size       bigint not null,
    sha256     bytea  not null check (length(sha256) = 32),
    width      int    not null default 0,
    height     int    not null default 0,
    primary key (document, version, kind, page),
    foreign key (document, version) references repository.version
);

create table repository.page_text (
    document   uuid not null,
    version    int  not null,
    page       int  not null check (page > 0),
    text       text not null,
    language   text not null default '',
    confidence real not null default 1,
    primary key (document, version, page),
    foreign key (document, version) references repository.version
);

-- The journal is only ever appended to. The triggers protect it from the program's own mistakes; the seals, from everybody.
create table repository.event (
    id           bigint generated always as identity primary key,
    tx           xid8        not null default pg_current_xact_id(),
    at           timestamptz not null default clock_timestamp(),
    actor        text        not null,
    verb         text        not null,
    subject_kind text        not null,
    subject      uuid        not null,
    detail       jsonb       not null default '{}'
);

create index event_subject on repository.event (subject, id);
create index event_tx on repository.event (tx, id);

-- A seal is an event's place in the hash chain; see package journal.
create table repository.seal (
    number bigint primary key,
    event  bigint not null unique references repository.event,
    hash   bytea  not null check (length(hash) = 32)
);

create function repository.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the journal is only ever appended to';
end $$;

create trigger event_is_final before update or delete or truncate on repository.event
    for each statement execute function repository.refuse_change();
create trigger seal_is_final before update or delete or truncate on repository.seal
    for each statement execute function repository.refuse_change();

-- What the search index has yet to follow. A row is written in the transaction of the change and removed once the index holds it.
create schema search;

create table search.pending (
    id           bigint generated always as identity primary key,
    subject_kind text        not null,
    subject      uuid        not null,
    tx           xid8        not null default pg_current_xact_id(),
    at           timestamptz not null default now()
);

create index pending_subject on search.pending (subject, tx);

-- What an administrator has said about a source. Sources that nobody has spoken of have no row: whatever comes in names its own.
create table capture.source (
    name       text        primary key,
    note       text        not null default '', -- what it is and whom to ask, for people
    paused_at  timestamptz,                     -- null while it may hand in
    changed_by text        not null,
    changed_at timestamptz not null default now()
);
create index piece_source on capture.piece (source, seq desc);

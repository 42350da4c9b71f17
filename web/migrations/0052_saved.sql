-- Lists that somebody keeps under a name: the address of a search or of a list of tickets.
create table web.saved (
    id      uuid        primary key,
    user_id uuid        not null,
    page    text        not null check (page in ('search', 'tickets')),
    name    text        not null check (name <> ''),
    query   text        not null, -- what follows the question mark
    at      timestamptz not null default now(),
    unique (user_id, page, name)
);

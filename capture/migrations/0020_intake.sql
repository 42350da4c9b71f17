create schema capture;

-- The last sequence number of the ledger. One row: numbers have no gaps, because a piece that is not committed takes none.
create table capture.counter (
    only_row bool primary key default true check (only_row),
    seq      bigint not null default 0
);
insert into capture.counter default values;

-- The intake ledger. A rejected piece may have no document: its bytes were refused.
create table capture.piece (
    receipt     uuid primary key,
    seq         bigint      not null unique,
    document    uuid references repository.document,
    source      text        not null,
    origin      text, -- what the source calls it; the same origin twice is the same piece
    name        text        not null,
    media_type  text        not null default '',
    size        bigint      not null default 0,
    sha256      bytea,
    received_at timestamptz not null,
    received_by text        not null,
    parent      uuid references capture.piece, -- the piece that it was attached to
    root        uuid        not null,          -- the piece at the top of its parents, itself when it came alone
    depth       int         not null default 0, -- how many parents there are
    batch       text        not null default '',
    state       text        not null check (state in ('stored', 'reading', 'waiting', 'filed', 'exception', 'rejected', 'duplicate')),
    reason      text        not null default '', -- why it is an exception or rejected, a sentence for a clerk
    changed_at  timestamptz not null default now(),
    check (document is not null or state = 'rejected'),
    unique (source, origin)
);

create index piece_document on capture.piece (document);
create index piece_received on capture.piece (received_at, source, state);
create index piece_root on capture.piece (root) where depth > 0;
create index piece_parent on capture.piece (parent) where parent is not null;
create index piece_open on capture.piece (state, seq) where state in ('stored', 'reading', 'waiting', 'exception');
create index piece_batch on capture.piece (batch, seq) where batch <> '';

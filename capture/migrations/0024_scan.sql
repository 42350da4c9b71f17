-- The scan desk. Files are stored as they come, each a document of its own; what a person makes of their pages is only said here
-- until it is sent. Sent pieces are made from the pages; the originals stay, and scan_origin says for good what came from where.
create table capture.draft (
    id         uuid primary key,
    name       text        not null, -- of the batch that its pieces will be
    source     text        not null,
    owner      text        not null,
    created_at timestamptz not null default now(),
    sending_at timestamptz, -- from then on nothing of it changes
    sent_at    timestamptz,
    problem    text        not null default '', -- why it could not be sent
    dropped_at timestamptz  -- put away without being sent
);
create index draft_open on capture.draft (owner, created_at) where sent_at is null and dropped_at is null;

create table capture.scan (
    id       uuid primary key,
    draft    uuid not null references capture.draft,
    document uuid not null references repository.document,
    version  int  not null,
    name     text not null,
    size     bigint not null,
    state    text not null default 'new' check (state in ('new', 'pages', 'whole', 'failed')),
    reason   text not null default '', -- why it failed, a sentence for a clerk
    known    bigint                    -- number in the ledger of a piece with the same bytes that came before
);
create index scan_draft on capture.scan (draft);
create index scan_document on capture.scan (document);

-- A file that stays whole is one page.
create table capture.scan_page (
    id        bigint generated always as identity primary key,
    draft     uuid not null references capture.draft,
    scan      uuid not null references capture.scan,
    number    int  not null,
    position  int  not null,
    turn      int  not null default 0 check (turn in (0, 90, 180, 270)),
    removed   bool not null default false,
    begins    bool not null default false, -- a piece begins with it
    blank     bool not null default false,
    separator bool not null default false,
    unique (scan, number)
);
create index scan_page_draft on capture.scan_page (draft, position);

create table capture.scan_origin (
    receipt  uuid not null references capture.piece,
    page     int  not null,
    document uuid not null references repository.document,
    version  int  not null,
    number   int  not null, -- of the page in that document
    turn     int  not null,
    primary key (receipt, page)
);
create index scan_origin_document on capture.scan_origin (document);

create function capture.tell_scans() returns trigger language plpgsql as $$
begin
    perform pg_notify('docket', 'scans');
    return null;
end $$;
create trigger scan_changed after insert or update on capture.scan for each statement execute function capture.tell_scans();
create trigger scan_page_changed after insert or update on capture.scan_page for each statement execute function capture.tell_scans();

-- What was understood of a document's newest read version. The text itself is in repository.page_text.
create table capture.reading (
    document   uuid primary key references repository.document,
    version    int         not null,
    rev        int         not null default 1,    -- counts changes, so that the last save never silently wins
    pages      int         not null,
    language   text        not null default '',
    class      text        not null,              -- the machine's best, or what a person decided
    confidence real        not null,              -- calibrated, 0 to 1
    ranked     jsonb       not null default '[]', -- the classes considered, with confidences
    reasons    jsonb       not null default '[]', -- what spoke for the class
    fields     jsonb       not null default '{}',
    doubts     jsonb       not null default '[]', -- why a person is asked, sentences; empty when nobody is
    flags      jsonb       not null default '[]', -- what is special about the file, sentences
    meta       jsonb       not null default '{}', -- of messages: subject, from, date
    read_at    timestamptz not null default now(),
    decided_by text,                              -- who validated it, null while only the machine has spoken
    decided_at timestamptz
);

-- Documents whose class a person has decided: what detection learns from. The text is in repository.page_text.
create table capture.example (
    document uuid primary key references repository.document,
    class    text        not null,
    language text        not null default '',
    machine  text        not null, -- what the machine had said
    by       text        not null,
    at       timestamptz not null default now()
);
create index example_at on capture.example (at);

-- Detection models: the newest one taken is in use, the others can be gone back to.
create table capture.model (
    id       bigint generated always as identity primary key,
    at       timestamptz not null default now(),
    material text        not null, -- digest of the shipped material and classes it was trained with
    examples int         not null, -- corrections it was trained with
    taken    bool        not null,
    why      text        not null, -- a sentence: why it was taken or not
    score    jsonb       not null,
    content  bytea       not null
);

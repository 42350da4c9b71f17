-- What the virus scanner said of versions. A version has a row from the moment it is stored while a scanner is configured, and its bytes are
-- handed out to nobody until the row says so. A version without a row was never to be checked.
create table capture.screening (
    document uuid        not null,
    version  int         not null,
    verdict  text        not null default 'pending' check (verdict in ('pending', 'clean', 'infected', 'oversize', 'released', 'unchecked')),
    inside   bool        not null default false, -- of a message: its own words are clean, what it brings is not
    found    text        not null default '',    -- the name of the signature
    engine   text        not null default '',    -- which scanner said so, with the number of its signatures
    built    timestamptz,                        -- when these were made, null when it did not say
    at       timestamptz not null default now(), -- since when it waits, or when this was said
    tries    int         not null default 0,     -- how often the scanner was asked in vain
    trouble  text        not null default '',    -- why it did not answer
    by       text        not null default '',    -- who released it
    reason   text        not null default '',
    primary key (document, version),
    foreign key (document, version) references repository.version
);
create index screening_pending on capture.screening (at) where verdict = 'pending';
create index screening_held on capture.screening (document, version) where verdict in ('infected', 'oversize');

-- A board that says that the scanner is away is told when it is, and when it is back.
create trigger screening_changed after update on capture.screening for each statement execute function capture.tell_pieces();

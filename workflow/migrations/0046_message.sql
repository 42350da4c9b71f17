-- Messages of conversations as the chain of rules needs to know them: those that came, and those that we sent.
create table workflow.message (
    document     uuid        primary key references repository.document, -- the message itself; of ours also the ID in its reply token
    direction    text        not null check (direction in ('in', 'out')),
    message_id   text        not null,              -- without angle brackets
    parents      text[]      not null default '{}', -- the Message-IDs that it answers, the nearest first
    subject      text        not null default '',
    base_subject text        not null default '',   -- without reply prefixes
    sender       text        not null default '',   -- address in small letters
    sender_name  text        not null default '',
    recipients   text[]      not null default '{}', -- addresses
    channel      uuid        references taxonomy.channel, -- that it came by or goes out by
    kind         text        not null default '',   -- thread.Kind of what came
    silent       boolean     not null default false, -- never answered automatically: a program wrote it, or it came otherwise than by mail
    aligned      boolean     not null default false, -- the sender's domain is proved
    received     jsonb       not null default '[]', -- what came with it: names, sizes, digests
    ticket       uuid        references workflow.ticket, -- where it is; in quarantine: where it may belong
    sent_for     uuid,                              -- of ours: the ticket that its reply token was made for
    action       text        not null default '',   -- thread.Action of what came
    rule         int         not null default 0,
    sure         real        not null default 0,
    reason       text        not null default '',   -- a sentence for people
    answers      uuid,                              -- what we sent that it answers
    warn         boolean     not null default false, -- the sender is not proved: disclose nothing
    trace        jsonb       not null default '[]', -- thread.Step
    decided_by   text        not null default '',   -- the person who decided about one in quarantine
    decided_at   timestamptz,
    at           timestamptz not null               -- when it came or was queued
);

create index message_id on workflow.message (message_id);
create index message_ticket on workflow.message (ticket, document);
create index message_quarantine on workflow.message (document) where action = 'quarantine' and decided_at is null;
create index message_sender on workflow.message (sender, at) where direction = 'in';

-- Addresses that take part in a ticket's conversation, beside those of its party.
create table workflow.participant (
    ticket  uuid        not null references workflow.ticket,
    address text        not null, -- in small letters
    name    text        not null default '',
    limited boolean     not null, -- somebody else who answered: sees only what is written to them
    at      timestamptz not null default now(),
    primary key (ticket, address)
);

-- Tickets that have to do with each other.
create table workflow.ticket_link (
    ticket uuid        not null references workflow.ticket, -- the younger one
    other  uuid        not null references workflow.ticket,
    how    text        not null, -- a sentence for people
    at     timestamptz not null default now(),
    primary key (ticket, other)
);

create index ticket_link_other on workflow.ticket_link (other);

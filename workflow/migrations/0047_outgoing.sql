-- What we send. The row is there before the message is written; its ID is the document's, and the one in the reply token.
create table workflow.outgoing (
    id          uuid        primary key,
    kind        text        not null check (kind in ('reply', 'acknowledgement', 'notification')),
    ticket      uuid        not null references workflow.ticket,
    channel     uuid        not null references taxonomy.channel,
    answers     uuid        references repository.document, -- the message that it answers, null for none
    parents     text[]      not null default '{}', -- the Message-IDs that it answers, the nearest first
    recipients  text[]      not null,
    copies      text[]      not null default '{}', -- Cc
    subject     text        not null,
    body        text        not null,              -- plain text
    language    text        not null default '',
    attachments uuid[]      not null default '{}', -- documents
    digest      bytea,                             -- of an automatic one's text, without what differs from copy to copy
    state       text        not null check (state in ('held', 'queued', 'sent', 'failed', 'bounced', 'cancelled')),
    not_before  timestamptz not null,              -- until then it can be called back
    attempts    int         not null default 0,
    answer      text        not null default '',   -- what the other server said last
    trouble     text        not null default '',   -- a sentence for people, of what failed or bounced
    sent_at     timestamptz,
    bounced_at  timestamptz,
    resend_of   uuid        references workflow.outgoing,
    by          text        not null,
    created_at  timestamptz not null default now()
);

create index outgoing_state on workflow.outgoing (state, id desc);
create index outgoing_ticket on workflow.outgoing (ticket, id);
create unique index outgoing_acknowledgement on workflow.outgoing (ticket) where kind = 'acknowledgement' and resend_of is null; -- once for a matter
create index outgoing_caps on workflow.outgoing (created_at) where kind <> 'reply';

-- Addresses that nothing is sent to until somebody changes it: a final failure was reported (RFC 3463, 5.x.x).
create table workflow.suppressed (
    address text        primary key, -- in small letters
    reason  text        not null,
    message uuid        references workflow.outgoing,
    at      timestamptz not null default now()
);

-- Answers that somebody has begun to write.
create table workflow.draft (
    ticket      uuid        not null references workflow.ticket,
    by          text        not null,
    recipients  text[]      not null default '{}',
    copies      text[]      not null default '{}',
    subject     text        not null default '',
    body        text        not null default '',
    answers     uuid,
    attachments uuid[]      not null default '{}',
    version     int         not null default 1,
    changed_at  timestamptz not null default now(),
    primary key (ticket, by)
);

-- Each time a message was handed to us: by whom, for which of our addresses. The same message may come several times.
create table capture.delivery (
    receipt    uuid  primary key references capture.piece,
    document   uuid  references repository.document, -- null when the bytes were refused
    identity   bytea not null,                       -- the same for all copies of a message: see mailDigest
    protocol   text  not null check (protocol in ('smtp', 'lmtp', 'imap', 'import')),
    mail_from  text  not null default '',            -- the envelope's sender, empty for <> and where there is no envelope
    recipients text[] not null default '{}',         -- the envelope's, as they were written
    channels   uuid[] not null default '{}',         -- those of ours that it came by
    helo       text  not null default '',
    ip         inet,                                 -- who handed it over, null where nobody knows
    verdict    jsonb                                 -- who really sent it: verify.Verdict; null before it was read
);

create index delivery_identity on capture.delivery (identity);
create index delivery_document on capture.delivery (document);

-- Mailboxes that are fetched by IMAP.
create table capture.mailbox (
    id          uuid        primary key,
    channel     uuid        not null references taxonomy.channel,
    host        text        not null,
    port        int         not null check (port between 1 and 65535),
    security    text        not null check (security in ('tls', 'starttls', 'none')),
    username    text        not null,
    login       text        not null check (login in ('password', 'xoauth2')),
    secret      text        not null, -- the password, or the refresh token (RFC 6749), sealed
    token_url   text        not null default '', -- of xoauth2: where access tokens are given out, and to whom
    client_id   text        not null default '',
    client_key  text        not null default '', -- sealed
    folder      text        not null default 'INBOX',
    done_folder text        not null default '', -- where messages go once they are stored; empty: they are marked as seen
    uidvalidity bigint      not null default 0,  -- the position: RFC 3501 section 2.3.1.1
    uid         bigint      not null default 0,  -- the last one that was taken in
    paused_at   timestamptz,
    checked_at  timestamptz, -- when it was last looked into without trouble
    trouble     text        not null default '',
    trouble_at  timestamptz,
    version     int         not null default 1,
    changed_by  text        not null,
    changed_at  timestamptz not null default now()
);

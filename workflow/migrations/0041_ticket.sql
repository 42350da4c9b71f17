-- Processes as versioned data: a ticket stays with the version it was opened under.
create table workflow.process (
    id           text        not null,
    version      int         not null,
    body         jsonb       not null,
    installed_at timestamptz not null default now(),
    primary key (id, version)
);

-- The last number given out, by prefix and year. The row is locked until the ticket is committed, so that no number is lost.
create table workflow.sequence (
    prefix text not null,
    year   int  not null,
    last   int  not null,
    primary key (prefix, year)
);

create table workflow.ticket (
    id              uuid        primary key,
    number          text        not null unique,
    process         text        not null,
    process_version int         not null,
    class           text        not null,
    title           text        not null,
    document        uuid        references repository.document, -- what it was opened for
    party           uuid        references taxonomy.party,
    subject         text        not null default '', -- term
    product         text        not null default '', -- term
    keys            text[]      not null default '{}', -- contract, policy and invoice numbers, letters and digits only
    language        text        not null default '',
    amount          text        not null default '', -- normalised as the field is
    state           text        not null,
    waiting_on      text        not null check (waiting_on in ('not-started', 'us', 'customer', 'closed')),
    owner           text        not null default '', -- a person's name, empty for nobody
    team            text        not null default '',
    priority        text        not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
    readers         text[]      not null,
    received_at     timestamptz not null,
    opened_at       timestamptz not null default now(),
    due_at          timestamptz not null,
    active_at       timestamptz not null, -- when something last came in or was done
    closed_at       timestamptz,
    version         int         not null default 1,
    foreign key (process, process_version) references workflow.process (id, version),
    check ((waiting_on = 'closed') = (closed_at is not null))
);

create index ticket_open_due on workflow.ticket (due_at, id) where closed_at is null;
create index ticket_open_party on workflow.ticket (party) where closed_at is null;
create index ticket_party on workflow.ticket (party, id desc);
create index ticket_owner on workflow.ticket (owner, id desc);
create index ticket_opened_for on workflow.ticket (document);
create index ticket_readers on workflow.ticket using gin (readers);

create table workflow.ticket_document (
    ticket   uuid        not null references workflow.ticket,
    document uuid        not null references repository.document,
    how      text        not null, -- why it belongs there, for people
    by       text        not null,
    at       timestamptz not null default now(),
    primary key (ticket, document)
);

create index ticket_document_document on workflow.ticket_document (document);

create table workflow.note (
    id     uuid        primary key,
    ticket uuid        not null references workflow.ticket,
    by     text        not null,
    at     timestamptz not null default now(),
    text   text        not null
);

create index note_ticket on workflow.note (ticket, id);

create table workflow.task (
    id         uuid        primary key,
    kind       text        not null,
    document   uuid        references repository.document,
    ticket     uuid        references workflow.ticket,
    reason     text        not null, -- a sentence for whoever does it
    team       text        not null default '',
    assignee   text        not null default '',
    created_at timestamptz not null default now(),
    created_by text        not null,
    due_at     timestamptz,
    done_at    timestamptz,
    done_by    text        not null default '',
    outcome    text        not null default '',
    check ((done_at is null) = (done_by = ''))
);

create unique index task_open_document on workflow.task (kind, document) where done_at is null and document is not null;
create index task_open on workflow.task (team, id) where done_at is null;
create index task_ticket on workflow.task (ticket, id);

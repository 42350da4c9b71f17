-- What people are told of by e-mail, and where. Without an address nothing is sent, so the default says what an address begins with.
alter table workflow.person add column email text not null default '';
alter table workflow.person add column told_of text[] not null default '{assigned,answered}';

-- What has happened that somebody is to be told of. The rows wait until they are told together, in one message, and are gone then.
create table workflow.notice (
    id       uuid        primary key,
    person   uuid        not null references workflow.person,
    ticket   uuid        not null references workflow.ticket,
    kind     text        not null,
    by       text        not null,  -- whoever did it
    document uuid,                  -- the customer's message
    note     uuid        references workflow.note,
    message  uuid        references workflow.outgoing, -- of the person, that came back
    at       timestamptz not null
);

create index notice_person on workflow.notice (person, ticket, id);

-- Notifications go out as all messages do. They are of nobody's conversation.
alter table workflow.outgoing drop constraint outgoing_kind_check;
alter table workflow.outgoing add check (kind in ('reply', 'acknowledgement', 'notification', 'notice'));
alter table workflow.outgoing add column person uuid references workflow.person; -- of a notice: who is told
alter table workflow.outgoing add column internal boolean not null default false; -- of a notice: an answer to it is a note
alter table workflow.outgoing add check ((kind = 'notice') = (person is not null));

create index outgoing_person on workflow.outgoing (person, created_at) where person is not null;

-- What came in answer to a notification.
alter table workflow.message add column notice uuid;

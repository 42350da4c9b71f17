-- The Message-ID that a message gives itself, without <>; empty for none. Known before it is read, so that an answer to it can wait.
alter table capture.delivery add column message_id text not null default '';

update capture.delivery d set message_id = coalesce(r.mail ->> 'id', '') from capture.reading r where r.document = d.document and r.mail is not null;

create index delivery_message_id on capture.delivery (message_id) where message_id <> '';

-- An archive is old mail that was settled elsewhere: it is kept and found, and nothing follows from it.
alter table capture.delivery drop constraint delivery_protocol_check,
    add constraint delivery_protocol_check check (protocol in ('smtp', 'lmtp', 'imap', 'import', 'archive'));

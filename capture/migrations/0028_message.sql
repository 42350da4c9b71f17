-- What a message says of itself that decides where it belongs: MailFacts; null for what is no message.
alter table capture.reading add column mail jsonb;

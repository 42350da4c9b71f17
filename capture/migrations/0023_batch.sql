-- Every process that shows pieces is told that some have changed, once a transaction, when it is committed.
create function capture.tell_pieces() returns trigger language plpgsql as $$
begin
    perform pg_notify('docket', 'pieces');
    return null;
end $$;
create trigger piece_changed after insert or update on capture.piece for each statement execute function capture.tell_pieces();

-- Pieces that were handed in together, known by a name. Pieces of a name belong to one batch, whenever they come.
create table capture.batch (
    id         bigint generated always as identity primary key,
    name       text        not null unique check (name <> ''),
    source     text        not null, -- of the first piece
    created_by text        not null,
    created_at timestamptz not null default now(),
    expected   int check (expected >= 0) -- how many pieces a person has counted, null when nobody has
);
create index batch_created on capture.batch (created_at desc, id desc);
insert into capture.batch (name, source, created_by, created_at)
    select distinct on (batch) batch, source, received_by, received_at from capture.piece where batch <> '' order by batch, seq;

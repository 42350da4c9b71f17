-- What an organisation has defined: categories, fields, terms and classes, each one JSON document as the program reads it.
create schema taxonomy;

create table taxonomy.definition (
    kind       text        not null check (kind in ('category', 'field', 'term', 'class', 'setting')),
    id         text        not null, -- of a term: "subject/late-delivery"
    position   int         not null,
    body       jsonb       not null,
    shipped    jsonb,                -- what the pack last wrote; null when an administrator made it
    version    int         not null default 1,
    changed_by text        not null,
    changed_at timestamptz not null default now(),
    primary key (kind, id)
);

-- Every earlier state of a definition.
create table taxonomy.definition_history (
    kind       text        not null,
    id         text        not null,
    version    int         not null,
    body       jsonb       not null,
    changed_by text        not null,
    changed_at timestamptz not null,
    primary key (kind, id, version)
);

-- Counts up with every change, so that a cached catalogue knows when it is old.
create table taxonomy.revision (one boolean primary key default true check (one), number bigint not null);
insert into taxonomy.revision (number) values (1);

create function taxonomy.definition_changed() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.version <> new.version then
        insert into taxonomy.definition_history values (old.kind, old.id, old.version, old.body, old.changed_by, old.changed_at);
    end if;
    return null;
end $$;

create trigger definition_changed after update on taxonomy.definition
    for each row execute function taxonomy.definition_changed();

create function taxonomy.count_revision() returns trigger language plpgsql as $$
begin
    update taxonomy.revision set number = number + 1;
    return null;
end $$;

create trigger count_revision after insert or update or delete on taxonomy.definition
    for each statement execute function taxonomy.count_revision();

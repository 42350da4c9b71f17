-- What people mark on pages. An annotation belongs to a version, whose bytes it never touches. Nothing is deleted: one that is
-- withdrawn stays with who and when, one that is changed keeps what it was.
create table repository.annotation (
    document     uuid        not null,
    id           uuid        not null,
    version      int         not null,
    page         int         not null check (page > 0),
    kind         text        not null check (kind in ('highlight', 'note', 'stamp')),
    boxes        jsonb       not null, -- in pixels of the page image
    text         text        not null default '' check (length(text) <= 2000),
    stamp        text        not null default '' check ((kind = 'stamp') = (stamp <> '')),
    rev          int         not null default 1 check (rev > 0),
    by           text        not null,
    at           timestamptz not null default now(),
    changed_by   text,
    changed_at   timestamptz,
    former       jsonb       not null default '[]', -- what it was before each change, the first first
    withdrawn_by text,
    withdrawn_at timestamptz,
    primary key (document, id),
    foreign key (document, version) references repository.version,
    check ((changed_by is null) = (changed_at is null)),
    check ((withdrawn_by is null) = (withdrawn_at is null))
);

create index annotation_version on repository.annotation (document, version, page, id);

-- Texts for what we write often, with places for what is known of a ticket. They are retired, never deleted.
create table workflow.template (
    id         text        primary key, -- a short name
    position   int         not null,
    body       jsonb       not null,    -- purpose, process, titles, texts by language
    shipped    jsonb,                   -- as it came with the program, null for one that the house made
    retired_at timestamptz,
    version    int         not null default 1,
    changed_by text        not null,
    changed_at timestamptz not null default now()
);

-- One acknowledgement for a process, and one for all others.
create unique index template_acknowledgement on workflow.template ((coalesce(body->>'process', '')))
    where body->>'purpose' = 'acknowledgement' and retired_at is null;

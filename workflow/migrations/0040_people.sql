-- People who sign in.
create schema workflow;

create table workflow.person (
    id         uuid        primary key,
    name       text        not null check (name = lower(name) and name <> ''), -- what they sign in with
    title      text        not null,                                           -- what others call them
    hash       text        not null,                                           -- argon2id, empty for nobody may sign in
    roles      text[]      not null,
    teams      text[]      not null default '{}',
    language   text        not null default 'en',
    active     boolean     not null default true,
    created_at timestamptz not null default now(),
    unique (name)
);

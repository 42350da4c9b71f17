-- Sessions, API tokens and failed sign-ins. Secrets are stored as digests only: whoever reads these tables can sign in as nobody.
create schema web;

create table web.session (
    token      text primary key, -- SHA-256 of the cookie's value
    data       bytea not null,
    expires_at timestamptz not null
);
create index session_expires on web.session (expires_at);

create table web.token (
    id           uuid primary key,
    user_id      uuid not null,
    name         text not null,
    digest       bytea not null unique, -- SHA-256 of the bearer token
    created_at   timestamptz not null,
    last_used_at timestamptz,
    expires_at   timestamptz,
    revoked_at   timestamptz
);
create index token_user on web.token (user_id);

create table web.login_failure (
    attempt uuid not null,
    key     text not null, -- what is counted: a pair of name and address, a name, an address
    at      timestamptz not null,
    primary key (key, attempt)
);
create index login_failure_attempt on web.login_failure (attempt);
create index login_failure_at on web.login_failure (at);

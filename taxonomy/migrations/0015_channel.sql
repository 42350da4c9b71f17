-- The addresses that customers write to, and from which they are answered.
create table taxonomy.channel (
    id         uuid        primary key,
    address    text        not null unique check (address = lower(address) and address like '%_@_%'),
    aliases    text[]      not null default '{}', -- other addresses of the same
    name       text        not null,              -- what stands beside the address in what we send
    language   text        not null default '',   -- of what is sent when the customer's is not known; empty: the house's
    signature  text        not null default '',   -- under what we send
    retired_at timestamptz,                       -- mail for it is refused from then on
    version    int         not null default 1,
    changed_by text        not null,
    changed_at timestamptz not null default now()
);

-- The same order over all tickets, closed ones too.
create index ticket_active on workflow.ticket (active_at, id);

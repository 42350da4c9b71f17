-- Every page counts the open tickets that its reader may see: from the index alone.
drop index workflow.ticket_open_due;
create index ticket_open_due on workflow.ticket (due_at, id) include (readers, waiting_on, owner) where closed_at is null;

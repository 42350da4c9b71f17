-- Lists of open tickets of which nothing has been heard for longest.
create index ticket_open_active on workflow.ticket (active_at, id) where closed_at is null;

-- Whose a session is, so that the sessions of somebody who may not sign in any more can be ended. Those of before are ended now.
delete from web.session;
alter table web.session add column user_id uuid;
create index session_of_user on web.session (user_id);

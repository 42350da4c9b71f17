-- What a file is by its bytes ("mail", "archive", "pdf"), and whether it is only the cover of what came inside it.
alter table capture.reading add column kind text not null default '';
alter table capture.reading add column cover bool not null default false;
create index reading_cover on capture.reading (document) where cover;

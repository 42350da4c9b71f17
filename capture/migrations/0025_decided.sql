-- What a person has decided today, for their own count and pace, and their last one, to correct it.
create index reading_decided on capture.reading (decided_by, decided_at desc) where decided_by is not null;

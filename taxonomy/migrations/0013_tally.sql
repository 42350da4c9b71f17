-- How many records lie in each folder for each set of readers, by class and year of the letter, as a sum of changes: writers only
-- append, so they never wait for each other, and a chore folds the rows together (tally.go). The file plan then counts some
-- hundred rows, not all records.
create table taxonomy.tally (
    folder  uuid   not null,
    readers text[] not null,
    class   text   not null,
    year    int    not null, -- of the letter, 0 without a date
    records int    not null  -- added; negative for what was taken out
);

create function taxonomy.tally_added() returns trigger language plpgsql as $$
begin
    insert into taxonomy.tally (folder, readers, class, year, records)
        select folder, readers, class, coalesce(extract(year from letter_date), 0), count(*) from added group by 1, 2, 3, 4;
    return null;
end $$;

create function taxonomy.tally_removed() returns trigger language plpgsql as $$
begin
    insert into taxonomy.tally (folder, readers, class, year, records)
        select folder, readers, class, coalesce(extract(year from letter_date), 0), -count(*) from removed group by 1, 2, 3, 4;
    return null;
end $$;

create function taxonomy.tally_changed() returns trigger language plpgsql as $$
begin
    insert into taxonomy.tally (folder, readers, class, year, records)
        select folder, readers, class, coalesce(extract(year from letter_date), 0), sum(n) from (
            select folder, readers, class, letter_date, 1 as n from added
            union all select folder, readers, class, letter_date, -1 from removed) c
        group by 1, 2, 3, 4 having sum(n) <> 0;
    return null;
end $$;

create trigger tally_added after insert on taxonomy.record
    referencing new table as added for each statement execute function taxonomy.tally_added();
create trigger tally_removed after delete on taxonomy.record
    referencing old table as removed for each statement execute function taxonomy.tally_removed();
create trigger tally_changed after update on taxonomy.record
    referencing old table as removed new table as added for each statement execute function taxonomy.tally_changed();

insert into taxonomy.tally (folder, readers, class, year, records)
    select folder, readers, class, coalesce(extract(year from letter_date), 0), count(*) from taxonomy.record group by 1, 2, 3, 4;

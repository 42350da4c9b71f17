-- The lists of a category. In each order they are read as the first of each of its folders, so these indexes begin with the folder;
-- they hold besides what a list is narrowed by.
drop index taxonomy.record_folder;
create index record_folder on taxonomy.record (folder, document desc) include (readers, class, letter_date);
create index record_folder_day on taxonomy.record (folder, coalesce(letter_date, date '-infinity') desc, document desc) include (readers, class);
create index record_folder_title on taxonomy.record (folder, lower(title), document) include (readers, class, letter_date);

-- The tally also tells classes and years of letters, by which a category is narrowed. Year 0 is that of no date.
alter table taxonomy.tally add column class text, add column year int;

create or replace function taxonomy.tally_added() returns trigger language plpgsql as $$
begin
    insert into taxonomy.tally (folder, readers, class, year, records)
        select folder, readers, class, coalesce(extract(year from letter_date), 0), count(*) from added group by 1, 2, 3, 4;
    return null;
end $$;

create or replace function taxonomy.tally_removed() returns trigger language plpgsql as $$
begin
    insert into taxonomy.tally (folder, readers, class, year, records)
        select folder, readers, class, coalesce(extract(year from letter_date), 0), -count(*) from removed group by 1, 2, 3, 4;
    return null;
end $$;

create or replace function taxonomy.tally_changed() returns trigger language plpgsql as $$
begin
    insert into taxonomy.tally (folder, readers, class, year, records)
        select folder, readers, class, coalesce(extract(year from letter_date), 0), sum(n) from (
            select folder, readers, class, letter_date, 1 as n from added
            union all select folder, readers, class, letter_date, -1 from removed) c
        group by 1, 2, 3, 4 having sum(n) <> 0;
    return null;
end $$;

truncate taxonomy.tally;
insert into taxonomy.tally (folder, readers, class, year, records)
    select folder, readers, class, coalesce(extract(year from letter_date), 0), count(*) from taxonomy.record group by 1, 2, 3, 4;
alter table taxonomy.tally alter column class set not null, alter column year set not null;

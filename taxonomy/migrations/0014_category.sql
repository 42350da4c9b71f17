-- The lists of a category. In each order they are read as the first of each of its folders, so these indexes begin with the folder;
-- they hold besides what a list is narrowed by.
drop index taxonomy.record_folder;
create index record_folder on taxonomy.record (folder, document desc) include (readers, class, letter_date);
create index record_folder_day on taxonomy.record (folder, coalesce(letter_date, date '-infinity') desc, document desc) include (readers, class);
create index record_folder_title on taxonomy.record (folder, lower(title), document) include (readers, class, letter_date);

-- Titles stand in the order in which people look for them: small letters beside capital ones, letters with marks beside those without,
-- numbers by their value (Unicode's order, as CLDR has it for all languages alike). The index of a category's list follows.
create collation taxonomy.reading (provider = icu, locale = 'und-u-kn-true');
drop index taxonomy.record_folder_title;
create index record_folder_title on taxonomy.record (folder, title collate taxonomy.reading, document) include (readers, class, letter_date);

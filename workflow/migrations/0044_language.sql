-- Nobody has a language before they choose one: until then their screens are in what their browser asks for. The default was English,
-- so English was nobody's choice.
alter table workflow.person alter column language set default '';
update workflow.person set language = '' where language = 'en';

-- Messages that began a matter although they answer something: what they answer may come later.
create index message_early on workflow.message using gin (parents) where direction = 'in' and action = 'new' and parents <> '{}';

-- Messages that begin with a signature or with what a server found were told to be plain text. Their names say what they are.
update repository.version set media_type = 'message/rfc822' where media_type like 'text/plain%' and lower(name) like '%.eml';

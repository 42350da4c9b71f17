-- The pieces of messages that were told to be plain text, as the versions are in 0003_message.sql.
update capture.piece set media_type = 'message/rfc822' where media_type like 'text/plain%' and lower(name) like '%.eml';

// Package clamd asks ClamAV's daemon whether bytes hold something harmful.
//
// # Words
//
//   - Scanner: a running clamd, reached by a Unix socket or over TCP.
//   - Answer: what it said about one stream: clean, the name of what it found, or that the stream is too large for it.
//   - Version: which engine it is, and which signatures it knows, of which day.
//
// It speaks the three commands that are needed (clamd(8)): PING, VERSION and INSTREAM, each on a connection of its own, which is how
// clamd likes it best. Bytes are streamed in chunks, so the daemon needs no access to our files and may run on another machine.
//
// Nothing but the words "stream: OK" is clean. Whatever cannot be understood, is cut short or takes too long is an error, and an
// error says that nothing is known.
//
// # What it does not do
//
// It decides nothing about what was found and keeps nothing; that is package capture. It does not start or update clamd.
//
// # Why this code and no library
//
// The Go modules for clamd that are used most have no context or no deadlines, answer with maps or channels, or take an answer that they
// do not know for a clean one; one that does better is a few weeks old. The protocol is three commands. A test speaks to the real daemon.
package clamd

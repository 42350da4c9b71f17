// Package journal is the audit trail, the outbox and the event bus in one.
//
// # Words
//
//   - Event: who did what to which subject, when, with what detail. Events are only ever appended.
//   - Subscriber: a function that is told of an event in the transaction that appends it. It may write rows and insert
//     jobs and nothing else: call for intentions, subscribe for consequences.
//   - Seal: an event's place in the hash chain. Events are sealed in order shortly after they are committed, so that
//     writers never wait for each other; a seal holds the digest of the event and of the seal before it, so no event can be
//     changed, removed or slipped in afterwards without Verify finding it. An event is sealed once every transaction that
//     began before it has ended, in whatever database of the PostgreSQL server.
package journal

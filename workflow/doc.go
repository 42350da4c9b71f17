// Package workflow drives what came in to an answer in time: processes, tickets, tasks, and the people who work on them.
//
// # Words
//
//   - Process: states, transitions between them, and rules, as versioned data (processes/*.json). A ticket stays with the
//     version it was opened under.
//   - Ticket: a matter that somebody has to bring to an end. Its number carries a check digit, so that a misread one is found.
//   - Transition: a step from state to state; a guard and roles say when and by whom.
//   - Route: a rule for who gets a new ticket.
//   - Task: one thing a person has to decide or do, such as validating a document the machine was unsure of.
//   - Message: an e-mail of a conversation and what was decided about it: Thread asks the rules of package thread before the message is
//     filed, Accept follows the decision afterwards. Quarantine: where one waits for a person to decide.
//   - Template: a text for what is written often, with places for what is known of a ticket, in several languages. Those in templates/ ship
//     with the program and are data in the database from then on; package letter says what may stand in one.
//   - Outgoing: something that we send by e-mail, from the outbox, where it can be called back, to the report that it came back. It becomes
//     a document of its ticket. Packages letter and relay write it and hand it over; a Postman works the jobs.
//   - Notifier: notes what a person is to be told of by e-mail, a [Teller] tells it. Notice: the message, which can be answered.
//   - Desk: where documents become tickets and tickets are worked on. User: a person who signs in.
//
// # Decisions
//
// Guards and routing conditions are CEL (cel.dev/cel-go): typed, without loops or side effects, with a bound on what they
// cost, so that an administrator can write them and neither a typing error nor malice stops the house. They are compiled
// when a process is read; a process whose guard does not compile is refused.
//
// Numbers come from one row for each prefix and year, locked until the ticket is committed: no gaps, which auditors ask for,
// at the price that tickets of one process are opened one after the other.
//
// A letter joins a ticket whose number it names only when it comes from the ticket's party. Numbers can be guessed and
// misread; a person decides then. A message joins one by a signed token, or by what its sender may answer; see package thread.
//
// The desk follows the journal (Follow): whoever files a document need not know that tickets exist.
//
// Passwords are hashed with argon2id (alexedwards/argon2id, a thin cover of golang.org/x/crypto that keeps the parameters
// in the hash).
//
// What is sent is stored before, byte for byte, and these bytes are handed to the relay: go-mail could send as well, but would write the
// message anew, and then what is kept would not prove what was sent.
//
// Nothing automatic is made where sending is not set up, and never more than the caps allow: to tell a machine from a person fails now
// and then. Addresses that a final report came back from are left alone until a person says otherwise.
//
// What people are told is closed and of nobody's conversation: see Postman.fileNotice. An answer to it is followed or looked at by a person,
// and no other rule is asked about it; see package thread.
//
// What this package does not do: recognise documents (capture), name and file them (taxonomy), read messages (capture/mail).
//
// # Journal
//
// ticket.opened, ticket.joined, ticket.moved, ticket.assigned, ticket.noted, ticket.changed, ticket.answer-bounced; task.raised, task.done;
// ticket.linked; message.threaded, message.decided, message.queued, message.sent, message.failed, message.bounced, message.delayed, message.cancelled, message.withheld;
// person.told;
// address.suppressed, address.restored; template.changed;
// user.added, user.changed, user.password-changed. The details stand at the constants.
package workflow

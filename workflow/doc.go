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
// misread; a person decides then.
//
// The desk follows the journal (Follow): whoever files a document need not know that tickets exist.
//
// Passwords are hashed with argon2id (alexedwards/argon2id, a thin cover of golang.org/x/crypto that keeps the parameters
// in the hash).
//
// What this package does not do: recognise documents (capture), name and file them (taxonomy), send letters or mail.
//
// # Journal
//
// ticket.opened, ticket.joined, ticket.moved, ticket.assigned, ticket.noted, ticket.changed; task.raised, task.done;
// user.added, user.changed, user.password-changed. The details stand at the constants.
package workflow

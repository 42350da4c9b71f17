// Package thread says to which matter a message belongs. It is pure: the caller brings what the message says and what the database
// knows of it, and gets a decision with its reason and a trace of every rule that was asked.
//
// # Words
//
//   - Matter: a ticket. This package knows it by its ID alone.
//   - Token: what we put into everything that we send, so that an answer says by itself what it answers. It is signed: nobody can
//     make one for a matter that he was not written to about.
//   - Notice: a message by which one of us was told of something. Its token is of a kind of its own, and opens nothing to customers.
//   - Facts: what a message says of itself, see [Message]. Whether its sender is who he says is a fact too, found before.
//   - Known: what the house knows of the facts, see [Known]. [Message.Asks] says what to look up, so one query is enough.
//   - Rule: a numbered step of the chain. First the finders, of which the first match wins, then the judges, which temper it.
//
// # The chain
//
//	12  our own mail, come back             dropped
//	37  signed token of a notification: one of us answers, or a person looks at it
//	24  signed token in In-Reply-To, References
//	25  a known message in In-Reply-To, References, from the right
//	26  signed token in the address written to, or in the body
//	27  ticket number in the subject, if the sender may
//	28  numbers in bodies match nothing
//	29  another subject is another matter
//	17  what machines send changes nothing
//	34  nor does what nobody stands for
//	31  closed and merged matters
//	30  whoever else answers becomes a party with limited rights
//	32  the matter's team now, wherever the message began
//
// A matter that was moved to another department keeps its ID and so its threads (rule 32).
package thread

// Package verify says who really sent a message: whether the domain that stands in its From has signed it (DKIM, RFC 6376), or has
// named the server that sent it (SPF, RFC 7208), what that domain wants done with messages for which neither holds (DMARC, RFC 7489),
// and whether those who passed it on kept an unbroken account of what they had seen (ARC, RFC 8617).
//
// # Words
//
//   - Verdict: all that was found, kept as metadata of the message's document. It judges; it never refuses or changes a message.
//   - Aligned: a domain that proved something belongs to the same organisation as the one in From. Only this makes a sender known.
//   - Signed in: a server of ours says that whoever stands in From signed in there to send the message, by their whole address.
//   - Organisation: the name below a public suffix, mail.example.co.uk and example.co.uk are one.
//   - Results: what our own mail server wrote into Authentication-Results (RFC 8601). Everybody can write such a field, so it counts
//     only under a name that is trusted and only above the Received fields of strangers, see [Checker].
//
// # Decisions
//
// One reader of signatures serves DKIM and ARC, whose message signature is one of DKIM with other tags; the body is read once, however
// many signatures there are, and in constant memory. What is read is what [Checker.Check] bounds: the size of the header, the number
// of signatures and seals, the questions to the resolver and the time for all of them.
//
// A pass is a statement that others build on, so doubt never makes one: a signature over a part of the body (l=), one made by SHA-1 or
// by a key of less than 1024 bits, an expired one, and one below which a second From, Subject or Date was put are none. A DKIM key in
// testing (t=y) counts like any other: a signature that fails counts as none anyway, and one that passes was made by whoever holds the key.
//
// An unbroken ARC chain is told and changes nothing: whether to believe those who sealed it is a matter of whom one knows.
package verify

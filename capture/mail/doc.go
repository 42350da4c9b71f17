// Package mail says what a message is: who wrote it to whom, what it says, what it brings, whether a machine wrote it, and what
// it answers. It is pure: bytes go in, a Message comes out, and nothing is stored, asked or believed.
//
// # Words
//
//   - Message: the bytes of RFC 5322 with what could be read of them. Whatever the bytes are, there is one: what is damaged is
//     read as far as it goes and flagged, because the bytes are stored and a person may look.
//   - Part: what comes with a message and is a document of its own: attachments, pictures, attached messages, calendar
//     entries, and what Outlook (TNEF) and S/MIME wrap up. The texts of the message itself are not parts.
//   - Entity: a header and what it heads, the message or anything within it (RFC 2045). Entities form a tree.
//   - Machine: what wrote a message when no person did. Silent: nothing may answer it by itself (RFC 3834).
//   - Report: what a mail system says about a message of ours that it could not deliver (RFC 3464).
//   - Token: what we wrote into an address or a body to know the answer by. Whether it is genuine is the caller's to check.
//   - Reply: the newest text of a message, without what it quotes.
//
// Rule numbers in comments are those of docs/email.md: the rules that concern a single message. Threading, addresses that were
// proven, rate caps and filing are not here.
//
// # Bounds
//
// A message is at most MaxSize; it is held in memory once, and its parts are pieces of it or decoded once. The header of an
// entity keeps 1 MB in 2,000 fields, a message has at most 1,000 entities 50 deep, addresses, references and tokens are
// counted. What is over a bound is left inside the message, which is then Incomplete. Every pass goes through the bytes once.
//
// # Libraries
//
// The tree is taken apart by a walker of our own that goes through the lines once with a stack of boundaries. A library that
// reads a part through the reader of the part around it takes time by size times depth and a stack that strangers choose, and
// those we tried give up or drop parts where we must not: parameters of RFC 2231 in charsets other than UTF-8, headers without
// an empty line after them, boundaries that never come. The same holds for S/MIME: unwrapping what is signed is finding one
// octet string, and libraries for PKCS #7 read nested lengths by recursion and insist on certificates. TNEF has no library
// that is maintained. Outlook's .msg lies in a compound file, which github.com/richardlehane/mscfb reads. Charsets are those
// of golang.org/x/net/html/charset and golang.org/x/text; github.com/gogs/chardet guesses where none is told or a wrong one.
// Types of octet streams are told by github.com/gabriel-vasile/mimetype.
package mail

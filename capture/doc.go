// Package capture is how things come in and are understood: the one door, the ways to it, and the reading of what came.
//
// # Words
//
//   - Piece: one thing received, a line of the intake ledger. A letter is a piece; so is each attachment of a message.
//   - Receipt: the ID of a piece, given back to whoever handed it in.
//   - Ledger: every piece with a sequence number without gaps, its digest, source and state. received = stored + rejected.
//   - Source: where pieces come from ("upload", "scanner", a hot folder's name). Origin: what a source calls one item, so that
//     handing it in again gives the same receipt.
//   - Delivery: one time that a message was handed to us, with what its envelope said. Copies of a message are one document, a
//     piece and a delivery for each. A channel (package taxonomy) is an address of ours; a mailbox is fetched by IMAP.
//   - Batch: pieces that were handed in together under a name. A person may count them; the batch says what is missing.
//   - Draft: what lies on somebody's scan desk. Files are stored as they come, each a document of its own; their pages are drawn,
//     turned, ordered, left out, parted and joined there. Sent, each run of pages becomes a piece and goes through the door: the
//     file itself when nothing about it was changed, or else a PDF of its pages. The originals stay, and scan_origin says for
//     good which page came from where.
//   - Separator: a printed sheet with a code. A new piece begins after it.
//   - Reading: what was understood of a document: language, class, fields, each with a confidence and reasons.
//   - Screening: what the virus scanner said of a version. Where there is a scanner, nothing is read or handed out before it.
//   - Container: an archive. It is kept and filed as it came; what it held are pieces and documents of their own, part of it.
//   - Cover: a message that says little itself. It is what it brings; see fromBrought for the rule.
//   - Validation: a person decides what the machine was unsure of. What they decide is the next training example.
//
// The door stores the bytes, then writes the document, the ledger line and the reading job in one transaction, and only then
// does a source forget the item. Everything after that is a job that can be cut off and started again at any moment.
//
// Mail is taken in with emersion/go-smtp and emersion/go-imap, both written by the author of what most Go programs of this kind stand on,
// kept up and tested against other servers. go-imap is a beta with a stable core; its client streams messages, which version 1 did not.
//
// capture does not decide what a document is called or where it goes (package taxonomy) nor what is to be done about it
// (package workflow, which follows the journal).
package capture

// Package transfer takes documents out of one Docket, in a form that anybody can read, and brings them into another.
//
// # Words
//
//   - Export: a bag (see package repository/bagit) with the documents' bytes, version by version, and what is known of them.
//   - Line: all that is known of one document, one JSON object, one line of data/documents.jsonl. docs/export.md describes it.
//   - Origin: the bag that a document was brought over with.
//
// # Decisions
//
// An export is for whoever comes after Docket as well: the originals are plain files, the digests can be checked with sha256sum,
// and nothing in it needs Docket to be understood. It is made in DIR.part and gets its name when it is whole. The lines are
// the export's own memory: one that was cut off goes on after its last whole line, and the manifest is made from them.
//
// Nothing is imported from a bag that is not whole. Identifiers stay, so that links into the old house's documents stay true in the
// new one; a document that is there already is left alone, and one that is there with other versions is told as a conflict.
//
// What belongs to a house and not to its documents stays behind: people and their rights, tickets with their clocks, definitions of
// classes. An import must not start anybody's clock. Who did something in the old house is told as "imported:anna": the new
// house may have an Anna of its own, and rights follow names. Ticket numbers stay with their documents, and are not given
// out again in the new house.
package transfer

// Package repository keeps documents: bytes, versions, renditions and their history. It knows nothing of meaning;
// what a document is, whom it concerns and how long it is kept belongs to package taxonomy.
//
// # Words
//
//   - Document: a thing received or made, named by a [DocumentID] for as long as the repository exists.
//   - Version: one fixed state of a document, byte for byte. It is never changed, only followed by another.
//   - Rendition: something derived from a version that can be made again: page images, thumbnails, layout, a
//     searchable PDF.
//   - Layout: the words of one page with their boxes and confidences.
//   - Annotation: what a person marked on a page of a version: a highlight, a note, a stamp. It lies beside the bytes, never in them.
//   - Check-out: a lock that one person holds on a document while working on its next version.
//
// Bytes go first and rows second: content is stored and its SHA-256 verified before the row that points to it is
// committed. A crash in between leaves a stray object, which [Store.Sweep] finds, and never a row without bytes.
//
// Reads take a postgres.Querier, writes a pgx.Tx. The Store holds no pool: whoever starts the work opens the transaction.
package repository

// Package search finds documents by their text and properties, fast, and only those the asker may see.
//
// # Words
//
//   - Entry: what is indexed of one document. It knows the version and digest it was made from, so that the index can be
//     compared with the database (Stamps).
//   - Engine: keeps entries and answers requests. The one here, [Index], lies in a folder of this machine.
//   - Query: what a person types, in the language of docs/query-language.md. A hand-written lexer and parser turn it into a
//     tree; mistakes are answered with what is wrong and where (Problem), never with an empty list.
//   - Bag: the plain words of a query. Documents are ranked by them.
//   - Root: the common form of a word's inflections in its language.
//   - Facet: counts of the documents found by class, state, source, year, party or language.
//   - Snapshot: one unchanging view of the index, which one search sees.
//
// # How it ranks
//
// A text is indexed twice: its words as they stand, without accents and with their places (for phrases, prefixes, fuzzy words
// and numbers), and their roots in the language of the document. A query's word is looked for under its root in every language, each
// in that language's own field, and as it stands. Stop words are indexed as they stand, so that phrases are exact, but not as
// roots: a word is ignored in the languages in which it is one.
//
// What people write on pages (Note) may be in any language, so its words have the roots of all languages in one field. Notes count
// for little: a letter that says a word stands before one on which somebody wrote it.
//
// Scores are BM25F: occurrences in text, title and metadata are weighed, added up and then saturated. Documents that hold all
// words come first. How many words a document must hold at least is said at required. The best documents are then looked at
// closely (refine): documents like the best ones move up.
//
// # Why bleve, and how
//
// bleve is the full-text library of Go that is kept up, with segments on disk, snapshots, dictionaries as automata, and stored fields. We
// use its index (scorch) and some of its searchers, but not its scoring: bleve 2.6 weighs a word with the square of its rarity and
// the square root of its frequency even where BM25 is set, and cannot add up a word's fields before saturating. Sets of documents are bitmaps, so filters (access is one) are
// exact before anything is ranked, counted or shown.
//
// The text of pages is stored in the index, compressed, rather than fetched from the database for snippets: marks and feedback then see
// the very text that was indexed, a search needs one round trip less, and the index can be measured by itself.
//
// # What it does not do
//
// It decides nothing about records: whether something may be destroyed is asked of the database. It keeps nothing that cannot be
// made again. It knows no names that may change: folders and parties are indexed by ID.
package search

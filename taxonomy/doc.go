// Package taxonomy says what a document is, whom it is about, what it is called, where it is filed and who may see it.
//
// # Words
//
//   - Class: what sort of thing a document is (complaint, invoice). A class has fields, cues by which rules recognise
//     it, a threshold below which a person decides, a naming and a filing template, and perhaps a process.
//   - Field: a named, typed piece of metadata (letter date, customer number). Values carry where and how they were found.
//   - Vocabulary: the house's own terms, with what people write for them in six languages (subjects, products, remedies).
//   - File plan: the tree of record categories; a record folder stands under a category; a record is filed in a folder.
//   - Record: a document that was given its class, name and place.
//   - Party: a person or an organisation a document is from or about; provisional until somebody has confirmed it.
//   - Catalogue: all that an organisation has defined. Pack: the catalogue to start with, shipped as data in pack/.
//
// Languages are two letters everywhere (BCP 47): en, de, hu, pl, ru, sl.
//
// # Decisions
//
// Names and places are written once, when a document is filed or corrected or its ticket gets its number, by templates of
// an own small language (see Preview): administrators write them, and missing parts must leave no stray dashes, which
// text/template can only do with conditions. A folder's row holds its category's code and its path below it; the whole
// path is computed, so renaming a category touches no record.
//
// A machine never overrules a person: filing again what a person decided changes nothing. Conflicting hints about a sender
// give no party, for a wrong one shows a stranger's letters.
//
// Definitions are rows of JSON in the very shape of their Go types, versioned, with the state the pack shipped beside them,
// so that a new pack can follow what nobody touched and leave the rest. They are read whole and cached by revision.
//
// What this package does not do: recognise classes or fields in a text (capture), index (search), tickets (workflow).
//
// # Journal
//
// document.filed, document.corrected, document.retitled; party.added, party.attached, party.merged, party.changed;
// folder.closed, folder.reopened; definition.changed. The details stand at the constants.
package taxonomy

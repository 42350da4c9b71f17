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
//
// Languages are two letters everywhere (BCP 47): en, de, hu, pl, ru, sl.
package taxonomy

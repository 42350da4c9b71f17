// Package difference says how two versions of a document differ, word by word and place by place. It is pure: pages with their
// words go in, what was added and removed on which page comes out.
//
// # Words
//
//   - Change: words that were removed, added, or replaced by others, with nothing between them that stayed.
//   - Pair: two pages that show the same, the old one and the new one. A page that came in or went has nobody beside it.
//   - Run: words of a pair that follow each other and share a fate: they stayed, went, or came.
//
// # Decisions
//
// Words are compared as they were read, in Unicode's composed form, with their case and punctuation: a changed amount, date or
// comma is what somebody compares for. A word that stands on another line or page is the same word.
//
// The comparison is znkr.io/diff: it works on any sequence, not only on lines or characters, finds a small difference in time
// that follows the difference and not the length, and is maintained. In the worst case, two long texts of the same few words, it
// would still take many seconds. So there is a budget: what it does not cover is compared by the words that each text has
// once, and [Result.Coarse] says so.
package difference

// Package extract reads the fields out of a document: who wrote when about what, with which numbers, and what is asked.
//
// # Words
//
//   - Sheet: all words of a document, cut into tokens and lines. Words of one printed line that stand in two columns are
//     two lines; each line knows its neighbour to the left and above.
//   - Phrase: something that may stand in a document and means something: a label, a month, a closing, a word that
//     speaks for a sum. Phrases lie in words/<language>.txt, for people to read and add to; long words may differ by one
//     character from what was recognised.
//   - Finding: a candidate for a field's value, with its place, how it was found and how sure that is.
//   - House: the organisation itself. Its own name, addresses and accounts are never the sender's.
//
// # How
//
// First everything that has a form is found wherever it stands: dates, sums, account numbers, mail addresses, telephone
// numbers, identifiers, postal addresses. Then each field chooses among them by the label beside or above, the place on
// the page (letterhead, window, date line, body, signature), the words around and the rules of the value itself (check
// digits, days that exist, a date not after the day of receipt). Characters that recognition confuses are put right only
// where a rule confirms it. A field for which nothing speaks clearly is left out: a wrong value costs a clerk more than
// an empty one.
//
// Confidences are estimates, one for each rule, and not yet fitted to measurements. The confidence with which the characters
// were recognised lowers them; two finds that agree raise them, a rival lowers them.
//
// The time taken grows with the number of words, whatever they are: nothing looks further than a bounded number of
// tokens or lines around, and there are no backtracking patterns.
//
// # Not here
//
// No recognition, no language or class detection (capture/tesseract, capture/detect), no lookup of known parties
// (taxonomy). Nothing is remembered between documents.
//
// Chosen library: nyaruka/phonenumbers, the port of Google's libphonenumber, for the world's numbering plans.
package extract

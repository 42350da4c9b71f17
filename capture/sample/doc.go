// Package sample makes post: letters, forms, faxes, invoices and mails of customers of a house that does not exist,
// each with its truth beside it. The demo, the tests and the benchmarks are fed with it.
//
// The words: a matter is what somebody writes about (who, which product, what happened, with which numbers). A piece is
// one file that arrives about a matter; a matter may bring several. A bag is a sequence of pieces. The truth of a piece
// says what a perfect reader would find on it: class, language, fields in the normal forms of taxonomy/field.go, and text
// page by page. A field stands in the truth only when it can be read on the piece.
//
// Sentences come from a small grammar per language (phrases/*.txt, described in grammar.go) and not from fixed letters.
// Word forms are written out in the phrases, never glued together by the program, since the languages inflect.
// A page is laid out once, in points (layout.go), and then drawn either into a PDF or as outlines under a matrix onto a
// raster (render.go), so that a skewed or turned scan is as sharp as a scanner's and no rotated copy of a copy. scan.go
// does to the raster what scanners and fax lines do.
//
// The same seed, options and version give the same bytes: chance comes only from the seed, nothing asks the clock or
// walks through a map, and a piece depends only on the plan of its bag and on its own number, so pieces may be made in
// any order and in parallel.
//
// Shares, in percent, unless Options restrict them (see mix.go): complaint 30, claim 18, question 12, form 10, thanks 8,
// cancellation 5, invoice 4, suggestion 3, correspondence 3, reply 3, contract 2, identity 2; en and de 24, hu pl ru sl
// 13 each; JPEG scan 22, scanned PDF 22, PDF 14, mail 12, PNG scan 8, TIFF 8, docx 7, fax 4, plain text 3. About one
// piece in eight continues an earlier matter, and one in fifty is an earlier piece again, byte for byte.
//
// Not here: anything that reads. Neither detection's training material nor extraction's rules share sentences with it,
// else they would be measured against themselves; a test of detect sees to its material. Addresses join a real postcode
// and town with an invented house; mail addresses end in .example (RFC 2606); the house and the firms are invented.
//
// Libraries: golang.org/x/image (outlines, anti-aliased rasteriser), go-fonts/liberation and the Go fonts (free
// typefaces with Latin-2 and Cyrillic, the look of ordinary office letters, no system font needed), go-pdf/fpdf (small
// PDF writer that embeds subsets of them). TIFF, docx and mail are written here: no library writes many-page G4 TIFF,
// and the other two are small and must come out the same each time.
package sample

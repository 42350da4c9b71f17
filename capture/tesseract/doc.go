// Package tesseract reads the text of page images with Tesseract, in child processes.
//
// # Words
//
//   - Pool: what the server holds. It gives pages to children and waits for them.
//   - Child: a long-lived process of the same binary (`docket ocr`). It decodes, straightens, cleans and recognises one
//     page at a time and answers over a pipe. A crash, a runaway page or a leak in C code ends a child and not the server.
//     The pool kills a child at its deadline, replaces it after some hundred pages, and the child limits its own memory
//     and processor time. Untrusted images are decoded nowhere else.
//   - Sheet: a page on its way through a child, as colour, grey and black-and-white image.
//   - Sample: a few lines that are read first. They tell the language and whether the page stands upright.
//
// # What happens to a page
//
// Decode; make pixels square; make a large scan smaller, since more than 200 dpi costs twice the time and reads no better; even
// out the paper; measure the letters; lay the page on its feet when its lines run down; straighten; clean; enlarge small
// letters; turn light text on dark ground over; recognise once; encode the page image, its thumbnail and the words' boxes in pixels of that image.
//
// The language comes from the sample, and a sample that makes no sense is read again with the page on its head. While page after
// page is in one language the next page is read in it without a sample: the whole text then tells whether that was right, and
// only when it was not the page is read a second time.
//
// # Why
//
// This is the only package with cgo. It calls Tesseract's and leptonica's own C interfaces: gosseract, the usual
// binding, cannot hand over pixels that are already in memory, and walks the results more than once.
//
// Tesseract's own model for orientation is not used: it takes a second to load and errs on faxes. How the letters of a line
// stand together tells pages that lie on their side, and reading tells those on their head.
//
// The language is guessed by trigrams from texts of a few hundred words that lie in languages/: libraries that do it carry
// over a hundred megabytes of models, and six languages as different as these need less.
//
// The package does not know PDF, and it knows nothing of documents: package page does.
package tesseract

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
// Decode; make pixels square; even out the paper; measure the letters; straighten; read the sample, and turn the page by
// the orientation model when the sample makes no sense; enlarge or reduce so that letters have the height Tesseract was
// trained on; recognise once; encode the page image, its thumbnail and the words' boxes in pixels of that image.
//
// # Why
//
// This is the only package with cgo. It calls Tesseract's and leptonica's own C interfaces: gosseract, the usual
// binding, cannot hand over pixels that are already in memory, cannot ask for the orientation, and walks the results
// more than once. The language is guessed by trigrams from texts of a few hundred words that lie in languages/: libraries that
// do it carry over a hundred megabytes of models, and six languages as different as these need less.
//
// The package does not know PDF, and it knows nothing of documents: package page does.
package tesseract

// Package page turns the bytes of a file into pages: a layout of words with places, an image and a thumbnail for each.
//
// # Words
//
//   - Reader: reads files. It holds no document in memory; pages go to a Handler as they come.
//   - Kind: what a file is, told by its bytes. Its name is a hint and no more.
//   - Page: what a person sees. Files without pages (mail, office, text) are set on virtual pages of A4.
//   - Part: a file inside a file: an attachment or a member of an archive. It becomes a document of its own.
//   - Flag: something about a file that a person should know, though it could be read.
//
// # Decisions
//
// PDF is read by poppler's programs (pdfinfo, pdftotext, pdfimages, pdftoppm), each in a process group of its own under limits of
// time, memory and output. A PDF library in the server's own process would be exposed to whatever strangers send; a
// program can be killed. A page's own text is taken as it is. A page without text is recognised. A page with text on
// top of a picture of the whole page, or with text that is not made of words, is recognised too, and its own text is
// taken only when it is what one sees. A page that is one scanned image is not rendered: the image is taken out.
//
// Images are decoded and recognised behind the interface OCR, in other processes. Nothing a stranger sent is
// decoded as an image here.
//
// The package knows nothing of the store or the database, and it does not write what it reads: whoever calls it does.
package page

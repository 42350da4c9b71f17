// Package letter writes what we send by e-mail: the exact bytes of a message, its signature, and the texts that nobody types. It knows no
// database and sends nothing; the caller brings everything, the time too.
//
// # Words
//
//   - Letter: one message, see [Letter]. The same letter is the same bytes whenever it is written.
//   - Token: what an answer says by itself about what it answers; see package thread. It stands in the Message-ID, in the address that
//     answers go to, and in the last line of the text.
//   - Automatic: nobody wrote it. It says so in its header (RFC 3834), so that other machines leave it alone.
//   - Template: a text with places for what is known of a ticket; see [Template].
//
// # Decisions
//
// wneessen/go-mail composes: header fields, encoded words, parts. It is not asked to send: it would write the message anew for that, and
// what is sent has to be what is stored. What goes into a header is cleaned here first, whatever the library does, and a fuzz test holds
// that no text of a stranger makes a field. Names of files are written by RFC 2231, where the library puts encoded words into quotation
// marks, which RFC 2047 forbids. It holds one encoded attachment at a time in memory; the caller bounds them.
//
// Texts are plain text, quoted-printable, so that no relay has a reason to change a byte and break the signature. The signature under a
// text does not begin with "-- ": programs drop what stands below that when they quote, and the marker would go with it.
//
// Messages are signed by DKIM (RFC 6376) with emersion/go-msgauth, relaxed/relaxed, and each field that must not be added later is signed
// once more than it is there. Receipts of reading are never asked for.
package letter

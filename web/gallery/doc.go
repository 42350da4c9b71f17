// Command gallery makes docs/screens: pictures of a running Docket, with sample post that was really captured, read, filed and
// worked on. `make screens` runs it.
//
// It starts the binary that it is given in a temporary folder, hands a mailbag in, works some tickets by the API as an agent would,
// and takes pictures with Debian's chromium. Nothing is drawn by hand, so a picture shows what a person sees.
package main

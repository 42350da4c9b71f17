// Package bagit reads and writes bags: folders of files with a manifest of their digests, as RFC 8493 (The BagIt File Packaging
// Format, version 1.0) defines them. Archives exchange them, and any BagIt tool, or sha256sum itself, can check one.
//
// # Words
//
//   - Bag: a folder with bagit.txt, bag-info.txt, a manifest and a folder data.
//   - Payload: the files under data, which the bag is about. Tag files are the others, which are about the bag.
//   - Manifest: one line for each payload file, its SHA-256 and its path. The tag manifest does the same for tag files.
//   - Payload-Oxum: the payload's bytes and files, counted; a quick sign that something is missing.
//
// What is read may come from strangers. [Open] and [Bag.Verify] refuse what could lead out of the folder or mislead: paths that are
// absolute, climb with "..", or hold control characters; symbolic links, sockets and devices; files that are listed twice, not
// listed, missing, or changed; payload that is to be fetched from elsewhere. Files are opened through an os.Root, so that what
// changes between verifying and reading cannot lead out either.
//
// Only what Docket needs is here: SHA-256 manifests, bags as folders, UTF-8 tag files, and no fetch.txt. No library for Go that
// can be fetched does the hostile half of this with bounded memory, and the friendly half is two text files.
package bagit

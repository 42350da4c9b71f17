// Package gateway runs a private S3 server inside the data folder: the object store of a single machine, with nothing to set up.
//
// The server is the Versity gateway (versity/versitygw, package embedgw) over plain files: every object is a file under its key,
// older versions lie in a folder of their own, and S3's versioning, Object Lock and legal hold are enforced as a big store
// would. Docket speaks S3 with it over loopback exactly as with a store elsewhere, so that there is one way to store and one
// suite that tests it.
//
// # Decisions
//
// It is a child process, the same program started with another word (see Serve), not a goroutine. The gateway changes its
// process's working directory, writes to the standard output and allows one instance in a process; as a child it can do
// all that, and a crash in it is not ours. It ends when its standard input does, which the system closes when the parent
// ends, however that happens.
//
// The gateway writes files but does not ask the disk to keep them. Docket promises that what it acknowledged survives a power
// failure, so a put is answered only after the file system has been flushed (syncfs). Puts that arrive during a flush share
// the next one.
//
// It listens on 127.0.0.1, at a port chosen at random and kept while it is free. Its credentials are random too. Port and
// credentials lie in gateway.json with mode 0600: whoever may read that file may read the documents' files beside it as well.
//
// What S3 knows about an object besides its bytes is kept in the file's extended attributes. A file system without those gets
// files beside the objects instead (Versity's "sidecar"), which is slower. The choice is made once, for a new folder.
package gateway

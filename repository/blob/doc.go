// Package blob stores bytes under keys, with every put a new version of its key: S3 as it was meant.
//
// Store has two implementations that pass one suite (blobtest): S3, for the embedded gateway, MinIO, AWS and Ceph, and
// Memory, the fake for tests. Nothing here knows what the bytes are.
//
// # Words
//
//   - Key: the name of an object. It is made of our own parts only (an ID and fixed words), never of what a stranger sent.
//   - Version: one state of a key, named by the store. A put never changes one; it makes the next.
//   - Delete marker: S3's newest "version" of a key that was deleted without naming a version.
//   - Hold and retention: S3 Object Lock. A version on hold, or retained until a time, cannot be deleted by anybody.
//
// # Decisions
//
// What is put is first read whole, into memory up to a few megabytes and into an unlinked temporary file beyond, and only then
// sent. So the digest is known before the first byte goes out: the request is signed with it and the store itself refuses other
// bytes, the digest stands in the object's metadata, and a client that breaks off or sends too much never reaches the
// store. A multipart upload straight from the stream would save the temporary file but could record the digest only
// afterwards, in a second step that a crash can prevent.
//
// To run the suite on a store of your own, name it and run TestS3Elsewhere; it makes the bucket when there is none:
//
//	DOCKET_TEST_S3_ENDPOINT=HOST:PORT DOCKET_TEST_S3_BUCKET=NAME DOCKET_TEST_S3_REGION=REGION \
//	DOCKET_TEST_S3_ACCESS_KEY=... DOCKET_TEST_S3_SECRET_KEY=... \
//	DOCKET_TEST_S3_PATH_STYLE=true DOCKET_TEST_S3_TLS=true go test ./repository/blob -run TestS3Elsewhere
//
// MinIO (one drive, with and without TLS, path style, a region of its own) passes it.
//
// The client is minio-go: it signs for every S3 there is, and lets a caller give each request's digest. Its own upload of
// unknown sizes is not used, for the reason above.
package blob

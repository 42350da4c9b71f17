// Package embedded runs a private PostgreSQL inside the data folder: the database of a single machine, with nothing to set up.
//
// # Words
//
//   - Cluster: PostgreSQL's own word for one data folder and the server that runs on it. Nothing of it is visible from
//     outside: it listens on a Unix socket inside its folder, which only its account may enter, and on no network.
//   - Postmaster: the server's parent process, a child of ours.
//   - Account: PostgreSQL refuses to run as root. Started as root, the cluster runs as the account "postgres", or as the
//     account that owns an existing folder; otherwise it runs as whoever runs Docket.
//
// # Decisions
//
// The binaries are the system's own (Debian's /usr/lib/postgresql, pg_config, or the PATH), so that security updates
// arrive by the system's package manager. An existing cluster is run by the major version that made it.
//
// The postmaster is handed its folder as an open directory and finds it as /proc/self/fd/3. It therefore needs no right to
// the folders above, and a cluster below /root works although the postgres account may not walk through /root.
//
// Text is UTF-8 with the collation C.UTF-8 everywhere: order by code point, which no update of the C library ever changes
// (a changed collation silently corrupts indexes), while upper and lower case know all of Unicode. Lists that people read are
// ordered by the collation of their language in the query. Pages carry checksums.
//
// A file lock beside the folder says which process runs the cluster; the system releases it whatever happens to that
// process. The postmaster is told by the kernel when its parent is gone and shuts down, so a killed server leaves nothing
// that runs. A start that comes sooner ends the old postmaster itself, but only when its working directory is our folder.
//
// It does not do backups, replication or upgrades between major versions: an installation that needs those runs its own
// PostgreSQL and sets DOCKET_DATABASE_URL.
//
// The S3 gateway is in embedded/gateway, apart from this package because its libraries are large and most tests need only
// a database.
package embedded

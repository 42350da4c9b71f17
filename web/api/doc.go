// Package api is the JSON API under /api/v1: what the command line client and other people's programs speak to.
//
// # Words
//
//   - Outcome: what became of one piece: its document with class, name, place, fields and ticket. The same line that
//     'docket capture --json' prints.
//   - Piece: one piece of post with the outcomes of itself and of all that was attached to it.
//   - Problem: an error as programs read it (RFC 9457).
//
// # Rules
//
// What somebody may not see is answered exactly as what is not there. Lists are paged by key and cost a fixed number of
// statements, however long they are. Bytes go through in streams: nothing that is uploaded or downloaded lies whole in
// memory or in a temporary file.
//
// # Why huma
//
// The description at /api/v1/openapi.json is made from the very types and tags that requests are checked by, so it cannot
// say something else than the program does. Of huma's own pages none is served: the reference page loads scripts from
// elsewhere. Its errors are rewritten into Problems, whose detail is a sentence for a person.
//
// What this package does not do: it decides nothing. Sign-in, sessions and tokens belong to package web, which mounts it.
package api

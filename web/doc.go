// Package web is the face of Docket: server-rendered pages for people and a JSON API for programs. It is the only package
// that knows HTTP.
//
// # Words
//
//   - Visit: one request of one person: who asks, in which language, and what is answered.
//   - Page: a struct that embeds a [Frame] and carries exactly what its template shows. A test checks every template
//     against its struct, so a misspelt field never reaches a person.
//   - Frame: what surrounds every page: navigation by role with counts, search box, breadcrumbs, messages.
//   - Part: a piece of a page that is fetched again on its own to stay live. It is a named template of the page, so the
//     first sight and every refresh are made by the same lines.
//   - Message: a sentence of the interface, looked up by key in the catalogue of the person's language.
//   - Phrase: a sentence that another package made (packages fault and say), English wherever it is stored, logged or sent by the API.
//     Pages show it in the person's language: its format is the key in phrases/<code>.json. A test holds those catalogues to the
//     source; "go test ./web -run TestPhrases -phrases" writes the English one anew after a sentence was added or changed.
//
// # What it does not do
//
// It decides nothing about documents, records or tickets: it calls the packages that do, in a transaction that it opens.
// It holds no domain state of its own, only sessions, API tokens and failed sign-ins (PostgreSQL schema web), and in memory who has
// which document open on the validation desk.
//
// # How it is built
//
// Pages are rendered into a buffer and then sent, so an error half-way never leaves half a page. No page needs a script to
// show its content; scripts add progress, live updates and keys. Everything comes from this binary: the
// Content-Security-Policy names no other host and allows no inline script or style.
//
// Handlers return errors; [Server.fail] is the one place that turns a fault's kind into a status and a sentence. What a
// person may not see does not exist for them: it is answered with 404, never 403.
//
// # Chosen libraries
//
//   - gin: routing and little else; its binding and rendering are not used.
//   - huma: the API's OpenAPI description is generated from the Go types that serve it, so it cannot be wrong.
//   - scs: sessions, with its token hashed in the store so that a stolen table opens no session.
//   - Tabler: a complete, accessible set of styles on plain CSS; only the rules in use are shipped.
//   - htmx 2: partial updates by attributes, which keeps live pages server-rendered. Version 2 rather than 4 because its
//     attribute semantics are settled and it runs with eval switched off.
//   - OpenSeadragon: deep zoom by mouse, touch and pen, with overlays in the pixels of the page. It is loaded only where a document
//     is shown; pages, words, finding, marks and annotations around it are ours (ui/viewer), and so is the validation desk (ui/desk).
//   - esbuild and PurgeCSS build the assets; node is needed to build, never to run.
package web

package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// TestWhatOneMayNotSeeDoesNotExist compares, address by address, what somebody without access gets for a document that exists
// with what they get for one that does not.
func TestWhatOneMayNotSeeDoesNotExist(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	l := letters[0]
	filed := h.receive(t, "secret.pdf", "scanner", "secret")
	h.read(t, filed, l, 0.97)
	h.file(t, filed, l)
	h.exec(t, "update taxonomy.record set readers = '{role:records-manager}' where document = $1", filed.Document)
	unfiled := h.receive(t, "unfiled.pdf", "scanner", "not yet filed")
	h.read(t, unfiled, l, 0.5)
	ben, nothing := h.as(t, "ben"), uuid.NewString()
	for _, path := range []string{"", "?page=1&q=delivery", "/versions/1/original", "/versions/1/text", "/versions/1/searchable.pdf",
		"/versions/1/pages/1/image", "/versions/1/pages/1/thumbnail"} {
		want := ben.get("/documents/" + nothing + path)
		for _, id := range []uuid.UUID{filed.Document, unfiled.Document} {
			got := ben.get("/documents/" + id.String() + path)
			if got.status != http.StatusNotFound || !sameButReference(got, want, id.String(), nothing) {
				t.Errorf("%s: %d, unlike a document that does not exist (%d)", path, got.status, want.status)
			}
		}
	}
	if r := h.as(t, "rosa").get("/documents/" + filed.Document.String()); r.status != http.StatusOK {
		t.Errorf("whoever may see it gets %d", r.status)
	}
	if r := h.as(t, "mia").get("/documents/" + unfiled.Document.String()); r.status != http.StatusOK {
		t.Errorf("the mailroom gets %d for a document that is not filed yet", r.status)
	}
}

// sameButReference compares two answers without what names the request or the address.
func sameButReference(a, b answer, ids ...string) bool {
	clean := func(r answer) string {
		s := strings.ReplaceAll(r.body, r.header.Get("X-Request-Id"), "")
		for _, id := range ids {
			s = strings.ReplaceAll(s, id, "")
		}
		return s
	}
	return a.status == b.status && clean(a) == clean(b)
}

// TestListsShowOnlyWhatOneMaySee looks for the title of a closed document wherever lists could let it slip.
func TestListsShowOnlyWhatOneMaySee(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.receive(t, "closed.pdf", "scanner", "closed")
	h.read(t, p, letters[0], 0.97)
	h.file(t, p, letters[0])
	h.exec(t, "update taxonomy.record set readers = '{role:records-manager}' where document = $1", p.Document)
	for name, paths := range map[string][]string{
		"mia": {"/mailroom", "/mailroom/pieces/" + p.Receipt.String(), "/upload?batch=mia-20261122-074012"},
		"ben": {"/records", "/records/10", "/upload?batch=mia-20261122-074012"},
	} {
		b := h.as(t, name)
		for _, path := range paths {
			if r := b.get(path); r.status != http.StatusOK || strings.Contains(r.body, "Whitcombe") {
				t.Errorf("%s sees the closed document's title on %s (%d)", name, path, r.status)
			}
		}
	}
}

func TestDoorsOpenByRole(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, open := range map[string][]string{
		"mia":  {"/", "/upload", "/search", "/mailroom", "/mailroom/validation"},
		"ben":  {"/", "/upload", "/search", "/records"},
		"rosa": {"/", "/upload", "/search", "/records"},
		"ada":  {"/", "/upload", "/search", "/records", "/mailroom", "/mailroom/validation", "/admin/sources", "/admin/health"},
	} {
		b := h.as(t, name)
		for _, path := range []string{"/", "/upload", "/search", "/records", "/mailroom", "/mailroom/validation", "/admin/sources", "/admin/health"} {
			want := http.StatusForbidden
			for _, o := range open {
				if o == path {
					want = http.StatusOK
				}
			}
			if r := b.get(path); r.status != want {
				t.Errorf("%s at %s: %d, want %d", name, path, r.status, want)
			}
		}
	}
}

package web

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"docket/repository"
	"docket/repository/blob"
	"docket/repository/fault"

	"github.com/google/uuid"
)

// Bytes of documents and their renditions. What is served under an address with a version never changes, so browsers may
// keep it; "private" keeps it out of shared caches.

const keep = "private, max-age=31536000, immutable"

// documentID is the document that the address names. Whether the person may see it is asked by readable.
func (v *visit) documentID() (repository.DocumentID, error) {
	id, err := uuid.Parse(v.param("document"))
	return id, fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
}

// version is the version of a document that the address names and the person may see.
func (s *Server) version(v *visit) (repository.Version, error) {
	id, err := v.documentID()
	if err != nil {
		return repository.Version{}, err
	}
	if err := s.readable(v, id); err != nil {
		return repository.Version{}, err
	}
	number, err := strconv.Atoi(v.param("version"))
	if err != nil || number < 1 {
		return repository.Version{}, fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
	}
	return s.config.Store.Version(v.ctx(), v.pool(), id, number)
}

// serveOriginal answers GET /documents/:document/versions/:version/original with the bytes as they were received. They are
// somebody else's, so a browser saves them and never shows them.
func (s *Server) serveOriginal(v *visit) error {
	version, err := s.version(v)
	if err != nil {
		return err
	}
	r, err := s.config.Store.Open(v.ctx(), version)
	if err != nil {
		return err
	}
	return v.stream(r, file{media: version.MediaType, name: version.Name, digest: version.SHA256, at: version.At})
}

// serveSearchable answers GET /documents/:document/versions/:version/searchable.pdf.
func (s *Server) serveSearchable(v *visit) error {
	version, err := s.version(v)
	if err != nil {
		return err
	}
	r, err := s.config.Store.Rendition(v.ctx(), v.pool(), version.Document, version.Number, repository.SearchablePDF, 0)
	if err != nil {
		return err
	}
	body, err := s.config.Store.OpenRendition(v.ctx(), r)
	if err != nil {
		return err
	}
	return v.stream(body, file{media: r.MediaType, name: version.Name + ".pdf", digest: r.SHA256, at: version.At})
}

// serveText answers GET /documents/:document/versions/:version/text: the newest version's text, pages parted by form feeds.
func (s *Server) serveText(v *visit) error {
	version, err := s.version(v)
	if err != nil {
		return err
	}
	texts, err := s.config.Store.Texts(v.ctx(), v.pool(), []repository.DocumentID{version.Document})
	if err != nil {
		return err
	}
	pages := make([]string, len(texts[version.Document]))
	for i, t := range texts[version.Document] {
		pages[i] = t.Text
	}
	v.gin.Header("Cache-Control", "no-store")
	v.gin.Header("Content-Disposition", attachment(version.Name+".txt"))
	v.gin.String(http.StatusOK, "%s", strings.Join(pages, "\f"))
	return nil
}

// servePage answers GET /documents/:document/versions/:version/pages/:page/(image|thumbnail) with a picture that we drew.
func (s *Server) servePage(kind repository.RenditionKind) handler {
	return func(v *visit) error {
		version, err := s.version(v)
		if err != nil {
			return err
		}
		page, err := strconv.Atoi(v.param("page"))
		if err != nil {
			return fault.New(fault.NotFound, "%s", v.T("error.404.sentence"))
		}
		r, err := s.config.Store.Rendition(v.ctx(), v.pool(), version.Document, version.Number, kind, page)
		if err != nil {
			return err
		}
		if v.unchanged(r.SHA256) {
			return nil
		}
		body, err := s.config.Store.OpenRendition(v.ctx(), r)
		if err != nil {
			return err
		}
		return v.stream(body, file{media: r.MediaType, digest: r.SHA256, at: version.At})
	}
}

// A file is how bytes are announced. A name makes the browser save them under it.
type file struct {
	media  string
	name   string
	digest blob.SHA256
	at     time.Time
}

func etag(digest blob.SHA256) string { return fmt.Sprintf(`"%x"`, digest[:16]) }

// unchanged answers with 304, before anything is read from the store, when the browser has the bytes.
func (v *visit) unchanged(digest blob.SHA256) bool {
	if v.gin.GetHeader("If-None-Match") != etag(digest) {
		return false
	}
	h := v.gin.Writer.Header()
	h.Set("ETag", etag(digest))
	h.Set("Cache-Control", keep)
	v.gin.Status(http.StatusNotModified)
	v.gin.Writer.WriteHeaderNow()
	return true
}

// stream sends bytes, whole or in ranges, and closes them. They are sandboxed: even opened in a tab they can do nothing.
func (v *visit) stream(body blob.Reader, f file) error {
	defer body.Close()
	h := v.gin.Writer.Header()
	h.Set("Content-Security-Policy", foreignPolicy)
	h.Set("Cache-Control", keep)
	h.Set("ETag", etag(f.digest))
	h.Set("Content-Type", f.media)
	if f.name != "" {
		h.Set("Content-Disposition", attachment(f.name))
	}
	http.ServeContent(v.gin.Writer, v.gin.Request, "", f.at, onlySeek{body})
	return nil
}

// attachment tells a browser to save bytes under a name (RFC 6266).
func attachment(name string) string {
	if s := mime.FormatMediaType("attachment", map[string]string{"filename": name}); s != "" {
		return s
	}
	return "attachment"
}

// onlySeek hides a reader's other methods, so that copying does not go around the check of the digest.
type onlySeek struct{ io.ReadSeeker }

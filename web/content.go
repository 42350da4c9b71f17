package web

import (
	"net/http"
	"strconv"
	"strings"

	"docket/repository"
	"docket/repository/blob"
	"docket/repository/fault"
	"docket/web/api"

	"github.com/google/uuid"
)

// Bytes of documents and their renditions. What is served under an address with a version never changes, so browsers may
// keep it.

// documentID is the document that the address names. Whether the person may see it is asked by readable.
func (v *visit) documentID() (repository.DocumentID, error) {
	id, err := uuid.Parse(v.param("document"))
	return id, fault.Wrap(err, fault.NotFound, "%s", v.T("error.404.sentence"))
}

// version is the version of a document that the address names and the person may see. One that the virus scanner holds, or has not
// spoken of yet, is a fault that says so.
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
	version, err := s.config.Store.Version(v.ctx(), v.pool(), id, number)
	if err != nil {
		return version, err
	}
	return version, s.shown(v, version)
}

// serveOriginal answers GET /documents/:document/versions/:version/original with the bytes as they were received. They are
// somebody else's, so a browser saves them and never shows them.
func (s *Server) serveOriginal(v *visit) error {
	version, err := s.version(v)
	if err != nil {
		return err
	}
	if err := s.handed(v, version); err != nil {
		return err
	}
	r, err := s.config.Store.Open(v.ctx(), version)
	if err != nil {
		return err
	}
	return v.stream(r, api.File{Media: version.MediaType, Name: version.Name, Digest: version.SHA256, At: version.At})
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
	return v.stream(body, api.File{Media: r.MediaType, Name: version.Name + ".pdf", Digest: r.SHA256, At: version.At})
}

// serveText answers GET /documents/:document/versions/:version/text: the newest version's text, pages parted by form feeds, so
// that the number of form feeds before a word tells its page.
func (s *Server) serveText(v *visit) error {
	version, err := s.version(v)
	if err != nil {
		return err
	}
	newest, err := s.config.Store.Version(v.ctx(), v.pool(), version.Document, 0)
	if err == nil && newest.Number != version.Number {
		err = s.shown(v, newest)
	}
	if err != nil {
		return err
	}
	texts, err := s.config.Store.Texts(v.ctx(), v.pool(), []repository.DocumentID{version.Document})
	if err != nil {
		return err
	}
	var pages []string
	for _, t := range texts[version.Document] {
		for len(pages) < t.Page {
			pages = append(pages, "")
		}
		pages[t.Page-1] = t.Text
	}
	v.gin.Header("Cache-Control", "no-store")
	v.gin.Header("Content-Disposition", api.Attachment(version.Name+".txt"))
	v.gin.String(http.StatusOK, "%s", strings.Join(pages, "\f"))
	return nil
}

// servePage answers GET /documents/:document/versions/:version/pages/:page/(image|fine|thumbnail|layout) with what was made of it, or is
// made now.
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
		r, err := s.config.Sheets.Rendition(v.ctx(), version, kind, page)
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
		return v.stream(body, api.File{Media: r.MediaType, Digest: r.SHA256, At: version.At})
	}
}

// unchanged answers with 304, before anything is read from the store, when the browser has the bytes.
func (v *visit) unchanged(digest blob.SHA256) bool {
	if v.gin.GetHeader("If-None-Match") != api.ETag(digest) {
		return false
	}
	h := v.gin.Writer.Header()
	h.Set("ETag", api.ETag(digest))
	h.Set("Cache-Control", api.Keep)
	v.gin.Status(http.StatusNotModified)
	v.gin.Writer.WriteHeaderNow()
	return true
}

// stream sends bytes that its address will always mean; see api.Send.
func (v *visit) stream(body blob.Reader, f api.File) error {
	f.Fixed = true
	api.Send(v.gin.Writer, v.gin.Request, body, f)
	return nil
}

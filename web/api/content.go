package api

import (
	"docket/capture"
	"docket/repository"
	"docket/repository/blob"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

type contentInput struct {
	Document uuid.UUID `path:"document"`
	Version  int       `query:"version" minimum:"1" doc:"absent means the newest"`
}

type pageInput struct {
	Document uuid.UUID `path:"document"`
	Page     int       `path:"page" minimum:"1"`
	Version  int       `query:"version" minimum:"1" doc:"absent means the newest"`
}

// version is a version of a document that the person may see, and that the virus scanner does not hold (rule 42).
func (s *server) version(v *visit, id repository.DocumentID, number int) (repository.Version, error) {
	if err := s.seen(v, id); err != nil {
		return repository.Version{}, err
	}
	version, err := s.Store.Version(v.ctx(), s.Pool, id, number)
	if err != nil {
		return version, err
	}
	screening, err := capture.FindScreening(v.ctx(), s.Pool, version.Document, version.Number)
	if err != nil {
		return version, err
	}
	return version, screening.Show()
}

// handed is a version whose bytes may be handed out as they came.
func (s *server) handed(v *visit, id repository.DocumentID, number int) (repository.Version, error) {
	version, err := s.version(v, id, number)
	if err != nil {
		return version, err
	}
	screening, err := capture.FindScreening(v.ctx(), s.Pool, version.Document, version.Number)
	if err != nil {
		return version, err
	}
	return version, screening.Hand()
}

// content answers GET /documents/{document}/content with the bytes as they were received, whole or in ranges.
func (s *server) content(v *visit, in *contentInput) (*huma.StreamResponse, error) {
	version, err := s.handed(v, in.Document, in.Version)
	if err != nil {
		return nil, err
	}
	body, err := s.Store.Open(v.ctx(), version)
	if err != nil {
		return nil, err
	}
	return v.stream(body, File{version.MediaType, version.Name, version.SHA256, version.At, in.Version > 0}), nil
}

// rendition answers GET /documents/{document}/pages/{page}/... with something that was made of a page.
func (s *server) rendition(kind repository.RenditionKind) func(*visit, *pageInput) (*huma.StreamResponse, error) {
	return func(v *visit, in *pageInput) (*huma.StreamResponse, error) {
		version, err := s.version(v, in.Document, in.Version)
		if err != nil {
			return nil, err
		}
		r, err := s.Sheets.Rendition(v.ctx(), version, kind, in.Page)
		if err != nil {
			return nil, err
		}
		body, err := s.Store.OpenRendition(v.ctx(), r)
		if err != nil {
			return nil, err
		}
		return v.stream(body, File{Media: r.MediaType, Digest: r.SHA256, At: version.At}), nil
	}
}

// stream answers with bytes; see Send.
func (v *visit) stream(body blob.Reader, f File) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(huma.Context) { Send(v.gin.Writer, v.gin.Request, body, f) }}
}

// A Text is the text of a document's pages.
type Text struct {
	Pages []PageText `json:"pages" doc:"in order; empty until the newest version is read"`
}

// A PageText is the plain text of one page.
type PageText struct {
	Page       int     `json:"page"`
	Text       string  `json:"text"`
	Language   string  `json:"language"`
	Confidence float64 `json:"confidence" doc:"0 to 1; 1 for text that was in the file"`
}

type textOutput struct{ Body Text }

// text answers GET /documents/{document}/text with the text of the newest version.
func (s *server) text(v *visit, in *documentInput) (*textOutput, error) {
	if err := s.seen(v, in.Document); err != nil {
		return nil, err
	}
	newest, err := s.Store.Version(v.ctx(), s.Pool, in.Document, 0)
	if err != nil {
		return nil, err
	}
	screening, err := capture.FindScreening(v.ctx(), s.Pool, in.Document, newest.Number)
	if err == nil && screening.Stopped() { // while it is pending there is no text yet
		err = screening.Show()
	}
	if err != nil {
		return nil, err
	}
	texts, err := s.Store.Texts(v.ctx(), s.Pool, []repository.DocumentID{in.Document})
	if err != nil {
		return nil, err
	}
	out := &textOutput{Text{Pages: []PageText{}}}
	for _, t := range texts[in.Document] {
		out.Body.Pages = append(out.Body.Pages, PageText{t.Page, t.Text, t.Language, rounded(t.Confidence)})
	}
	return out, nil
}

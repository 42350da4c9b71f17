package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// routes is every operation of the API.
func (s *server) routes() {
	add(s, post("hand-in", "/intake", "Hand in one file as the body, or several as multipart/form-data.", http.StatusCreated), senders, s.receive)
	add(s, get("list-intake", "/intake", "List the intake ledger, the newest first."), mailClerks, s.listPieces)
	add(s, get("follow-piece", "/intake/{receipt}", "What became of a piece; with wait, answered when it is done."), anybody, s.follow)
	add(s, post("retry-piece", "/intake/{receipt}/retry", "Have a piece that could not be read read again.", http.StatusOK), mailClerks, s.retry)
	add(s, post("reject-piece", "/intake/{receipt}/reject", "Say that nothing is to be done about a piece.", http.StatusOK), mailClerks, s.reject)
	s.describeUpload("/intake", true)

	add(s, get("search", "/search", "Find documents by their text and properties."), anybody, s.search)
}

func get(id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary}
}

func post(id, path, summary string, status int) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodPost, Path: path, Summary: summary, DefaultStatus: status}
}

// describeUpload says what an operation takes whose body is streamed. It is said after the operation is registered: huma
// reads a body into memory that it knows of.
func (s *server) describeUpload(path string, several bool) {
	binary := &huma.Schema{Type: "string", Format: "binary"}
	body := &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: binary}}}
	if several {
		body.Content["multipart/form-data"] = &huma.MediaType{Schema: &huma.Schema{Type: "object", AdditionalProperties: binary,
			Description: "Any number of files. Fields source and batch before the first file count as the parameters do."}}
	}
	s.api.OpenAPI().Paths[path].Post.RequestBody = body
}

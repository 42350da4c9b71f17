package api

import (
	"net/http"

	"docket/repository"
	"docket/workflow"

	"github.com/danielgtaylor/huma/v2"
)

// Who may call an operation. Administrators may call all.
var (
	anybody    []workflow.Role // everybody who is signed in
	senders    = []workflow.Role{workflow.Mailroom, workflow.Agent}
	mailClerks = []workflow.Role{workflow.Mailroom}
	agents     = []workflow.Role{workflow.Agent}
	workers    = []workflow.Role{workflow.Mailroom, workflow.Agent, workflow.RecordsManager}
	admins     = []workflow.Role{workflow.Administrator}
)

// routes is every operation of the API.
func (s *server) routes() {
	s.intakeRoutes()
	s.documentRoutes()
	s.ticketRoutes()
	add(s, get("search", "/search", "Find documents by their text and properties."), anybody, s.search)
	add(s, get("list-classes", "/classes", "The classes of documents with their fields."), anybody, s.classes)
	add(s, get("find-parties", "/parties", "Look in the address book."), workers, s.parties)
	add(s, get("list-users", "/users", "All users."), admins, s.users)
	add(s, post("add-user", "/users", "Add a user.", http.StatusCreated), admins, s.addUser)
	add(s, patch("change-user", "/users/{user}", "Change a user's roles, teams or password, or whether they may sign in."), admins, s.changeUser)
}

func (s *server) intakeRoutes() {
	add(s, post("hand-in", "/intake", "Hand in one file as the body, or several as multipart/form-data.", http.StatusCreated), senders, s.receive)
	add(s, get("list-intake", "/intake", "The intake ledger, the newest first."), mailClerks, s.listPieces)
	add(s, get("follow-piece", "/intake/{receipt}", "What became of a piece; with wait, answered when it is done."), anybody, s.follow)
	add(s, post("retry-piece", "/intake/{receipt}/retry", "Have a piece that could not be read read again.", http.StatusOK), mailClerks, s.retry)
	add(s, post("reject-piece", "/intake/{receipt}/reject", "Say that nothing is to be done about a piece.", http.StatusOK), mailClerks, s.reject)
	add(s, get("list-validation", "/validation", "The documents that wait for a person, the longest waiting first."), mailClerks, s.queue)
	add(s, get("get-validation", "/validation/{document}", "A document that waits for a person."), mailClerks, s.waiting)
	add(s, post("decide", "/validation/{document}", "Say what a document is, and file it so.", http.StatusOK), mailClerks, s.decide)
	s.describeUpload("/intake", true)
}

func (s *server) documentRoutes() {
	add(s, get("list-documents", "/documents", "Filed documents, the newest first."), anybody, s.records)
	add(s, get("get-document", "/documents/{document}", "All that is known of a document."), anybody, s.document)
	add(s, bytesOf("get-content", "/documents/{document}/content", "A document's bytes as they were received; ranges are served."), anybody, s.content)
	add(s, get("get-text", "/documents/{document}/text", "The text of the newest version, page by page."), anybody, s.text)
	add(s, bytesOf("get-page-image", "/documents/{document}/pages/{page}/image", "The image of a page."), anybody, s.rendition(repository.PageImage))
	add(s, bytesOf("get-page-layout", "/documents/{document}/pages/{page}/layout", "The words of a page with their boxes and confidences, as JSON."), anybody, s.rendition(repository.PageLayout))
	add(s, post("check-out", "/documents/{document}/checkout", "Take a document to work on its next version.", http.StatusOK), workers, s.checkOut)
	add(s, post("check-in", "/documents/{document}/checkin", "Hand in the next version as the body, and release the document.", http.StatusOK), workers, s.checkIn)
	add(s, post("cancel-check-out", "/documents/{document}/cancel-checkout", "Release a document without a new version.", http.StatusOK), workers, s.cancelCheckOut)
	s.describeUpload("/documents/{document}/checkin", false)
	add(s, get("list-annotations", annotationsPath, "What people marked on the pages of a version."), anybody, s.annotations)
	add(s, post("annotate", annotationsPath, "Mark something on a page: a highlight, a note or a stamp.", http.StatusCreated), workers, s.annotate)
	add(s, patch("change-annotation", annotationsPath+"/{annotation}", "Have an annotation say something else, or move it; what it was is kept."), workers, s.changeAnnotation)
	add(s, post("withdraw-annotation", annotationsPath+"/{annotation}/withdraw", "Have an annotation count no more; it is kept, with who withdrew it and when.", http.StatusOK), workers, s.withdrawAnnotation)
}

// annotationsPath is where the annotations of a version are.
const annotationsPath = "/documents/{document}/versions/{version}/annotations"

func (s *server) ticketRoutes() {
	add(s, get("list-tickets", "/tickets", "Tickets."), anybody, s.tickets)
	add(s, get("get-ticket", "/tickets/{number}", "A ticket with its documents and what happened."), anybody, s.ticket)
	add(s, post("move-ticket", "/tickets/{number}/transitions", "Take a ticket a step further.", http.StatusOK), workers, s.move)
	add(s, post("assign-ticket", "/tickets/{number}/assign", "Give a ticket to a person or a team.", http.StatusOK), workers, s.assign)
	add(s, get("list-templates", "/templates", "The templates that answers may be written from."), agents, s.templates)
	add(s, get("write-template", "/tickets/{number}/templates/{template}", "A template with what is known of the ticket filled in. Nothing is kept or sent."), agents, s.writeTemplate)
	add(s, post("note-ticket", "/tickets/{number}/notes", "Write a note for colleagues.", http.StatusOK), workers, s.note)
}

// bytesOf is an operation that answers with bytes.
func bytesOf(id, path, summary string) huma.Operation {
	op := get(id, path, summary)
	op.Responses = map[string]*huma.Response{"200": {Description: "the bytes", Content: map[string]*huma.MediaType{
		"*/*": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}}
	return op
}

func get(id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary}
}

func patch(id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodPatch, Path: path, Summary: summary}
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

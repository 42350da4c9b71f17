package web

import (
	"net/http"

	"docket/repository"
	"docket/repository/fault"
	"docket/web/api"
	"docket/workflow"

	"github.com/gin-gonic/gin"
)

// reading are the methods of a page that is looked at: HEAD is answered like GET, without the body.
var reading = []string{http.MethodGet, http.MethodHead}

// routes is every address of the server.
func (s *Server) routes() (http.Handler, error) {
	r, err := newEngine(s.config.TrustedProxies)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "The list of trusted proxies holds something that is no address.")
	}
	r.Use(s.metrics.observe, s.secureHeaders, s.begin, s.recoverPanic)
	r.NoRoute(s.page(s.notFound))
	r.NoMethod(s.page(s.notFound))

	s.openRoutes(r)
	in := r.Group("/", s.signedIn)
	s.homeRoutes(in)
	s.documentRoutes(in)
	s.ticketRoutes(in)
	s.mailRoutes(in)
	s.administrationRoutes(in.Group("/admin", s.only(workflow.Administrator)))
	s.mailroomRoutes(in.Group("/mailroom", s.only(workflow.Mailroom)))
	if err := api.Mount(r, s.apiConfig()); err != nil {
		return nil, err
	}

	// Posts must come from our own pages; programs without a browser's headers pass, for they carry a token, not a cookie.
	return http.NewCrossOriginProtection().Handler(r), nil
}

// openRoutes are for everybody, signed in or not.
func (s *Server) openRoutes(r gin.IRoutes) {
	r.Match(reading, "/static/:name", serveAsset)
	r.Match(reading, "/icon.svg", serveIcon)
	r.Match(reading, "/favicon.ico", serveIcon)
	r.Match(reading, "/healthz", s.serveAlive)
	r.Match(reading, "/readyz", s.serveReady)
	r.Match(reading, "/metrics", s.metrics.serve)

	r.Match(reading, "/sign-in", s.page(s.showSignIn))
	r.POST("/sign-in", s.page(s.signIn))
	r.POST("/sign-out", s.page(s.signOut))
	r.POST("/preferences", s.page(s.savePreferences))
}

// homeRoutes are for everybody who is signed in: their day, their settings, search.
func (s *Server) homeRoutes(in gin.IRoutes) {
	in.Match(reading, "/", s.page(s.showHome))
	in.Match(reading, liveRoute, s.page(s.showLive))
	in.Match(reading, "/upload", s.page(s.showUpload))
	in.POST("/upload", s.page(s.upload))

	in.Match(reading, "/settings", s.page(s.showSettings))
	in.POST("/settings", s.page(s.saveSettings))
	in.Match(reading, "/leave", s.page(s.showLeave))
	in.Match(reading, "/search", s.page(s.showSearch))
	in.Match(reading, "/search/export/:format", s.page(s.exportSearch))
	in.POST("/saved", s.page(s.saveList))
	in.POST("/saved/:id/delete", s.page(s.dropSaved))
}

// documentRoutes are documents, their versions and the file plan.
func (s *Server) documentRoutes(in *gin.RouterGroup) {
	in.Match(reading, "/documents/:document/similar", s.page(s.showSimilar))
	in.Match(reading, "/documents/:document/compare", s.page(s.showCompare))
	in.Match(reading, "/documents/:document", s.page(s.showDocument))
	held := in.Group("/documents/:document", s.only(revisers...))
	held.POST("/checkout", s.page(s.checkOut))
	held.POST("/checkin", s.page(s.checkIn))
	held.POST("/cancel-checkout", s.page(s.cancelCheckOut))
	files := in.Group("/documents/:document/versions/:version")
	files.Match(reading, "/original", s.page(s.serveOriginal))
	files.Match(reading, "/message", s.page(s.showMailFrame))
	files.Match(reading, "/searchable.pdf", s.page(s.serveSearchable))
	files.Match(reading, "/text", s.page(s.serveText))
	files.Match(reading, "/pages/:page/image", s.page(s.servePage(repository.PageImage)))
	files.Match(reading, "/pages/:page/fine", s.page(s.servePage(repository.FineImage)))
	files.Match(reading, "/pages/:page/marks.svg", s.page(s.serveMarks))
	files.Match(reading, "/pages/:page/hit", s.page(s.showHit))
	files.Match(reading, "/pages/:page/thumbnail", s.page(s.servePage(repository.Thumbnail)))
	files.Match(reading, "/pages/:page/layout", s.page(s.servePage(repository.PageLayout)))
	files.Match(reading, "/pages/:page/places", s.page(s.servePlaces))
	marked := files.Group("/annotations", s.only(annotators...))
	marked.POST("", s.page(s.makeAnnotation))
	marked.POST("/:annotation", s.page(s.changeAnnotation))
	marked.POST("/:annotation/withdraw", s.page(s.withdrawAnnotation))

	records := in.Group("/records", s.only(workflow.RecordsManager, workflow.Agent))
	records.Match(reading, "", s.page(s.showPlan))
	records.Match(reading, "/:category", s.page(s.showCategory))
}

// ticketRoutes are the agents' work.
func (s *Server) ticketRoutes(in gin.IRoutes) {
	in.Match(reading, "/tickets", s.page(s.showTickets))
	in.Match(reading, "/tickets/export/:format", s.page(s.exportTickets))
	in.Match(reading, "/tickets/bulk", s.page(s.showBulk))
	in.POST("/tickets/bulk", s.page(s.changeBulk))
	in.Match(reading, "/tickets/:number", s.page(s.showTicket))
	in.POST("/tickets/:number/move", s.page(s.moveTicket))
	in.POST("/tickets/:number/assign", s.page(s.assignTicket))
	in.POST("/tickets/:number/draft", s.only(workflow.Agent), s.page(s.saveDraft))
	in.POST("/tickets/:number/reply", s.only(workflow.Agent), s.page(s.sendReply))
	in.POST("/tickets/:number/template", s.only(workflow.Agent), s.page(s.insertTemplate))
	in.POST("/tickets/:number/notes", s.page(s.noteTicket))
	in.POST("/tickets/:number/tasks/:task", s.only(workflow.Agent), s.page(s.answerTask))
}

// mailRoutes are for what is to be sent, and for messages that wait for a person.
func (s *Server) mailRoutes(in *gin.RouterGroup) {
	if s.config.Outbox != nil {
		outbox := in.Group("/outbox", s.only(workflow.Agent))
		outbox.Match(reading, "", s.page(s.showOutbox))
		outbox.Match(reading, "/suppressed", s.page(s.showSuppressed))
		outbox.POST("/suppressed", s.page(s.restoreAddress))
		outbox.POST("/:message", s.page(s.changeOutgoing))
	}
	quarantine := in.Group("/quarantine", s.only(deciders...))
	quarantine.Match(reading, "", s.page(s.showQuarantine))
	quarantine.POST("/:document", s.page(s.decideMessage))
}

// administrationRoutes are what a house defines about itself.
func (s *Server) administrationRoutes(admin gin.IRoutes) {
	admin.Match(reading, "/users", s.page(s.showUsers))
	admin.POST("/users", s.page(s.addUser))
	admin.Match(reading, "/users/:user/history", s.page(s.showUserHistory))
	admin.POST("/users/:user", s.page(s.changeUser))
	admin.Match(reading, "/classes", s.page(s.showClasses))
	admin.Match(reading, "/classes/:class", s.page(s.showClass))
	admin.Match(reading, "/classes/:class/history", s.page(s.showClassHistory))
	admin.POST("/classes/:class", s.page(s.changeClass))
	admin.POST("/classes/:class/trial", s.page(s.tryClass))
	admin.Match(reading, "/fields", s.page(s.showFields))
	admin.Match(reading, "/fields/:field", s.page(s.showField))
	admin.Match(reading, "/fields/:field/history", s.page(s.showFieldHistory))
	admin.POST("/fields/:field", s.page(s.changeField))
	admin.Match(reading, "/vocabulary", s.page(s.showVocabulary))
	admin.Match(reading, "/vocabulary/:field", s.page(s.showVocabulary))
	admin.Match(reading, "/vocabulary/:field/:term", s.page(s.showTerm))
	admin.Match(reading, "/vocabulary/:field/:term/history", s.page(s.showTermHistory))
	admin.POST("/vocabulary/:field/:term", s.page(s.changeTerm))
	admin.Match(reading, "/sources", s.page(s.showSources))
	admin.POST("/sources", s.page(s.addSource))
	admin.POST("/sources/pause", s.page(s.pauseSource))
	admin.Match(reading, "/channels", s.page(s.showChannels))
	admin.Match(reading, "/channels/:channel", s.page(s.showChannel))
	admin.Match(reading, "/channels/:channel/history", s.page(s.showChannelHistory))
	admin.POST("/channels/:channel", s.page(s.saveChannel))
	admin.Match(reading, "/channels/:channel/mailboxes/:mailbox", s.page(s.showMailbox))
	admin.POST("/channels/:channel/mailboxes/:mailbox", s.page(s.saveMailbox))
	admin.Match(reading, "/templates", s.page(s.showMailTemplates))
	admin.Match(reading, "/templates/:template", s.page(s.showMailTemplate))
	admin.POST("/templates/:template", s.page(s.saveMailTemplate))
	admin.POST("/templates/:template/preview", s.page(s.previewMailTemplate))
	admin.Match(reading, "/health", s.page(s.showHealth))
}

// mailroomRoutes are the ways in, the ledger and the validation desk.
func (s *Server) mailroomRoutes(mail gin.IRoutes) {
	mail.Match(reading, "", s.page(s.showBoard))
	mail.Match(reading, "/scan", s.page(s.showDesk))
	mail.POST("/scan", s.page(s.newDraft))
	mail.Match(reading, "/scan/:draft", s.page(s.showDraft))
	mail.POST("/scan/:draft/files", s.page(s.layFiles))
	mail.POST("/scan/:draft/arrange", s.page(s.arrangeDraft))
	mail.POST("/scan/:draft/name", s.page(s.nameDraft))
	mail.POST("/scan/:draft/send", s.page(s.sendDraft))
	mail.POST("/scan/:draft/drop", s.page(s.dropDraft))
	mail.Match(reading, "/separator.pdf", s.page(s.serveSeparator))
	mail.Match(reading, "/batches", s.page(s.showBatches))
	mail.Match(reading, "/batches/named", s.page(s.findBatch))
	mail.Match(reading, "/batches/:batch", s.page(s.showBatch))
	mail.POST("/batches/:batch/expected", s.page(s.expectBatch))
	mail.Match(reading, "/pieces/:receipt", s.page(s.showPiece))
	mail.POST("/pieces/:receipt/retry", s.page(s.retryPiece))
	mail.POST("/pieces/:receipt/reject", s.page(s.rejectPiece))
	mail.POST("/pieces/:receipt/release", s.page(s.releasePiece))
	mail.Match(reading, "/validation", s.page(s.showQueue))
	mail.Match(reading, "/validation/:document", s.page(s.showValidate))
	mail.Match(reading, "/validation/:document/value", s.page(s.showValue))
	mail.POST("/validation/:document", s.page(s.validate))
}

package web

import (
	"docket/workflow"
	"net/http"

	"docket/repository"
	"docket/repository/fault"
	"docket/web/api"
)

// routes is every address of the server.
func (s *Server) routes() (http.Handler, error) {
	r, err := newEngine(s.config.TrustedProxies)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "The list of trusted proxies holds something that is no address.")
	}
	r.Use(s.metrics.observe, s.secureHeaders, s.begin, s.recoverPanic)
	r.NoRoute(s.page(s.notFound))
	r.NoMethod(s.page(s.notFound))

	r.GET("/static/:name", serveAsset)
	r.GET("/icon.svg", serveIcon)
	r.GET("/favicon.ico", serveIcon)
	r.GET("/healthz", s.serveAlive)
	r.GET("/readyz", s.serveReady)
	r.GET("/metrics", s.metrics.serve)

	r.GET("/sign-in", s.page(s.showSignIn))
	r.POST("/sign-in", s.page(s.signIn))
	r.POST("/sign-out", s.page(s.signOut))
	r.POST("/preferences", s.page(s.savePreferences))

	in := r.Group("/", s.signedIn)
	in.GET("/", s.page(s.showHome))
	in.GET("/upload", s.page(s.showUpload))
	in.POST("/upload", s.page(s.upload))

	in.GET("/search", s.page(s.showSearch))
	in.GET("/documents/:document", s.page(s.showDocument))
	held := in.Group("/documents/:document", s.only(revisers...))
	held.POST("/checkout", s.page(s.checkOut))
	held.POST("/checkin", s.page(s.checkIn))
	held.POST("/cancel-checkout", s.page(s.cancelCheckOut))
	files := in.Group("/documents/:document/versions/:version")
	files.GET("/original", s.page(s.serveOriginal))
	files.GET("/searchable.pdf", s.page(s.serveSearchable))
	files.GET("/text", s.page(s.serveText))
	files.GET("/pages/:page/image", s.page(s.servePage(repository.PageImage)))
	files.GET("/pages/:page/thumbnail", s.page(s.servePage(repository.Thumbnail)))

	records := in.Group("/records", s.only(workflow.RecordsManager, workflow.Agent))
	records.GET("", s.page(s.showPlan))
	records.GET("/:category", s.page(s.showCategory))

	in.GET("/tickets", s.page(s.showTickets))
	in.GET("/tickets/:number", s.page(s.showTicket))
	in.POST("/tickets/:number/move", s.page(s.moveTicket))
	in.POST("/tickets/:number/assign", s.page(s.assignTicket))
	in.POST("/tickets/:number/notes", s.page(s.noteTicket))

	admin := in.Group("/admin", s.only(workflow.Administrator))
	admin.GET("/users", s.page(s.showUsers))
	admin.POST("/users", s.page(s.addUser))
	admin.POST("/users/:user", s.page(s.changeUser))
	admin.GET("/sources", s.page(s.showSources))
	admin.GET("/health", s.page(s.showHealth))

	mail := in.Group("/mailroom", s.only(workflow.Mailroom))
	mail.GET("", s.page(s.showBoard))
	mail.GET("/pieces/:receipt", s.page(s.showPiece))
	mail.POST("/pieces/:receipt/retry", s.page(s.retryPiece))
	mail.POST("/pieces/:receipt/reject", s.page(s.rejectPiece))
	mail.GET("/validation", s.page(s.showQueue))
	mail.GET("/validation/:document", s.page(s.showValidate))
	mail.POST("/validation/:document", s.page(s.validate))

	if err := api.Mount(r, s.apiConfig()); err != nil {
		return nil, err
	}

	// Posts must come from our own pages; programs without a browser's headers pass, for they carry a token, not a cookie.
	return http.NewCrossOriginProtection().Handler(r), nil
}

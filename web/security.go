package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// pagePolicy is the Content-Security-Policy of our own pages: everything from this server, nothing inline, no frames
// around us. The frames within are messages, see [Server.showMailFrame]. data: images are the small marks inside the style sheet.
var pagePolicy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
	"connect-src 'self'", "frame-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'",
}, "; ")

// secureHeaders sets the headers that every answer carries.
func (s *Server) secureHeaders(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()")
	if s.encrypted(c.Request) {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	c.Next()
}

// encrypted says whether the browser reached us over TLS, here or at the proxy in front of us.
func (s *Server) encrypted(r *http.Request) bool { return r.TLS != nil || s.config.Secure }

// local gives path when it is a place on this server to go to after signing in, and "/" otherwise, so that a link cannot
// send people from our sign-in page to somebody else's. Browsers read a backslash as a slash and skip control characters.
func local(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return "/"
	}
	if strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) {
		return "/"
	}
	return path
}

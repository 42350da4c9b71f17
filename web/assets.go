package web

import (
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
)

//go:embed all:static
var static embed.FS

// errNoAssets says that the binary was built before its styles and scripts.
var errNoAssets = errors.New("web: the styles and scripts are not built into this binary; run 'make assets' and build again")

// assets knows the fingerprinted names of what the browser loads. Files never change under their name, so they are cached
// for a year; each lies ready compressed beside the plain one.
type assets struct {
	names map[string]string // "docket.css": "docket-0a1b2c3d4e.css"
}

// loadAssets reads the manifest that the asset build left. Without it the assets are empty and the error is errNoAssets.
func loadAssets() (assets, error) {
	raw, err := static.ReadFile("static/dist/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return assets{}, errNoAssets
	}
	if err != nil {
		return assets{}, err
	}
	var names map[string]string
	return assets{names}, json.Unmarshal(raw, &names)
}

// path is where the browser finds an asset.
func (a assets) path(name string) string { return "/static/" + a.names[name] }

// missing says that pages will look bare.
func (a assets) missing() bool { return a.names == nil }

// serveAsset answers GET /static/:name.
func serveAsset(c *gin.Context) {
	name := path.Base(c.Param("name"))
	kind := mime.TypeByExtension(path.Ext(name))
	if path.Ext(name) == ".woff2" {
		kind = "font/woff2"
	}
	body, encoding, err := readAsset(name, c.GetHeader("Accept-Encoding"))
	if err != nil || kind == "" {
		c.Status(http.StatusNotFound)
		return
	}
	h := c.Writer.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Add("Vary", "Accept-Encoding")
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	c.Data(http.StatusOK, kind, body)
}

// readAsset gives the smallest form of a file that the client accepts.
func readAsset(name, accept string) (body []byte, encoding string, err error) {
	for _, e := range []struct{ name, ext string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if strings.Contains(accept, e.name) {
			if body, err = static.ReadFile("static/dist/" + name + e.ext); err == nil {
				return body, e.name, nil
			}
		}
	}
	body, err = static.ReadFile("static/dist/" + name)
	return body, "", err
}

// serveIcon answers GET /favicon.ico and /icon.svg.
func serveIcon(c *gin.Context) {
	body, _ := static.ReadFile("static/icon.svg")
	c.Header("Cache-Control", "public, max-age=86400")
	c.Data(http.StatusOK, "image/svg+xml", body)
}

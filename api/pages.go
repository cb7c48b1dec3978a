package api

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// pages are the routes outside /v1: health, metrics, the document, the console and its base map, the riders' app.
func (s *Server) pages(e *gin.Engine, console fs.FS, registry *prometheus.Registry) {
	e.GET("/healthz", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"status": "up"}) })
	e.GET("/readyz", s.ready)
	e.GET("/openapi.json", document(s.doc))
	e.GET("/openapi-3.0.json", document(s.doc30)) // for tools that don't know 3.1, or are slow with it, as the page at /docs is
	if registry != nil {
		e.GET("/metrics", gin.WrapH(promhttp.HandlerFor(registry, promhttp.HandlerOpts{})))
	}
	if s.basemap.file != "" {
		e.GET("/basemap.pmtiles", s.serveBasemap)
		e.HEAD("/basemap.pmtiles", s.serveBasemap)
	}
	e.NoRoute(func(c *gin.Context) {
		if console == nil || strings.HasPrefix(c.Request.URL.Path, "/v1/") || (c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead) {
			noRoute(c)
			return
		}
		s.page(c, console)
	})
}

func document(read func() ([]byte, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		doc, err := read()
		if err != nil {
			writeProblem(c, err)
			return
		}
		c.Data(http.StatusOK, "application/openapi+json", doc)
	}
}

// page serves the console: a file where there is one, the page itself for the console's own addresses.
func (s *Server) page(c *gin.Context, console fs.FS) {
	name := strings.TrimPrefix(path.Clean("/"+c.Request.URL.Path), "/")
	switch name { // pages of their own
	case "docs":
		name = "docs.html" // the API's reference
	case "rider":
		name = "rider.html" // the riders' app
	}
	f, info := openFile(console, name)
	if f == nil {
		if strings.HasPrefix(name, "assets/") || path.Ext(name) != "" { // a file that is gone, not an address of the console
			noRoute(c)
			return
		}
		name = "index.html"
		if f, info = openFile(console, name); f == nil {
			noRoute(c)
			return
		}
	}
	defer func() { _ = f.Close() }()
	h := c.Writer.Header()
	if strings.HasPrefix(name, "assets/") { // their names carry a hash
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	if strings.HasSuffix(name, ".html") {
		h.Set("Content-Security-Policy", s.basemap.policy())
	}
	if strings.HasSuffix(name, ".webmanifest") { // which not every machine knows
		h.Set("Content-Type", "application/manifest+json")
	}
	content, ok := f.(io.ReadSeeker)
	if !ok {
		writeProblem(c, errors.New("console file can't seek: "+name))
		return
	}
	h.Set("Vary", "Accept-Encoding")
	z, err := s.packed.of(c.Request, name, content)
	if err != nil {
		writeProblem(c, err)
		return
	}
	if z != nil {
		h.Set("Content-Encoding", "gzip")
		content = bytes.NewReader(z)
	}
	http.ServeContent(c.Writer, c.Request, name, info.ModTime(), content)
}

// openFile opens a file that is no folder; nil when there is none.
func openFile(files fs.FS, name string) (fs.File, fs.FileInfo) {
	f, err := files.Open(name)
	if err != nil {
		return nil, nil
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		_ = f.Close()
		return nil, nil
	}
	return f, info
}

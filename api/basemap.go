package api

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/gin-gonic/gin"
)

// basemap is the ground under the console's map.
type basemap struct {
	Kind string `json:"kind" enum:"none,pmtiles,style" doc:"none: the console draws its own plain ground."`
	URL  string `json:"url" doc:"Of the .pmtiles file or the MapLibre style; empty for none."`

	file   string
	origin string
}

func openBasemap(setting string) (basemap, error) {
	switch {
	case setting == "":
		return basemap{Kind: "none"}, nil
	case strings.HasPrefix(setting, "http://"), strings.HasPrefix(setting, "https://"):
		u, err := url.Parse(setting)
		if err != nil {
			return basemap{}, fmt.Errorf("base map: %w", err)
		}
		return basemap{Kind: "style", URL: setting, origin: u.Scheme + "://" + u.Host}, nil
	}
	info, err := os.Stat(setting)
	if err != nil {
		return basemap{}, fmt.Errorf("base map: %w", err)
	}
	if info.IsDir() {
		return basemap{}, fmt.Errorf("base map: %s is a folder, want a .pmtiles file", setting)
	}
	return basemap{Kind: "pmtiles", URL: "/basemap.pmtiles", file: setting}, nil
}

// policy keeps the console's page to itself, and the map style's server where one is configured.
func (b basemap) policy() string {
	from := "'self'"
	if b.origin != "" {
		from += " https:" // a style names its own tile servers
		if strings.HasPrefix(b.origin, "http://") {
			from += " " + b.origin
		}
	}
	return "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
		"img-src 'self' data: blob: " + from + "; connect-src " + from + "; font-src 'self' data:; " +
		"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
}

// serveBasemap answers ranges of the tiles' file; browsers read a few kilobytes of it at a time.
func (s *Server) serveBasemap(c *gin.Context) {
	c.Header("Content-Type", "application/octet-stream")
	c.Header("Cache-Control", "public, max-age=3600")
	http.ServeFile(c.Writer, c.Request, s.basemap.file)
}

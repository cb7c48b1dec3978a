package api

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// The tracking page is what a customer sees of an order: one link, no log-in. The server renders all of it, in the customer's
// language (track_words.go); the script only asks for the same view as JSON every ten seconds. It needs nothing from elsewhere.
//
//	track_token.go  the link        track_view.go  what is seen      track_map.go  where things are
//	track_act.go    rating and tip  track/         page, style, script

// trackLife is how long the page lives on after the order's end.
const trackLife = 24 * time.Hour

//go:embed track
var trackFiles embed.FS

var trackPage = template.Must(template.ParseFS(trackFiles, "track/page.html"))

// trackPolicy lets the page load its own files and ask its own server, nothing else.
const trackPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// trackAssets are the page's files by the names under which they are served: each carries its hash, so that it is cached for good.
type trackAssets struct {
	Style, Script string
	files         map[string][]byte
}

func newTrackAssets() (trackAssets, error) {
	a := trackAssets{files: map[string][]byte{}}
	for name, url := range map[string]*string{"track.css": &a.Style, "track.js": &a.Script} {
		b, err := trackFiles.ReadFile("track/" + name)
		if err != nil {
			return a, fmt.Errorf("tracking page: %w", err)
		}
		sum := sha256.Sum256(b)
		served := hex.EncodeToString(sum[:6]) + path.Ext(name)
		a.files[served], *url = b, "/track/"+served
	}
	return a, nil
}

func (s *Server) trackRoutes(e *gin.Engine) {
	e.GET("/t/:token", s.trackedPage)
	e.GET("/t/:token/status", s.trackedStatus)
	e.POST("/t/:token/rating", s.trackedRating)
	e.POST("/t/:token/tip", s.trackedTip)
	e.GET("/track/:file", func(c *gin.Context) {
		b, ok := s.track.files[c.Param("file")]
		if !ok {
			noRoute(c)
			return
		}
		kind := "text/css; charset=utf-8"
		if path.Ext(c.Param("file")) == ".js" {
			kind = "text/javascript; charset=utf-8"
		}
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
		c.Data(http.StatusOK, kind, b)
	})
}

// trackingURL is the address of an order's page.
func (s *Server) trackingURL(o order.Order) string {
	return s.conf.PublicURL + "/t/" + s.trackTokens.token(o.Tenant, o.ID)
}

var (
	errNoTrack   = refuse(codeNotFound, "There is no such link.")
	errTrackOver = refuse(codeGone, "The link has expired.")
)

// tracked finds out whose page is asked for; looking at many, or too often, is refused.
func (s *Server) tracked(c *gin.Context) (tenant id.Tenant, oid id.Order, err error) {
	c.Header("Cache-Control", "no-store")
	c.Header("X-Robots-Tag", "noindex")
	header, err := s.limits.visitor.take(c.ClientIP())
	if err == nil {
		var ok bool
		if tenant, oid, ok = s.trackTokens.read(c.Param("token")); !ok {
			return tenant, oid, errNoTrack
		}
		header, err = s.limits.tracking.take(oid)
	}
	for k, v := range header {
		c.Header(k, v[0])
	}
	return tenant, oid, err
}

// readTracked reads the order of a page that has not expired.
func (s *Server) readTracked(ctx context.Context, tx pgx.Tx, tenant id.Tenant, oid id.Order) (order.Order, error) {
	o, err := order.Get(ctx, tx, tenant, oid)
	if errors.Is(err, order.ErrNotFound) {
		return o, errNoTrack
	}
	if err == nil && o.EndedAt != nil && s.clock.Now().Sub(*o.EndedAt) > trackLife {
		return o, errTrackOver
	}
	return o, err
}

func (s *Server) trackedStatus(c *gin.Context) {
	tenant, oid, err := s.tracked(c)
	s.acted(c, tenant, oid, err)
}

// trackedPage answers people, so what is wrong is a page too.
func (s *Server) trackedPage(c *gin.Context) {
	lang := trackLanguage(c.Request)
	tenant, oid, err := s.tracked(c)
	var v TrackView
	if err == nil {
		v, err = s.trackView(c.Request.Context(), tenant, oid, lang)
	}
	status := http.StatusOK
	if err != nil {
		p := problemOf(err)
		if status = p.Status; status >= http.StatusInternalServerError {
			requestFrom(c.Request.Context()).fail(err)
		}
		for k, x := range p.header {
			c.Header(k, x[0])
		}
		v = TrackView{Headline: trackWords[lang].fault(p.Code), Over: true}
	}
	c.Header("Content-Security-Policy", trackPolicy)
	c.Header("Vary", "Accept-Language")
	c.Status(status)
	c.Header("Content-Type", "text/html; charset=utf-8")
	err = trackPage.Execute(c.Writer, struct {
		TrackView
		Assets      trackAssets
		Lang, Other string
		Words       words
		Base        string
		Fault       bool
	}{v, s.track, lang, otherLanguage(lang), trackWords[lang], "/t/" + c.Param("token"), err != nil})
	if err != nil {
		requestFrom(c.Request.Context()).fail(err)
	}
}

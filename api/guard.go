package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"
)

// recoverPanic answers 500 where a handler panicked, and keeps the stack for the log.
func (s *Server) recoverPanic(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(v) // net/http's own way to cut a connection
		}
		err := fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		s.metrics.panics.Inc()
		if c.Writer.Written() { // too late for an answer; the access log has the rest
			requestFrom(c.Request.Context()).fail(err)
			c.Abort()
			return
		}
		writeProblem(c, err)
	}()
	c.Next()
}

// headers are the same for every answer. Pages get their own policy in console.go.
func (s *Server) headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if strings.HasPrefix(c.Request.URL.Path, "/v1/") {
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	}
	c.Next()
}

// deadline bounds what a request may take of the machine. Streams are told apart by their path.
func (s *Server) deadline(c *gin.Context) {
	if strings.HasSuffix(c.Request.URL.Path, "/stream") {
		c.Next()
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), s.conf.Timeout)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

func noRoute(c *gin.Context) {
	writeProblem(c, refuse(codeNotFound, "There is no such route."))
}

func noMethod(c *gin.Context) {
	writeProblem(c, refuse(codeMethod, "The path does not know this method."))
}

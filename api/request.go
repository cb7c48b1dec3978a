package api

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
)

// request is what the middleware knows of one request; the access log writes it.
type request struct {
	id string

	mu     sync.Mutex
	err    error  // why the answer is a 5xx
	code   string // of the problem that answers it
	caller []slog.Attr
	at     id.Tenant // whose log-in failed
}

type requestKey struct{}

func requestFrom(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	return r
}

func (r *request) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
}

// refused notes the problem that answers the request.
func (r *request) refused(code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.code = code
}

// foiled notes that a log-in at a tenant failed.
func (r *request) foiled(tenant id.Tenant) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = tenant
}

// foiledAt is the tenant at which the request's log-in failed; zero where none did.
func (r *request) foiledAt() id.Tenant {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at
}

// refusal is the problem's code; "" where there is none.
func (r *request) refusal() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.code
}

// by notes who called, for the log.
func (r *request) by(attrs ...slog.Attr) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.caller = attrs
}

const requestIDHeader = "X-Request-Id"

// begin gives the request its id, and logs and counts it when it is over.
func (s *Server) begin(c *gin.Context) {
	r := &request{id: requestID(c.GetHeader(requestIDHeader))}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), requestKey{}, r))
	c.Header(requestIDHeader, r.id)
	start := time.Now() //nolint:forbidigo // measures the machine, not the business
	s.metrics.inFlight.Inc()
	defer func() {
		took := time.Since(start) //nolint:forbidigo // as above
		s.metrics.inFlight.Dec()
		route := c.FullPath()
		if route == "" {
			route = "other"
		}
		s.metrics.requests.WithLabelValues(c.Request.Method, route, strconv.Itoa(c.Writer.Status())).Inc()
		if !isStream(c) {
			s.metrics.seconds.WithLabelValues(c.Request.Method, route).Observe(took.Seconds())
		}
		s.access(c, r, route, took)
	}()
	c.Next()
}

// requestID takes the caller's id where it is harmless in a log, and makes one otherwise.
func requestID(given string) string {
	if len(given) < 8 || len(given) > 64 {
		return newRequestID()
	}
	for _, b := range []byte(given) {
		if (b < '0' || b > '9') && (b < 'a' || b > 'z') && (b < 'A' || b > 'Z') && b != '-' && b != '_' {
			return newRequestID()
		}
	}
	return given
}

func newRequestID() string {
	u := uuid.Must(uuid.NewV7())
	const hex = "0123456789abcdef"
	out := make([]byte, 0, 2*len(u))
	for _, b := range u {
		out = append(out, hex[b>>4], hex[b&15])
	}
	return string(out)
}

// access writes the one line of a request. Bodies, headers and query strings stay out of it: they may hold secrets and
// personal data. A failure of ours is an error; the rest is for those who debug.
func (s *Server) access(c *gin.Context, r *request, route string, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	status := c.Writer.Status()
	level := slog.LevelDebug
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	if !s.log.Enabled(c.Request.Context(), level) {
		return
	}
	attrs := append([]slog.Attr{
		slog.String("request_id", r.id), slog.String("method", c.Request.Method), slog.String("route", route),
		slog.Int("status", status), slog.Duration("took", took), slog.Int("bytes", max(0, c.Writer.Size())), slog.String("ip", c.ClientIP()),
	}, r.caller...)
	if r.err != nil {
		attrs = append(attrs, slog.Any("err", r.err))
	}
	s.log.LogAttrs(c.Request.Context(), level, "request", attrs...)
}

func isStream(c *gin.Context) bool { return c.Writer.Header().Get("Content-Type") == eventStream }

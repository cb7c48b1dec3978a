package api

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// readyTimeout bounds the question to each dependency.
const readyTimeout = 2 * time.Second

// ready tells a load balancer whether to send requests here, and a person which part is missing.
func (s *Server) ready(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), readyTimeout)
	defer cancel()
	answer := gin.H{}
	status := http.StatusOK
	for name, check := range map[string]func(context.Context) error{
		"postgres":   s.db.Ping,
		"migrations": s.migrated,
		"bus":        func(context.Context) error { return s.bus.Ready() },
	} {
		if err := check(ctx); err != nil {
			s.log.WarnContext(ctx, "not ready", "dependency", name, "err", err)
			answer[name] = "down"
			status = http.StatusServiceUnavailable
			continue
		}
		answer[name] = "up"
	}
	select {
	case <-s.closing.Done():
		answer["server"] = "closing"
		status = http.StatusServiceUnavailable
	default:
	}
	c.JSON(status, answer)
}

// migrated asks for the newest function that the program calls; it is there when the schema is.
func (s *Server) migrated(ctx context.Context) error {
	_, err := s.db.Pool.Exec(ctx, "SELECT webhook_tenants() LIMIT 0")
	return err
}

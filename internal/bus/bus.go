package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
)

// Options says which NATS to use; the zero value is a server in the process.
type Options struct {
	// URL of a NATS server or several, with commas between. Empty: an embedded one.
	URL string
	// Listen opens the embedded server to other processes at this host:port. Empty: it is reached through memory only.
	Listen  string
	Log     *slog.Logger          // nil means slog.Default
	Metrics prometheus.Registerer // nil means no metrics
}

const (
	reconnectWait   = time.Second
	reconnectBuffer = 32 << 20 // bytes published while there is no connection
	flushTimeout    = 2 * time.Second
)

// ErrWildcard refuses a message to more than one subject: an id was left out.
var ErrWildcard = errors.New("a message needs a subject without wildcards")

// Bus publishes and subscribes.
type Bus struct {
	log    *slog.Logger
	server *server.Server // nil when it is somebody else's
	conn   *nats.Conn
	closed chan struct{} // when the connection is done for good

	mu      sync.Mutex
	subs    map[*nats.Subscription]struct{}
	retired uint64 // dropped by subscriptions that have stopped
}

// Open connects. A server given by URL need not be up yet: Ready tells. Whoever calls it must call Close.
func Open(ctx context.Context, o Options) (*Bus, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	b := &Bus{log: o.Log.With("component", "bus"), closed: make(chan struct{}), subs: make(map[*nats.Subscription]struct{})}
	var err error
	if o.URL == "" {
		if b.server, err = startServer(o.Listen, b.log); err != nil {
			return nil, err
		}
	} else if o.Listen != "" {
		return nil, errors.New("bus: a server elsewhere (URL) and one here (Listen) exclude each other")
	}
	if b.conn, err = nats.Connect(o.URL, b.options()...); err != nil {
		b.stopServer()
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	if err := b.register(o.Metrics); err != nil {
		return nil, errors.Join(err, b.Close(ctx))
	}
	return b, nil
}

func (b *Bus) options() []nats.Option {
	opts := []nats.Option{
		nats.Name("paidan"),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait),
		nats.ReconnectBufSize(reconnectBuffer),
		nats.RetryOnFailedConnect(true),
		nats.IgnoreAuthErrorAbort(),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil { // nil: we closed it
				b.log.Warn("connection lost", "error", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { b.log.Info("connected again") }),
		nats.ErrorHandler(b.onError),
		nats.ClosedHandler(func(*nats.Conn) { close(b.closed) }),
	}
	if b.server != nil {
		opts = append(opts, nats.InProcessServer(b.server))
	}
	return opts
}

// Publish hands a message over; it does not wait for anybody to get it. The data may be reused afterwards.
func (b *Bus) Publish(subject string, data []byte) error {
	if strings.ContainsAny(subject, "*>") {
		return fmt.Errorf("publish to %s: %w", subject, ErrWildcard)
	}
	if err := b.conn.Publish(subject, data); err != nil {
		return fmt.Errorf("publish to %s: %w", subject, err)
	}
	return nil
}

// Ready says why messages don't flow now, nil when they do.
func (b *Bus) Ready() error {
	if b.conn.IsConnected() {
		return nil
	}
	return fmt.Errorf("NATS is not connected (%s)", b.conn.Status())
}

// Close lets what is under way arrive and the subscriptions finish, then ends everything; when ctx ends first, at once, with its error.
func (b *Bus) Close(ctx context.Context) error {
	defer b.stopServer()
	err := b.conn.Drain()
	switch {
	case errors.Is(err, nats.ErrConnectionClosed):
		return nil
	case err != nil: // not connected, so nothing to drain
		b.conn.Close()
		<-b.closed
		return nil
	}
	select {
	case <-b.closed:
		return nil
	case <-ctx.Done():
		b.conn.Close()
		<-b.closed
		return fmt.Errorf("drain the bus: %w", ctx.Err())
	}
}

package client

import (
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/paidan/paidan/internal/clock"
)

// Options say where the server is and how hard to try. Only URL is required.
type Options struct {
	// URL of the server, without /v1.
	URL string
	// Clock is the server's clock, by which tokens expire; nil is the wall clock.
	Clock clock.Clock
	// Patience is how long (on the wall) a repeatable call goes on trying while the server is away; 0 is two minutes.
	Patience time.Duration
	// Conns bounds the connections for calls, 0 is 128. Each stream has its own connection beside them.
	Conns int
	// Dial replaces the network, for tests.
	Dial DialFunc
}

// Client is one server. It is safe for concurrent use.
type Client struct {
	base     string
	clock    clock.Clock
	patience time.Duration
	calls    *http.Client
	streams  *http.Client
	stats    Stats
}

// New makes a client; it does not touch the network.
func New(o Options) *Client {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Patience == 0 {
		o.Patience = 2 * time.Minute
	}
	if o.Conns == 0 {
		o.Conns = 128
	}
	if o.Dial == nil {
		d := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
		o.Dial = d.DialContext
	}
	return &Client{
		base:     strings.TrimRight(o.URL, "/"),
		clock:    o.Clock,
		patience: o.Patience,
		calls:    &http.Client{Transport: callTransport(o), CheckRedirect: noRedirect},
		streams:  &http.Client{Transport: streamTransport(o), CheckRedirect: noRedirect},
	}
}

// Stats are the counters of all calls through this client.
func (c *Client) Stats() *Stats { return &c.stats }

// Close drops the idle connections.
func (c *Client) Close() {
	c.calls.CloseIdleConnections()
	c.streams.CloseIdleConnections()
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

package client

import (
	"context"
	"net"
	"net/http"
	"time"
)

// DialFunc opens a connection.
type DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error)

// callTransport serves many short calls to one host: a bounded set of connections, all kept open.
func callTransport(o Options) *http.Transport {
	return &http.Transport{
		DialContext:           o.Dial,
		MaxConnsPerHost:       o.Conns,
		MaxIdleConns:          o.Conns,
		MaxIdleConnsPerHost:   o.Conns,
		IdleConnTimeout:       90 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		DisableCompression:    true, // short answers: unpacking costs more than it saves
	}
}

// streamTransport serves thousands of connections on which little comes: no bound, small buffers.
func streamTransport(o Options) *http.Transport {
	return &http.Transport{
		DialContext:           o.Dial,
		MaxIdleConnsPerHost:   1,
		IdleConnTimeout:       5 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		DisableCompression:    true,
		ReadBufferSize:        1 << 10,
		WriteBufferSize:       1 << 10,
	}
}

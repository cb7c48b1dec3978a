// Package clienttest is a network inside the process, whose server can be killed and started again. Nothing of it
// touches the machine, so tests of what happens over minutes run in fake time (testing/synctest).
package clienttest

import (
	"context"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// Net is a network with at most one server. The zero value has none: connections are refused.
type Net struct {
	mu     sync.Mutex
	server *server
}

type server struct {
	http  *http.Server
	queue chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// URL is where clients believe the server to be.
const URL = "http://paidan.test"

// Dial connects to the server, if there is one.
func (n *Net) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	n.mu.Lock()
	s := n.server
	n.mu.Unlock()
	refused := &net.OpError{Op: "dial", Net: "mem", Err: syscall.ECONNREFUSED}
	if s == nil {
		return nil, refused
	}
	here, there := net.Pipe()
	select {
	case s.queue <- there:
		return here, nil
	case <-s.done:
		return nil, refused
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Start puts a server on the network, in place of one that was there.
func (n *Net) Start(h http.Handler) {
	n.Kill()
	s := &server{queue: make(chan net.Conn), done: make(chan struct{}), http: &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}}
	go func() { _ = s.http.Serve(s) }() // ends by Kill
	n.mu.Lock()
	defer n.mu.Unlock()
	n.server = s
}

// Kill ends the server at once; its connections break.
func (n *Net) Kill() {
	n.mu.Lock()
	s := n.server
	n.server = nil
	n.mu.Unlock()
	if s != nil {
		_ = s.http.Close()
		_ = s.Close()
	}
}

// Accept is part of net.Listener.
func (s *server) Accept() (net.Conn, error) {
	select {
	case c := <-s.queue:
		return c, nil
	case <-s.done:
		return nil, net.ErrClosed
	}
}

// Close is part of net.Listener.
func (s *server) Close() error {
	s.once.Do(func() { close(s.done) })
	return nil
}

// Addr is part of net.Listener.
func (s *server) Addr() net.Addr { return addr{} }

type addr struct{}

func (addr) Network() string { return "mem" }
func (addr) String() string  { return "paidan.test" }

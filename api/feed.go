package api

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/id"
)

// A feed is the picture of one zone that all its consoles share: it reads each change once, writes it as JSON once, and
// hands the same bytes to every client. It lives while a console looks at the zone.
type feed struct {
	s      *Server
	tenant id.Tenant
	zone   id.Zone

	cancel context.CancelFunc
	ready  chan struct{} // closed when the picture is complete, or err says why it never will be
	err    error
	wake   chan struct{}

	mu      sync.Mutex
	picture picture
	dirty   dirty
	seq     uint64
	clients map[*client]struct{}

	users int // guarded by feeds.mu
}

// dirty is what the bus has said of changes not read yet.
type dirty struct {
	orders map[id.Order]struct{}
	riders map[id.Rider]struct{}
}

// client is one console's place in the feed.
type client struct {
	frames chan []byte
	slow   chan struct{} // closed when frames was full: the client has lost its place
}

type zoneKey struct {
	tenant id.Tenant
	zone   id.Zone
}

// feeds holds the zones that are looked at.
type feeds struct {
	s       *Server
	mu      sync.Mutex
	open    map[zoneKey]*feed
	running sync.WaitGroup
}

func newFeeds(s *Server) *feeds { return &feeds{s: s, open: make(map[zoneKey]*feed)} }

var errClosing = refuse(codeUnavailable, "The server is closing.")

// join returns a zone's feed, started if it is the first to ask. Each join needs a leave.
func (fs *feeds) join(ctx context.Context, k zoneKey) (*feed, error) {
	fs.mu.Lock()
	if fs.s.closing.Err() != nil {
		fs.mu.Unlock()
		return nil, errClosing
	}
	f := fs.open[k]
	if f == nil {
		f = &feed{s: fs.s, tenant: k.tenant, zone: k.zone, ready: make(chan struct{}), wake: make(chan struct{}, 1), clients: make(map[*client]struct{})}
		f.dirty.clear()
		var feedCtx context.Context
		feedCtx, f.cancel = context.WithCancel(fs.s.closing)
		fs.open[k] = f
		fs.running.Go(func() { f.run(feedCtx) })
	}
	f.users++
	fs.mu.Unlock()
	select {
	case <-f.ready:
	case <-ctx.Done():
		fs.leave(f)
		return nil, ctx.Err()
	}
	if f.err != nil {
		fs.leave(f)
		return nil, f.err
	}
	return f, nil
}

// leave gives a feed back; the last to leave ends it.
func (fs *feeds) leave(f *feed) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	f.users--
	if f.users == 0 {
		f.cancel()
		delete(fs.open, zoneKey{f.tenant, f.zone})
	}
}

// wait returns when all feeds have ended; it is called once the server is closing.
func (fs *feeds) wait() {
	fs.mu.Lock()   // who got past join's look at closing has counted itself when the lock is free
	fs.mu.Unlock() //nolint:staticcheck // the empty section is the point
	fs.running.Wait()
}

func (d *dirty) clear() {
	d.orders, d.riders = make(map[id.Order]struct{}), make(map[id.Rider]struct{})
}

// run keeps the picture true: it subscribes, loads, and then applies what the bus tells and what time brings.
func (f *feed) run(ctx context.Context) {
	stop, err := f.subscribe()
	if err == nil {
		defer stop()
		err = f.load(ctx)
	}
	f.err = err
	close(f.ready)
	if err != nil {
		return
	}
	// Where riders are comes from memory, and does not wait for readings of the database.
	var moving sync.WaitGroup
	moving.Go(func() { f.runPositions(ctx) })
	defer moving.Wait()
	st := f.s.conf.Streams
	kpi, resync := time.NewTicker(st.KPI), time.NewTicker(st.Resync)
	defer kpi.Stop()
	defer resync.Stop()
	var due <-chan time.Time // of the next reading of what is dirty
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-f.wake:
			if due == nil {
				due = time.After(st.Coalesce)
			}
		case <-due:
			due = nil
			err = f.flush(ctx)
		case <-kpi.C:
			err = f.tick(ctx)
		case <-resync.C:
			err = f.resync(ctx)
		}
		if err != nil && !errors.Is(err, context.Canceled) { // the next resync reads all again
			f.s.log.WarnContext(ctx, "console feed could not be read", "zone", f.zone.String(), "err", err)
		}
	}
}

// runPositions tells where riders are until ctx is done.
func (f *feed) runPositions(ctx context.Context) {
	tick := time.NewTicker(f.s.conf.Streams.Positions)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := f.movePositions(); err != nil {
				f.s.log.WarnContext(ctx, "console feed could not tell where riders are", "zone", f.zone.String(), "err", err)
			}
		}
	}
}

// subscribe listens for changes before anything is read, so that none is missed in between.
func (f *feed) subscribe() (stop func(), err error) {
	stopOrders, err := f.s.bus.Subscribe(bus.OrdersSubject(f.tenant, f.zone), func(_ string, data []byte) {
		mark(f, data, func(o id.Order) { f.dirty.orders[o] = struct{}{} })
	})
	if err != nil {
		return nil, err
	}
	stopRiders, err := f.s.bus.Subscribe(bus.RidersSubject(f.tenant, f.zone), func(_ string, data []byte) {
		mark(f, data, func(r id.Rider) { f.dirty.riders[r] = struct{}{} })
	})
	if err != nil {
		stopOrders()
		return nil, err
	}
	return func() { stopOrders(); stopRiders() }, nil
}

// mark notes the ids of a message. One that can't be read is left to the next resync.
func mark[T any](f *feed, data []byte, note func(T)) {
	var ids []T
	if json.Unmarshal(data, &ids) != nil {
		return
	}
	f.mu.Lock()
	for _, x := range ids {
		note(x)
	}
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// enter gives a client its snapshot and its place in the feed, with no change between the two.
func (f *feed) enter() (*client, []byte, error) {
	c := &client{frames: make(chan []byte, f.s.conf.Streams.ClientBuffer), slow: make(chan struct{})}
	f.mu.Lock()
	defer f.mu.Unlock()
	first, err := frame("snapshot", f.seq, f.picture.snapshot(f.s.clock))
	if err != nil {
		return nil, nil, err
	}
	f.clients[c] = struct{}{}
	return c, first, nil
}

func (f *feed) exit(c *client) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.clients, c)
}

// tell sends an event to all clients; f.mu is held. One whose buffer is full is dropped, and will come back for a snapshot.
func (f *feed) tell(event string, data any) error {
	f.seq++
	b, err := frame(event, f.seq, data)
	if err != nil {
		return err
	}
	for c := range f.clients {
		select {
		case c.frames <- b:
		default:
			close(c.slow)
			delete(f.clients, c)
			f.s.metrics.dropped.WithLabelValues("console").Inc()
		}
	}
	return nil
}

func keys[K comparable](m map[K]struct{}) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return slices.Clip(out)
}

package rider

import (
	"context"
	"sync"
	"time"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
)

// outbox collects who has moved and tells the bus, a message per zone, so that a message (some 2 µs to send, and as much for each who listens)
// is shared by all the batches of a moment.
type outbox struct {
	node    uint64 // who tells
	publish func(subject string, data []byte) error
	unsent  func() // counts a message that the bus did not take
	wake    chan struct{}

	mu      sync.Mutex
	waiting map[zoneKey][]byte // messages being written
	spare   map[zoneKey][]byte // their memory, to be written to next
}

const (
	// publishEvery is the time on the wall between two messages of a zone, so far behind another node may be.
	publishEvery = 50 * time.Millisecond
	// maxMessage keeps a message well below what NATS takes by default, 1 MB.
	maxMessage = 128 << 10
)

func newOutbox(node uint64, publish func(string, []byte) error, unsent func()) *outbox {
	return &outbox{
		node: node, publish: publish, unsent: unsent, wake: make(chan struct{}, 1),
		waiting: make(map[zoneKey][]byte), spare: make(map[zoneKey][]byte),
	}
}

// add notes that a rider has moved.
func (o *outbox) add(zone zoneKey, who id.Rider, p *packedFix) {
	o.mu.Lock()
	defer o.mu.Unlock()
	b := o.waiting[zone]
	if len(b) >= maxMessage {
		o.send(zone, b)
		b = b[:0]
	}
	if len(b) == 0 {
		b = appendMovedHead(b, o.node)
	}
	o.waiting[zone] = appendMoved(b, who, p)
	select {
	case o.wake <- struct{}{}:
	default: // somebody is coming already
	}
}

// flush sends all that waits. One at a time may.
func (o *outbox) flush() {
	o.mu.Lock()
	o.waiting, o.spare = o.spare, o.waiting
	full := o.spare
	o.mu.Unlock()
	for zone, b := range full {
		if len(b) > 0 {
			o.send(zone, b)
			full[zone] = b[:0]
		}
	}
}

// send hands a message over; the bus does not keep it.
func (o *outbox) send(zone zoneKey, b []byte) {
	if err := o.publish(bus.PositionsSubject(zone.tenant, zone.zone), b); err != nil {
		o.unsent() // other nodes learn of the next one; the bus logs why
	}
}

// run sends what comes until ctx is done, and then what is left: the first at once, more after a pause.
func (o *outbox) run(ctx context.Context) {
	defer o.flush()
	for {
		select {
		case <-o.wake:
		case <-ctx.Done():
			return
		}
		o.flush()
		if clock.Sleep(ctx, clock.System{}, publishEvery) != nil {
			return
		}
	}
}

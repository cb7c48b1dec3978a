package bus

import (
	"fmt"

	"github.com/nats-io/nats.go"
)

const (
	pendingMessages = 65536
	pendingBytes    = 64 << 20
)

// Subscribe calls fn for every message on a subject (wildcards allowed), one after the other, in a goroutine of its own; a slow fn
// loses messages once many wait. On return the subscription is in force. stop ends it and waits for a running fn, so fn itself must not call it.
func (b *Bus) Subscribe(subject string, fn func(subject string, data []byte)) (stop func(), err error) {
	sub, err := b.conn.Subscribe(subject, func(m *nats.Msg) { fn(m.Subject, m.Data) })
	if err != nil {
		return nil, fmt.Errorf("subscribe to %s: %w", subject, err)
	}
	ended := make(chan struct{})
	sub.SetClosedHandler(func(string) { close(ended) })
	if err := sub.SetPendingLimits(pendingMessages, pendingBytes); err != nil {
		_ = sub.Unsubscribe() // it fails only when there is no subscription
		return nil, fmt.Errorf("subscribe to %s: %w", subject, err)
	}
	if b.conn.IsConnected() {
		// Wait until the server knows. Otherwise it will be told when it is reached.
		if err := b.conn.FlushTimeout(flushTimeout); err != nil && b.conn.IsConnected() {
			_ = sub.Unsubscribe()
			return nil, fmt.Errorf("subscribe to %s: %w", subject, err)
		}
	}
	b.mu.Lock()
	b.subs[sub] = struct{}{}
	b.mu.Unlock()
	return func() {
		b.retire(sub)
		_ = sub.Unsubscribe() // it fails when the bus is closed, and then it has ended
		<-ended
	}, nil
}

func (b *Bus) retire(sub *nats.Subscription) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.subs[sub]; ok {
		b.retired += dropped(sub)
		delete(b.subs, sub)
	}
}

func dropped(sub *nats.Subscription) uint64 {
	n, err := sub.Dropped()
	if err != nil { // closed already
		return 0
	}
	return uint64(max(n, 0))
}

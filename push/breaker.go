package push

import (
	"sync"
	"time"

	"github.com/paidan/paidan/internal/clock"
)

const (
	// breakAfter is how many failures in a row it takes until a provider is left alone.
	breakAfter = 5
	// breakFor is how long it is left alone before one message tries again.
	breakFor = 15 * time.Second
)

// breaker keeps jobs from a provider that does not answer: each would hold a worker until its timeout.
type breaker struct {
	clock clock.Clock

	mu       sync.Mutex
	failures int
	until    time.Time
}

// closed is 0 where a message may try, else how long to wait. Once the time is over one message tries, and the others wait for what becomes of it.
func (b *breaker) closed() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < breakAfter {
		return 0
	}
	now := b.clock.Now()
	if wait := b.until.Sub(now); wait > 0 {
		return wait
	}
	b.until = now.Add(breakFor)
	return 0
}

// heard notes whether the provider answered.
func (b *breaker) heard(answered bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if answered {
		b.failures = 0
		return
	}
	if b.failures++; b.failures >= breakAfter {
		b.until = b.clock.Now().Add(breakFor)
	}
}

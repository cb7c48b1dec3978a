package api

import (
	"maps"
	"sync"
	"time"

	"github.com/paidan/paidan/internal/clock"
)

// cache keeps answers for a short time, so that a busy merchant's key or store is not looked up for every order.
type cache[K comparable, V any] struct {
	ttl   time.Duration
	clock clock.Clock

	mu   sync.Mutex
	kept map[K]kept[V]
}

type kept[V any] struct {
	v     V
	until time.Time
}

// cacheSize bounds a cache; a full one starts anew.
const cacheSize = 50_000

func newCache[K comparable, V any](ttl time.Duration, c clock.Clock) *cache[K, V] {
	return &cache[K, V]{ttl: ttl, clock: c, kept: make(map[K]kept[V])}
}

// get returns what is kept of k, or asks find. Errors are not kept.
func (c *cache[K, V]) get(k K, find func() (V, error)) (V, error) {
	now := c.clock.Now()
	c.mu.Lock()
	e, ok := c.kept[k]
	c.mu.Unlock()
	if ok && now.Before(e.until) {
		return e.v, nil
	}
	v, err := find()
	if err != nil {
		return v, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= cacheSize {
		clear(c.kept)
	}
	c.kept[k] = kept[V]{v: v, until: now.Add(c.ttl)}
	return v, nil
}

// forgetIf forgets all that match.
func (c *cache[K, V]) forgetIf(match func(V) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.kept, func(_ K, e kept[V]) bool { return match(e.v) })
}

func (c *cache[K, V]) forget(k K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.kept, k)
}

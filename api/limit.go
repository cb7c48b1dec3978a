package api

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/paidan/paidan/internal/clock"
)

// limiter holds a token bucket per key. It is this process's own: n nodes allow n times as much.
type limiter struct {
	rate  Rate
	clock clock.Clock

	mu      sync.Mutex
	buckets map[any]*bucket
	swept   time.Time
}

type bucket struct {
	tokens *rate.Limiter
	used   time.Time
}

// sweepEvery is how often full buckets are forgotten.
const sweepEvery = time.Minute

func newLimiter(r Rate, c clock.Clock) *limiter {
	return &limiter{rate: r, clock: c, buckets: make(map[any]*bucket)}
}

// take spends a token of key. It returns the headers to send, and a fault when there was none.
func (l *limiter) take(key any) (http.Header, error) {
	if l == nil || l.rate.PerSecond == 0 {
		return nil, nil
	}
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	b := l.buckets[key]
	if b == nil {
		b = &bucket{tokens: rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)}
		l.buckets[key] = b
	}
	b.used = now
	ok := b.tokens.AllowN(now, 1)
	left := b.tokens.TokensAt(now)
	h := http.Header{
		"Ratelimit-Limit":     {strconv.Itoa(l.rate.Burst)},
		"Ratelimit-Remaining": {strconv.Itoa(max(0, int(left)))},
		"Ratelimit-Reset":     {strconv.Itoa(int(math.Ceil((float64(l.rate.Burst) - left) / l.rate.PerSecond)))},
	}
	if ok {
		return h, nil
	}
	wait := time.Duration((1 - left) / l.rate.PerSecond * float64(time.Second))
	h["Retry-After"] = retryAfter(wait)["Retry-After"]
	return h, &fault{code: codeRateLimited, detail: "Wait before the next request.", header: h}
}

// sweep forgets buckets that have filled up again.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < sweepEvery {
		return
	}
	l.swept = now
	full := time.Duration(float64(l.rate.Burst) / l.rate.PerSecond * float64(time.Second))
	for k, b := range l.buckets {
		if now.Sub(b.used) > full {
			delete(l.buckets, k)
		}
	}
}

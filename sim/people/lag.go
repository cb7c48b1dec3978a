package people

import (
	"sync"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
)

// What people want to do in time.
const (
	lagPlace = "place"    // a merchant places an order
	lagReady = "ready"    // a kitchen marks food ready
	lagStep  = "step"     // a rider reports a step
	lagReply = "answer"   // a rider answers an offer
	lagPing  = "position" // a rider sends fixes
	lagShift = "shift"    // a rider starts
)

// lags record how long after the moment at which somebody wanted to act the server had answered. The time is the
// wall's: at N× speed a second of it is N of the city's.
type lags struct {
	clock clock.Clock
	mu    sync.Mutex
	kinds map[string]*client.Histogram
	// Before and after the middle of the run: when the second half is much worse, a backlog grows.
	middle       time.Time
	first, later client.Histogram
	whole        client.Histogram
}

func newLags(c clock.Clock) *lags { return &lags{clock: c, kinds: map[string]*client.Histogram{}} }

// split says where the middle is; what is recorded before that call counts to the first half.
func (l *lags) split(middle time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.middle = middle
}

// did records that what was due has been answered now.
func (l *lags) did(kind string, due time.Time) {
	now := l.clock.Now()
	wall := l.clock.Real(now.Sub(due))
	h, half := l.find(kind, now)
	h.Add(wall)
	half.Add(wall)
	l.whole.Add(wall)
}

func (l *lags) find(kind string, now time.Time) (h, half *client.Histogram) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h = l.kinds[kind]
	if h == nil {
		h = &client.Histogram{}
		l.kinds[kind] = h
	}
	if l.middle.IsZero() || now.Before(l.middle) {
		return h, &l.first
	}
	return h, &l.later
}

// Backlog is how far people were behind what they wanted to do.
type Backlog struct {
	MaxS        float64               `json:"max_s"` // in the city's seconds
	P99S        float64               `json:"p99_s"`
	MaxMs       float64               `json:"max_ms"` // on the wall
	P99Ms       float64               `json:"p99_ms"`
	FirstP99Ms  float64               `json:"first_half_p99_ms"`
	SecondP99Ms float64               `json:"second_half_p99_ms"`
	Growing     bool                  `json:"growing"`
	Kinds       map[string]LagOfAKind `json:"kinds"`
}

// LagOfAKind is the lag of one sort of action, on the wall.
type LagOfAKind struct {
	Count int64   `json:"count"`
	P50Ms float64 `json:"p50_ms"`
	P99Ms float64 `json:"p99_ms"`
	MaxMs float64 `json:"max_ms"`
}

// Half a second of p99 is noise; beyond it, twice the first half's is growth.
const growthFloor = 500 * time.Millisecond

func (l *lags) backlog(speed float64) Backlog {
	l.mu.Lock()
	defer l.mu.Unlock()
	first, later, p99 := l.first.Quantile(0.99), l.later.Quantile(0.99), l.whole.Quantile(0.99)
	b := Backlog{
		MaxS: l.whole.Max().Seconds() * speed, P99S: p99.Seconds() * speed,
		MaxMs: ms(l.whole.Max()), P99Ms: ms(p99), FirstP99Ms: ms(first), SecondP99Ms: ms(later),
		Growing: later > growthFloor && later > 2*first,
		Kinds:   map[string]LagOfAKind{},
	}
	for k, h := range l.kinds {
		b.Kinds[k] = LagOfAKind{Count: h.Count(), P50Ms: ms(h.Quantile(0.5)), P99Ms: ms(h.Quantile(0.99)), MaxMs: ms(h.Max())}
	}
	return b
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

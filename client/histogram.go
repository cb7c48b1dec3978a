package client

import (
	"math"
	"sync/atomic"
	"time"
)

// Histogram counts durations in buckets that grow by a quarter: a quantile is right to an eighth or so,
// and adding costs a few nanoseconds from any number of goroutines. The zero value is empty.
type Histogram struct {
	count atomic.Int64
	sum   atomic.Int64
	max   atomic.Int64
	bins  [bins]atomic.Int64
}

const (
	bins     = 96
	firstBin = 50 * time.Microsecond
	growth   = 1.25
)

var logGrowth = math.Log(growth)

// Add counts d; what is negative counts as 0.
func (h *Histogram) Add(d time.Duration) {
	d = max(d, 0)
	h.count.Add(1)
	h.sum.Add(int64(d))
	for old := h.max.Load(); int64(d) > old && !h.max.CompareAndSwap(old, int64(d)); old = h.max.Load() {
	}
	h.bins[binOf(d)].Add(1)
}

func binOf(d time.Duration) int {
	if d <= firstBin {
		return 0
	}
	return min(bins-1, int(math.Ceil(math.Log(float64(d)/float64(firstBin))/logGrowth)))
}

// Count is how many there are.
func (h *Histogram) Count() int64 { return h.count.Load() }

// Sum is their total.
func (h *Histogram) Sum() time.Duration { return time.Duration(h.sum.Load()) }

// Max is the longest.
func (h *Histogram) Max() time.Duration { return time.Duration(h.max.Load()) }

// Quantile is the duration that a share q of them does not exceed, 0 when there are none.
func (h *Histogram) Quantile(q float64) time.Duration {
	n := h.count.Load()
	if n == 0 {
		return 0
	}
	rank := max(1, int64(math.Ceil(q*float64(n))))
	var seen int64
	for i := range h.bins {
		if seen += h.bins[i].Load(); seen >= rank {
			upper := time.Duration(float64(firstBin) * math.Pow(growth, float64(i)))
			return min(upper, h.Max())
		}
	}
	return h.Max()
}

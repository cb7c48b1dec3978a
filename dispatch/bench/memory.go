package bench

import (
	"runtime/debug"
	"runtime/metrics"
)

// Memory is what a batch needed at its peak, the batch itself included.
type Memory struct {
	// HeapBytes is the most that the heap held, garbage not yet collected included, at the ends of the phases.
	HeapBytes int64 `json:"heap_bytes"`
	// PeakRSSBytes is the process's peak resident set (VmHWM); 0 where the system doesn't tell.
	PeakRSSBytes int64 `json:"peak_rss_bytes,omitempty"`
	// PeakRSSOf says since when: "batch", or "process" where the peak can't be reset.
	PeakRSSOf string `json:"peak_rss_of,omitempty"`
}

type memoryWatch struct {
	heap  int64
	reset bool
}

// watchMemory forgets earlier peaks.
func watchMemory() *memoryWatch {
	debug.FreeOSMemory()
	m := &memoryWatch{reset: resetPeakRSS()}
	m.sample()
	return m
}

func (m *memoryWatch) sample() {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	if s[0].Value.Kind() == metrics.KindUint64 {
		m.heap = max(m.heap, int64(s[0].Value.Uint64()))
	}
}

func (m *memoryWatch) peak() Memory {
	m.sample()
	out := Memory{HeapBytes: m.heap, PeakRSSBytes: peakRSS()}
	if out.PeakRSSBytes > 0 {
		out.PeakRSSOf = "process"
		if m.reset {
			out.PeakRSSOf = "batch"
		}
	}
	return out
}

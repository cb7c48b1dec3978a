package client

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Stats count what a Client did. Calls are what the caller asked for; retries are further tries of the same call;
// refusals are the answers that a correct caller must expect, because two people acted at the same time
// (409, or 404 on what has been taken away); errors are all other failures.
type Stats struct {
	endpoints sync.Map // name → *endpoint
	// Streams is how many streams are open now, Reconnects how often one was lost and opened again.
	Streams    atomic.Int64
	Reconnects atomic.Int64
}

type endpoint struct {
	calls, retries, errors atomic.Int64
	latency                Histogram
	mu                     sync.Mutex
	refused                map[string]int64
	faults                 map[string]int64
}

// Endpoint is the count of one route.
type Endpoint struct {
	Calls    int64            `json:"calls"`
	Retries  int64            `json:"retries"`
	Errors   int64            `json:"errors"`
	Refused  map[string]int64 `json:"refused,omitempty"`
	Faults   map[string]int64 `json:"faults,omitempty"`
	P50      time.Duration    `json:"-"`
	P99      time.Duration    `json:"-"`
	Duration time.Duration    `json:"-"`
}

func (s *Stats) endpoint(name string) *endpoint {
	if e, ok := s.endpoints.Load(name); ok {
		return e.(*endpoint)
	}
	e, _ := s.endpoints.LoadOrStore(name, &endpoint{})
	return e.(*endpoint)
}

func (s *Stats) retry(name string) { s.endpoint(name).retries.Add(1) }

func (s *Stats) record(name string, took time.Duration, err error) {
	e := s.endpoint(name)
	e.calls.Add(1)
	e.latency.Add(took)
	if err == nil || errors.Is(err, context.Canceled) {
		return // the caller gave up: no fault of the server
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var p *Problem
	if errors.As(err, &p) && (p.Status == http.StatusConflict || p.Status == http.StatusNotFound) {
		if e.refused == nil {
			e.refused = map[string]int64{}
		}
		e.refused[p.Code]++
		return
	}
	e.errors.Add(1)
	if e.faults == nil {
		e.faults = map[string]int64{}
	}
	if text := err.Error(); len(e.faults) < 20 {
		e.faults[text[:min(len(text), 300)]]++
	}
}

// Endpoints are the counts by route.
func (s *Stats) Endpoints() map[string]Endpoint {
	out := map[string]Endpoint{}
	s.endpoints.Range(func(name, v any) bool {
		e := v.(*endpoint)
		e.mu.Lock()
		defer e.mu.Unlock()
		out[name.(string)] = Endpoint{
			Calls: e.calls.Load(), Retries: e.retries.Load(), Errors: e.errors.Load(),
			Refused: maps.Clone(e.refused), Faults: maps.Clone(e.faults),
			P50: e.latency.Quantile(0.5), P99: e.latency.Quantile(0.99), Duration: e.latency.Sum(),
		}
		return true
	})
	return out
}

// Total adds the routes up.
func (s *Stats) Total() Endpoint {
	t := Endpoint{Refused: map[string]int64{}, Faults: map[string]int64{}}
	for name, e := range s.Endpoints() {
		t.Calls += e.Calls
		t.Retries += e.Retries
		t.Errors += e.Errors
		t.Duration += e.Duration
		for code, n := range e.Refused {
			t.Refused[code] += n
		}
		for text, n := range e.Faults {
			t.Faults[name+": "+text] += n
		}
	}
	return t
}

package people

import (
	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/geo"
)

// returning is a rider's own errand: taking back what could not be handed over. It is not in the server's plan.
const returning = "return"

type stopKey struct{ order, kind string }

// todo is what a rider believes it has to do: the newest plan it has heard of, without what it has done meanwhile,
// and before it the errands of its own.
type todo struct {
	version int64
	stops   []client.Stop
	done    map[stopKey]bool
	errands []client.Stop
}

// absorb takes a plan over unless it is older than what is known. The truth (a snapshot, an answer to a question)
// is taken in any case.
func (t *todo) absorb(p client.Plan, truth bool) {
	if p.Version < t.version && !truth {
		return
	}
	t.version, t.stops = p.Version, p.Stops
	if len(t.done) == 0 {
		return
	}
	listed := make(map[stopKey]bool, len(p.Stops))
	for _, s := range p.Stops {
		listed[stopKey{s.OrderID, s.Kind}] = true
	}
	for k := range t.done {
		if !listed[k] {
			delete(t.done, k) // the server knows
		}
	}
}

// finish strikes a stop off before the server's next plan does.
func (t *todo) finish(order, kind string) {
	if kind == returning {
		for i, s := range t.errands {
			if s.OrderID == order {
				t.errands = append(t.errands[:i:i], t.errands[i+1:]...)
				break
			}
		}
		return
	}
	if t.done == nil {
		t.done = map[stopKey]bool{}
	}
	t.done[stopKey{order, kind}] = true
}

// next is where to go now.
func (t *todo) next() (client.Stop, bool) {
	if len(t.errands) > 0 {
		return t.errands[0], true
	}
	for _, s := range t.stops {
		if !t.done[stopKey{s.OrderID, s.Kind}] {
			return s, true
		}
	}
	return client.Stop{}, false
}

// has reports whether the stop is still to be made.
func (t *todo) has(order, kind string) bool {
	if kind == returning {
		return len(t.errands) > 0 && t.errands[0].OrderID == order
	}
	for _, s := range t.stops {
		if s.OrderID == order && s.Kind == kind {
			return !t.done[stopKey{order, kind}]
		}
	}
	return false
}

// counter lists the pickups that can be made without going anywhere, the next stop's first.
func (t *todo) counter(at geo.LatLng) []client.Stop {
	var out []client.Stop
	for _, s := range t.stops {
		if t.done[stopKey{s.OrderID, s.Kind}] {
			continue
		}
		if s.Kind != client.Pickup || geo.Distance(s.Location, at) >= near {
			break
		}
		out = append(out, s)
	}
	return out
}

package people

import (
	"slices"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/geo"
)

// returning is a stop at which food is brought back: a rider's own errand after it could not be handed over, or the plan's
// where the merchant wants it back.
const returning = "return"

type stopKey struct{ order, kind string }

// todo is what a rider believes it has to do: the newest plan it has heard of, without what it has done meanwhile,
// and before it the errands of its own.
type todo struct {
	version int64
	stops   []client.Stop
	demands map[string]client.RiderDemand // by order, where any
	done    map[stopKey]bool
	errands []client.Stop
}

// absorb takes a plan over unless it is older than what is known. The truth (a snapshot, an answer to a question)
// is taken in any case.
func (t *todo) absorb(p client.Plan, truth bool) {
	if p.Version < t.version && !truth {
		return
	}
	t.version, t.stops = p.Version, turned(p)
	t.demands = make(map[string]client.RiderDemand)
	for _, o := range p.Orders {
		if o.Proof != (client.RiderDemand{}) {
			t.demands[o.ID] = o.Proof
		}
	}
	if len(t.done) == 0 {
		return
	}
	listed := make(map[stopKey]bool, len(t.stops))
	for _, s := range t.stops {
		listed[stopKey{s.OrderID, s.Kind}] = true
	}
	for k := range t.done {
		if !listed[k] {
			delete(t.done, k) // the server knows
		}
	}
}

// turned is the plan's stops, those of orders that go back to the store as what they are: there is no door to knock at.
func turned(p client.Plan) []client.Stop {
	out := p.Stops
	for _, o := range p.Orders {
		if o.State != client.Returning {
			continue
		}
		out = slices.Clone(out)
		for i := range out {
			if out[i].OrderID == o.ID {
				out[i].Kind = returning
			}
		}
	}
	return out
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
	if kind == returning && len(t.errands) > 0 && t.errands[0].OrderID == order {
		return true
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

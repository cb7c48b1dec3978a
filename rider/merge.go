package rider

import (
	"github.com/paidan/paidan/internal/id"
)

// Merge brings a proposed plan up to date with what happened while it was computed, offered or thought over.
//
// current is the rider's plan now, proposed the plan that was made from an older one, added the orders that join now (an
// accepted offer's, a forced assignment's). The result has exactly the current stops and the added orders' stops: in the
// proposed order and with its times, without what has been done or taken away since; current stops that the proposal does
// not know (a dispatcher's insertion) follow in their current order. A pickup always comes before its drop-off, and nothing twice.
func Merge(current, proposed []Stop, added []id.Order) []Stop {
	remaining := make(map[stopKey]Stop, len(current)+2*len(added))
	joins := make(map[id.Order]bool, len(added))
	for _, o := range added {
		joins[o] = true
	}
	for _, s := range proposed {
		if joins[s.Order] {
			keepFirst(remaining, s)
		}
	}
	for _, s := range current {
		keepFirst(remaining, s)
	}

	out := make([]Stop, 0, len(remaining))
	take := func(s Stop) {
		if _, ok := remaining[s.key()]; !ok {
			return // done, taken away, or here already
		}
		delete(remaining, s.key())
		if !s.Kind.Loads() {
			for _, kind := range []StopKind{Pickup, TakeOver} {
				loads := stopKey{s.Order, kind}
				if p, ok := remaining[loads]; ok {
					delete(remaining, loads)
					out = append(out, p)
				}
			}
		}
		out = append(out, s)
	}
	for _, s := range proposed {
		take(s)
	}
	for _, s := range current {
		take(s)
	}
	return out
}

func keepFirst(m map[stopKey]Stop, s Stop) {
	if _, ok := m[s.key()]; !ok {
		m[s.key()] = s
	}
}

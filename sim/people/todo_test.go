package people

import (
	"testing"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/geo"
)

var (
	pizzeria = geo.LatLng{Lat: 43.77, Lng: 11.25}
	home     = geo.LatLng{Lat: 43.78, Lng: 11.26}
)

func pickup(order string) client.Stop {
	return client.Stop{OrderID: order, Kind: client.Pickup, Location: pizzeria}
}

func dropoff(order string) client.Stop {
	return client.Stop{OrderID: order, Kind: client.DropOff, Location: home}
}

func TestTodo(t *testing.T) {
	t.Parallel()
	var d todo
	next := func(want client.Stop) {
		t.Helper()
		if got, ok := d.next(); got != want || ok != (want != client.Stop{}) {
			t.Errorf("next is %s of %q, want %s of %q", got.Kind, got.OrderID, want.Kind, want.OrderID)
		}
	}
	next(client.Stop{})
	plan := client.Plan{Version: 3, Stops: []client.Stop{pickup("a"), pickup("b"), dropoff("a"), dropoff("b")}}
	d.absorb(plan, false)
	next(pickup("a"))
	if n := len(d.counter(pizzeria)); n != 2 {
		t.Errorf("%d orders over the counter", n)
	}

	d.finish("a", client.Pickup)
	d.absorb(plan, false) // an echo from before
	next(pickup("b"))
	d.absorb(client.Plan{Version: 2}, false) // older still
	next(pickup("b"))

	d.absorb(client.Plan{Version: 4, Stops: []client.Stop{dropoff("a"), pickup("b"), dropoff("b")}}, false) // re-sequenced
	next(dropoff("a"))
	if len(d.done) != 0 {
		t.Errorf("still remembers %v", d.done)
	}
	d.absorb(client.Plan{Version: 1, Stops: []client.Stop{dropoff("b")}}, true) // the truth, whatever its number
	next(dropoff("b"))

	d.errands = append(d.errands, client.Stop{OrderID: "c", Kind: returning})
	next(client.Stop{OrderID: "c", Kind: returning})
	if !d.has("c", returning) || d.has("x", client.Pickup) {
		t.Error("has")
	}
	d.finish("c", returning)
	next(dropoff("b"))
	d.finish("b", client.DropOff)
	next(client.Stop{})
}

// The merchant wants food back that is on its way: its stop is the store, and no door.
func TestTodoTurnsRound(t *testing.T) {
	t.Parallel()
	var d todo
	d.absorb(client.Plan{Version: 1, Stops: []client.Stop{dropoff("a"), dropoff("b")}}, false)
	back := dropoff("a")
	back.Location = pizzeria
	plan := client.Plan{Version: 2, Stops: []client.Stop{back, dropoff("b")}, Orders: []client.PlanOrder{{ID: "a", State: client.Returning}, {ID: "b", State: client.PickedUp}}}
	d.absorb(plan, false)
	if s, _ := d.next(); s.OrderID != "a" || s.Kind != returning || s.Location != pizzeria || !d.has("a", returning) {
		t.Errorf("next is %+v", s)
	}
	if plan.Stops[0].Kind != client.DropOff {
		t.Error("the plan itself was changed")
	}
	d.finish("a", returning)
	d.absorb(plan, false) // an echo
	if s, _ := d.next(); s.OrderID != "b" || s.Kind != client.DropOff || d.has("a", returning) {
		t.Errorf("next is %+v", s)
	}
}

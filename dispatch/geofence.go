package dispatch

import (
	"context"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Geofence is when a rider's positions suggest an arrival.
type Geofence struct {
	EnterM int `json:"enter_m" minimum:"0" maximum:"1000" doc:"Metres from a store or door within which a rider counts as there; 0: arrivals are not suggested."`
	LeaveM int `json:"leave_m" minimum:"0" maximum:"2000" doc:"Metres beyond which the rider has left again; at least enter_m. Positions that may be wrong by more say nothing."`
	DwellS int `json:"dwell_s" minimum:"0" maximum:"600" doc:"Seconds that the rider must stay."`
}

// DefaultGeofence suits a city's streets.
func DefaultGeofence() Geofence { return Geofence{EnterM: 60, LeaveM: 120, DwellS: 20} }

func (g Geofence) fence() rider.Fence {
	return rider.Fence{EnterM: g.EnterM, LeaveM: g.LeaveM, Dwell: time.Duration(g.DwellS) * time.Second}
}

func (g Geofence) faults() []Fault {
	var faults []Fault
	if g.EnterM < 0 || g.EnterM > 1000 {
		faults = append(faults, Fault{"geofence.enter_m", "must be 0 to 1000", g.EnterM})
	}
	if g.LeaveM < g.EnterM || g.LeaveM > 2000 {
		faults = append(faults, Fault{"geofence.leave_m", "must be enter_m to 2000", g.LeaveM})
	}
	if g.DwellS < 0 || g.DwellS > 600 {
		faults = append(faults, Fault{"geofence.dwell_s", "must be 0 to 600", g.DwellS})
	}
	return faults
}

// errand is a rider on the way to where an order is picked up or dropped off.
type errand struct {
	rider id.Rider
	order id.Order
	kind  rider.StopKind
}

// watches is what a zone's fences have seen of the errands under way.
type watches map[errand]watch

type watch struct {
	rider.Watch
	told bool // the arrival is stored
}

// look has the fences see where the riders are now, and returns who has arrived. Errands that are over are forgotten.
func (w watches) look(s *Snapshot) []rider.Arrival {
	fence := s.Zone.Policy.Geofence.fence()
	under := make(map[errand]bool)
	var arrived []rider.Arrival
	for i := range s.Orders {
		o := &s.Orders[i]
		fix, known := s.Positions[o.Rider]
		kind, place, ok := headingFor(o)
		if !known || !ok || fence.EnterM == 0 {
			continue
		}
		e := errand{o.Rider, o.ID, kind}
		under[e] = true
		seen := w[e]
		seen.Watch = fence.See(seen.Watch, place, fix)
		w[e] = seen
		if at, ok := fence.Arrived(seen.Watch); ok && !seen.told {
			arrived = append(arrived, rider.Arrival{Order: o.ID, Rider: o.Rider, Kind: kind, At: at})
		}
	}
	for e := range w {
		if !under[e] {
			delete(w, e)
		}
	}
	return arrived
}

// headingFor is where an order's rider has to go next for it, and has not said to be.
func headingFor(o *order.Order) (rider.StopKind, geo.LatLng, bool) {
	switch o.State {
	case order.Assigned:
		return rider.Pickup, o.Pickup, true
	case order.PickedUp:
		return rider.Dropoff, o.Dropoff.At, true
	}
	return "", geo.LatLng{}, false
}

// noticeArrivals stores who has arrived, and tells their phones.
func (s *Service) noticeArrivals(ctx context.Context, of tenure, snap *Snapshot, state *zoneState) error {
	if state.watches == nil {
		state.watches = make(watches)
	}
	arrived := state.watches.look(snap)
	if len(arrived) == 0 {
		return nil
	}
	err := s.tx(ctx, of.tenant, func(t *txn) error {
		fresh, err := rider.AddArrivals(ctx, t, of.tenant, arrived, t.now)
		for _, a := range fresh {
			t.touch(changes{zone: of.zone, orders: []id.Order{a.Order}, riders: []id.Rider{a.Rider}})
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, a := range arrived {
		e := errand{a.Rider, a.Order, a.Kind}
		state.watches[e] = watch{state.watches[e].Watch, true}
	}
	return nil
}

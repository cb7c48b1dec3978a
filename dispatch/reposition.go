package dispatch

import (
	"math"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Move is an advice to a rider with nothing to do.
type Move struct {
	Rider id.Rider
	Store id.Store
	To    geo.LatLng
}

// settled is how much stronger another place must pull to draw a rider who waits at one.
const settled = 1.3

// reposition spreads idle riders over the stores: each to the one with the strongest pull, orders per idle rider there,
// falling with the ride.
func (d *Demand) reposition(s *Snapshot, in *Instance, plan *solver.Plan) []Move {
	if !s.Zone.Policy.Reposition || d.total == 0 {
		return nil
	}
	if d.areas.inUse() {
		return d.repositionByArea(in, plan)
	}
	waiting := make([]float64, len(d.spots))
	var idle []int32
	for r := range plan.Routes {
		x := &in.Problem.Riders[r]
		if len(plan.Routes[r].Stops) > 0 || x.ShiftEnd < 0 || in.barred[int32(r)] != "" {
			continue
		}
		if k := d.spotAt(x.At); k >= 0 {
			waiting[k]++
		}
		if x.FreeAt == 0 {
			idle = append(idle, int32(r))
		}
	}
	var moves []Move
	for _, r := range idle {
		x := &in.Problem.Riders[r]
		here := d.spotAt(x.At)
		if here >= 0 {
			waiting[here]--
		}
		best, pull := -1, 0.0
		for k := range d.spots {
			ride := in.Problem.Travel.Seconds(x.Vehicle, x.At, d.spots[k].at)
			f := d.spots[k].rate / (1 + waiting[k]) * math.Exp(-float64(ride)/reachTau)
			if k == here {
				f *= settled
			}
			if f > pull && inTime(x, ride) {
				best, pull = k, f
			}
		}
		if best < 0 {
			continue
		}
		waiting[best]++
		if best != here {
			moves = append(moves, Move{in.Riders[r].Rider.ID, d.spots[best].store, d.spots[best].at})
		}
	}
	return moves
}

// inTime reports whether a ride is over before a break is due or work must end.
func inTime(r *solver.Rider, ride int32) bool { return r.WorkEnd == 0 || ride <= r.WorkEnd }

func (d *Demand) spotAt(p geo.LatLng) int {
	for k := range d.spots {
		if d.spots[k].at == p {
			return k
		}
	}
	return -1
}

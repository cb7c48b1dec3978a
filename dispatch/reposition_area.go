package dispatch

import (
	"math"

	"github.com/paidan/paidan/dispatch/solver"
)

const (
	movedAtOnce = 300  // idle riders looked at in a round, one after another from round to round
	drawnFrom   = 0.05 // degrees of latitude or longitude, some 5 km: places farther away draw nobody
)

// repositionByArea is reposition with the stores of an area as one place, for zones with many stores and riders.
func (d *Demand) repositionByArea(in *Instance, plan *solver.Plan) []Move {
	d.areas.gather(d.spots)
	spots := d.areas.spots
	waiting := make([]float64, len(spots))
	var idle []int32
	for r := range plan.Routes {
		x := &in.Problem.Riders[r]
		if len(plan.Routes[r].Stops) > 0 || x.ShiftEnd < 0 || in.barred[int32(r)] != "" {
			continue
		}
		if k := d.areas.areaOf(x.At); k >= 0 {
			waiting[k]++
		}
		if x.FreeAt == 0 {
			idle = append(idle, int32(r))
		}
	}
	var moves []Move
	for i := range min(len(idle), movedAtOnce) {
		x := idle[(d.areas.cursor+i)%len(idle)]
		if k, ok := d.draws(&in.Problem, x, waiting); ok {
			moves = append(moves, Move{in.Riders[x].Rider.ID, spots[k].store, spots[k].at})
		}
	}
	if len(idle) > 0 {
		d.areas.cursor = (d.areas.cursor + movedAtOnce) % len(idle)
	}
	return moves
}

// draws is the area that pulls an idle rider away from where he is, if there is one. waiting counts the riders of each.
func (d *Demand) draws(p *solver.Problem, r int32, waiting []float64) (int, bool) {
	x, spots := &p.Riders[r], d.areas.spots
	best, pull := -1, 0.0
	here := d.areas.areaOf(x.At)
	if here >= 0 {
		waiting[here]--
		best, pull = here, settled*spots[here].rate/(1+waiting[here])
	}
	for k := range spots {
		to := spots[k].at
		if math.Abs(to.Lat-x.At.Lat) > drawnFrom || math.Abs(to.Lng-x.At.Lng) > drawnFrom || k == here {
			continue
		}
		share := spots[k].rate / (1 + waiting[k])
		if share <= pull {
			continue // even next door
		}
		ride := p.Travel.Seconds(x.Vehicle, x.At, to)
		if f := share * math.Exp(-float64(ride)/reachTau); f > pull && inTime(x, ride) {
			best, pull = k, f
		}
	}
	if best >= 0 {
		waiting[best]++
	}
	return best, best >= 0 && best != here
}

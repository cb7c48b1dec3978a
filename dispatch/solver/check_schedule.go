package solver

import "github.com/paidan/paidan/internal/geo"

// retime computes when rider r arrives at and leaves each stop.
func retime(p *Problem, r int32, stops []Stop) (arrive, depart []int32) {
	rider := &p.Riders[r]
	at, now := rider.At, rider.FreeAt
	for i := 0; i < len(stops); {
		end := physicalStop(p, stops, i)
		place := placeOf(p, stops[i])
		came := now + p.Travel.Seconds(rider.Vehicle, at, place)
		soon, late := came, came // left, if all food is ready as soon, or as late, as it may be
		if i == 0 && came == now {
			came -= rider.Waited
		}
		for _, stop := range stops[i:end] {
			o := &p.Orders[stop.Order]
			if stop.Pickup {
				soon = max(soon, came+o.PickupService, o.ReadyAt-o.ReadySpread)
				late = max(late, came+o.PickupService, o.ReadyAt+o.ReadySpread)
			} else {
				soon = max(soon, came+o.DropoffService)
				late = max(late, came+o.DropoffService)
			}
		}
		left := soon + (late-soon)/2
		for ; i < end; i++ {
			arrive, depart = append(arrive, came), append(depart, left)
		}
		at, now = place, left
	}
	return arrive, depart
}

// physicalStop returns the end of the physical stop that begins at stops[i]:
// consecutive pickups of one store at one place, or a single stop.
func physicalStop(p *Problem, stops []Stop, i int) int {
	end := i + 1
	for end < len(stops) && stops[i].Pickup && stops[end].Pickup &&
		p.Orders[stops[i].Order].Store == p.Orders[stops[end].Order].Store &&
		vecOf(placeOf(p, stops[i])) == vecOf(placeOf(p, stops[end])) {
		end++
	}
	return end
}

func placeOf(p *Problem, stop Stop) geo.LatLng {
	if stop.Pickup {
		return p.Orders[stop.Order].Pickup
	}
	return p.Orders[stop.Order].Dropoff
}

// routeCost is the cost in minutes of a route with these departures.
func routeCost(p *Problem, r int32, stops []Stop, depart []int32) float64 {
	if len(stops) == 0 {
		return 0
	}
	rider, obj := &p.Riders[r], p.Objective.orDefault()
	cost := obj.Work * minutes(depart[len(depart)-1]-rider.FreeAt)
	cost += (p.Orders[stops[len(stops)-1].Order].EndCost - rider.EndCost) * (1 - rider.Leaves)
	for i, stop := range stops {
		if stop.Pickup {
			continue
		}
		cost += orderCost(p, stop.Order, depart[i])
		cost += obj.Pay*rider.PayShare + rider.Idle + rider.Earned
	}
	return cost
}

// orderCost is the cost in minutes of dropping order o off at t.
func orderCost(p *Problem, o, t int32) float64 {
	order, obj := &p.Orders[o], p.Objective.orDefault()
	cost := obj.ClickToDoor * minutes(t-order.PlacedAt)
	cost += obj.Late * minutes(max(0, t-order.TargetAt))
	cost += obj.VeryLate * minutes(max(0, t-order.TargetAt-obj.VeryLateAfter))
	return cost
}

// leftCost is the cost in minutes of leaving order o without a rider.
func leftCost(p *Problem, o int32) float64 {
	return p.Objective.orDefault().Unassigned + max(0, orderCost(p, o, 0))
}

func minutes(seconds int32) float64 { return float64(seconds) / 60 }

package api

import (
	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// suggest tells at the plan's stops where the rider seems to have arrived without having said so, and since when the rider waits.
func (p *Plan) suggest(arrived []rider.Arrival) {
	for i := range p.Orders {
		o := &p.Orders[i]
		for _, a := range arrived {
			if a.Order != o.ID {
				continue
			}
			act := dispatch.ActKind("")
			switch {
			case a.Kind == rider.Pickup && o.State == order.Assigned:
				act = dispatch.ActArriveStore
			case a.Kind == rider.Dropoff && o.State == order.PickedUp:
				act = dispatch.ActArriveDoor
			}
			for k := range p.Stops {
				if st := &p.Stops[k]; act != "" && st.OrderID == o.ID && st.Kind == a.Kind {
					st.Suggested = some(Suggested{act, a.At})
				}
			}
			if a.Kind == rider.Pickup && (o.State == order.Assigned || o.State == order.AtStore) && (o.WaitingSince == nil || a.At.Before(*o.WaitingSince)) {
				o.WaitingSince = &a.At
			}
		}
	}
}

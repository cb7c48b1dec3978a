package bench

import (
	"fmt"

	"github.com/paidan/paidan/dispatch/solver"
)

// forever ends windows that have no end, in seconds.
const forever = 1_000_000

// maxPriority is VROOM's; the waiting orders have 0.
const maxPriority = 100

func profile(kind uint8) string { return fmt.Sprintf("kind%d", kind) }

func (e *vroomExport) vehicle(r int) vroomVehicle {
	rider := &e.p.Riders[r]
	aboard, load := int32(0), int32(0)
	for _, o := range e.bound[r] {
		if e.p.Orders[o].OnBoard {
			aboard++
			load += e.p.Orders[o].Load
		}
	}
	bound, end := int32(len(e.bound[r])), rider.ShiftEnd
	if depart := e.kept.Routes[r].Depart; len(depart) > 0 {
		end = max(end, depart[len(depart)-1])
	}
	v := vroomVehicle{
		ID: r + 1, Description: describe(e.p, e.name, r), Profile: profile(rider.Vehicle), StartIndex: e.row[rider.At],
		Capacity:   []int32{max(rider.Capacity, load)},
		Skills:     e.has(r),
		TimeWindow: [2]int32{rider.FreeAt, max(end, rider.FreeAt)},
		MaxTasks:   max(2*rider.MaxOrders, 2*bound) - aboard, // an order that is not on board is two tasks
	}
	if e.o.Warm {
		for _, stop := range rider.Route {
			v.Steps = append(v.Steps, vroomStep{Type: e.task(stop), ID: int(stop.Order) + 1})
		}
	}
	return v
}

// has lists the skills of rider r; needs those of an order.
func (e *vroomExport) has(r int) []int {
	rider := &e.p.Riders[r]
	skills := skillBits(rider.Skills)
	for _, mask := range e.masks {
		if mask>>rider.Vehicle&1 != 0 {
			skills = append(skills, skillVehicles+int(mask))
		}
	}
	if len(e.bound[r]) > 0 {
		skills = append(skills, skillSelf+r)
	}
	return skills
}

func (e *vroomExport) needs(o *solver.Order) []int {
	if o.OnBoard || o.Fixed {
		return []int{skillSelf + int(o.Rider)} // whatever the rider lacks
	}
	skills := skillBits(o.Skills)
	if o.Vehicles != 0 {
		skills = append(skills, skillVehicles+int(o.Vehicles))
	}
	return skills
}

func skillBits(mask uint64) []int {
	var skills []int
	for bit := range 64 {
		if mask>>bit&1 != 0 {
			skills = append(skills, skillBit+bit)
		}
	}
	return skills
}

// task is what VROOM calls a stop.
func (e *vroomExport) task(stop solver.Stop) string {
	switch {
	case stop.Pickup:
		return vroomPickup
	case e.p.Orders[stop.Order].OnBoard:
		return vroomJob
	}
	return vroomDelivery
}

// job is an order on board.
func (e *vroomExport) job(i int) vroomTask {
	o, t := &e.p.Orders[i], e.door(i)
	t.Delivery, t.Skills, t.Priority = []int32{o.Load}, e.needs(o), maxPriority
	return t
}

func (e *vroomExport) shipment(i int) vroomShipment {
	o := &e.p.Orders[i]
	s := vroomShipment{
		Amount: []int32{o.Load}, Skills: e.needs(o), Delivery: e.door(i),
		Pickup: vroomTask{
			ID: i + 1, Description: o.ID, LocationIndex: e.row[o.Pickup], Setup: o.PickupService,
			TimeWindows: [][2]int32{{max(0, o.ReadyAt-o.PickupService), forever}},
		},
	}
	if o.Fixed {
		s.Priority = maxPriority
	}
	return s
}

// door is the drop-off. Its window holds the beginning; lateness is counted at the end.
func (e *vroomExport) door(i int) vroomTask {
	o, end := &e.p.Orders[i], int32(forever)
	if e.o.Deadline > 0 {
		end = max(0, o.TargetAt+int32(e.o.Deadline.Seconds())-o.DropoffService)
		if o.OnBoard || o.Fixed {
			if end = max(end, e.arrive[i]); e.arrive[i] == 0 {
				end = forever
			}
		}
	}
	return vroomTask{
		ID: i + 1, Description: o.ID, LocationIndex: e.row[o.Dropoff], Service: o.DropoffService,
		TimeWindows: [][2]int32{{0, end}},
	}
}

package sim

import "errors"

// CheckPlatform verifies a day under platform rules, which real platforms follow and which are reported apart from the strict ones:
// couriers are told one step at a time (ride to a restaurant, pick up, drop off), so pickups of several restaurants
// may interleave, and an order is nobody's until it is picked up. Clock, services, knowledge and off-times are as in CheckStrict.
func CheckPlatform(m *MDRP, log []Instruction, s *Solution) error {
	want, err := ReplayPlatform(m, log)
	return errors.Join(err, compare(m, want, s))
}

// ReplayPlatform makes the day anew that a log leads to under platform rules, as Replay does under the strict ones.
func ReplayPlatform(m *MDRP, log []Instruction) (*Solution, error) {
	return replayDay(m, log, (*replay).platform)
}

// platform obeys one instruction: a courier is free after each step.
func (r *replay) platform(in Instruction) {
	switch in.Kind {
	case Reposition:
		r.idle(in, r.reposition) // also with orders aboard
	case Pick:
		r.platformPick(in)
	case Drop:
		r.platformDrop(in)
	default:
		r.fail(in, "platform rules know no such instruction")
	}
}

// platformPick picks up where the courier stands. It may begin before the food is ready; then the courier waits. Only the first pickup
// of a stop needs the half service before it: whoever picks up again has been there for longer.
func (r *replay) platformPick(in Instruction) {
	at := r.last(in.Courier).place
	if !r.some(in) {
		return
	}
	if at != (Place{AtRestaurant, in.Store}) {
		r.fail(in, "not at restaurant %s but at %s", r.m.Restaurants[in.Store].ID, namer{r.m}.place(at))
		return
	}
	r.idle(in, func(from errand, in Instruction) errand {
		e := errand{in: in, place: from.place, since: from.since}
		r.pick(&e, in)
		return e
	})
}

// platformDrop rides to one door.
func (r *replay) platformDrop(in Instruction) {
	if len(in.Orders) != 1 {
		r.fail(in, "%d orders, should be one", len(in.Orders))
		return
	}
	pickup, ok := r.aboard(in.Courier, in.Orders[0])
	if !ok {
		r.fail(in, "order %s is not aboard", r.m.Orders[in.Orders[0]].ID)
		return
	}
	r.idle(in, func(from errand, in Instruction) errand {
		e := errand{in: in, place: from.place, since: from.since, free: in.At}
		r.drop(&e, in.Orders[0], pickup)
		return e
	})
}

// aboard is whether a courier has an order picked up and not dropped off yet, and when it was picked up.
func (r *replay) aboard(courier, order int) (pickup int, aboard bool) {
	for _, e := range r.days[courier] {
		if e.bundle != nil {
			for _, o := range e.bundle.Orders {
				if o == order {
					pickup, aboard = e.bundle.Pickup, true
				}
			}
		}
		for _, d := range e.drops {
			aboard = aboard && d.Order != order
		}
	}
	return pickup, aboard
}

package sim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// CheckStrict verifies a day under the strict rules of the meal delivery routing problem, slowly and by obvious code that shares
// nothing with a simulator but the words: the day is made anew from the instance and the log, and must be s. The error joins
// all that is wrong, each with minute, courier, orders and rule.
//
// Rules: Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil 2018, "The meal delivery routing problem". All times are whole minutes of the day.
func CheckStrict(m *MDRP, log []Instruction, s *Solution) error {
	want, err := Replay(m, log)
	return errors.Join(err, compare(m, want, s))
}

// Replay makes the day anew that a log leads to under the strict rules. The error joins all violations; an instruction that its
// courier couldn't follow is left out of the solution.
func Replay(m *MDRP, log []Instruction) (*Solution, error) {
	return replayDay(m, log, (*replay).strict)
}

// replay is a day being made anew.
type replay struct {
	m       *MDRP
	days    [][]errand   // by courier; the first errand is to come to work
	doubled map[int]bool // orders told of already
	errs    []error
}

// errand is one instruction carried out: where and when it leaves the courier, and what it adds to the solution.
type errand struct {
	in      Instruction
	place   Place
	since   int  // the arrival at place
	free    int  // from here on the courier may be instructed
	rode    bool // a Deliver from elsewhere than its restaurant: only this may be updated,
	reached int  // in the minute of arrival there
	moves   []Move
	bundle  *Bundle
	drops   []Delivery
}

// replayDay has every instruction obeyed in turn. Those of one minute are simultaneous: couriers may swap orders.
func replayDay(m *MDRP, log []Instruction, obey func(*replay, Instruction)) (*Solution, error) {
	r := &replay{m: m, days: make([][]errand, len(m.Couriers)), doubled: map[int]bool{}}
	for i, c := range m.Couriers {
		r.days[i] = []errand{{place: Place{Kind: OnLocation}, since: c.On, free: c.On}}
	}
	for i, in := range log {
		if i > 0 && in.At < log[i-1].At {
			r.fail(in, "logged after an instruction of minute %d", log[i-1].At)
		}
		if r.exists(in) {
			r.known(in)
			obey(r, in)
		}
		if i == len(log)-1 || log[i+1].At != in.At {
			r.eachOnce(in.At)
		}
	}
	return r.solution(), errors.Join(r.errs...)
}

// strict obeys one instruction: a courier is free or has one bundle of one restaurant.
func (r *replay) strict(in Instruction) {
	switch in.Kind {
	case Reposition:
		r.idle(in, r.reposition)
	case Deliver:
		if r.some(in) {
			r.idle(in, r.deliver)
		}
	case Update:
		if r.some(in) {
			r.update(in)
		}
	default:
		r.fail(in, "strict rules know no such instruction")
	}
}

// idle has the courier obey who is at work and free: neither riding, waiting nor serving.
func (r *replay) idle(in Instruction, obey func(from errand, in Instruction) errand) {
	from := r.last(in.Courier)
	switch on := r.m.Couriers[in.Courier].On; {
	case in.At < on:
		r.fail(in, "before the on-time, minute %d", on)
	case in.At < from.free:
		r.fail(in, "not free before minute %d", from.free)
	default:
		r.days[in.Courier] = append(r.days[in.Courier], obey(from, in))
	}
}

// some is whether orders are named at all.
func (r *replay) some(in Instruction) bool {
	if len(in.Orders) == 0 {
		r.fail(in, "no order")
	}
	return len(in.Orders) > 0
}

// reposition rides to a restaurant; who stands there already stays.
func (r *replay) reposition(from errand, in Instruction) errand {
	if len(in.Orders) > 0 {
		r.fail(in, "a move has no orders")
	}
	e := errand{in: in, place: from.place, since: from.since}
	if to := (Place{AtRestaurant, in.Store}); e.place != to {
		r.ride(&e, to, in.At)
	}
	e.free = max(in.At, e.since)
	return e
}

// deliver rides to the restaurant, picks up and drops off. Half of the pickup service comes before the pickup and may be over when the
// courier stands there since earlier; the pickup itself can't come before the courier was told of it.
func (r *replay) deliver(from errand, in Instruction) errand {
	e := errand{in: in, place: from.place, since: from.since}
	if to := (Place{AtRestaurant, in.Store}); e.place != to {
		r.ride(&e, to, in.At)
		e.rode = true
	}
	e.reached = e.since
	r.pick(&e, in)
	for _, o := range in.Orders {
		r.drop(&e, o, e.bundle.Pickup)
	}
	return e
}

// pick waits at the restaurant until all is ready.
func (r *replay) pick(e *errand, in Instruction) {
	pickup := max(in.At, e.since+r.m.PickupService/2)
	for _, o := range in.Orders {
		pickup = max(pickup, r.m.Orders[o].Ready)
	}
	e.bundle = &Bundle{Assigned: in.At, Pickup: pickup, Courier: in.Courier, Orders: slices.Clone(in.Orders)}
	e.free = pickup + r.m.PickupService/2
}

// drop rides to the customer as soon as it can, also when that takes no time.
func (r *replay) drop(e *errand, order, pickup int) {
	r.ride(e, Place{AtCustomer, order}, e.free)
	dropoff := e.since + r.m.DropoffService/2
	e.drops = append(e.drops, Delivery{Order: order, Courier: e.in.Courier, Pickup: pickup, Dropoff: dropoff})
	e.free = dropoff + r.m.DropoffService/2
}

func (r *replay) ride(e *errand, to Place, depart int) {
	e.moves = append(e.moves, Move{Depart: depart, From: e.place, To: to})
	e.since = depart + r.m.Minutes(r.m.pointOf(e.place, e.in.Courier), r.m.pointOf(to, e.in.Courier))
	e.place = to
}

// pointOf is where a place is, seen by a courier.
func (m *MDRP) pointOf(p Place, courier int) Point {
	switch p.Kind {
	case AtRestaurant:
		return m.Restaurants[p.Index].At
	case AtCustomer:
		return m.Orders[p.Index].At
	default:
		return m.Couriers[courier].At
	}
}

// update replaces the orders of the delivery under way, which is then as if it had been told so from the start, save for the time
// of assignment. What it drops is open again.
func (r *replay) update(in Instruction) {
	day := r.days[in.Courier]
	old := &day[len(day)-1]
	switch {
	case old.in.Kind != Deliver || !old.rode:
		r.fail(in, "no delivery under way that had to ride to its restaurant")
	case old.in.Store != in.Store:
		r.fail(in, "the delivery under way is from restaurant %s", r.m.Restaurants[old.in.Store].ID)
	case old.reached != in.At:
		r.fail(in, "not the minute of arrival, %d", old.reached)
	default:
		told := old.in
		told.Orders = in.Orders
		*old = r.deliver(day[len(day)-2], told)
		old.bundle.Assigned = in.At
	}
}

// last is the newest errand of a courier.
func (r *replay) last(courier int) errand { return r.days[courier][len(r.days[courier])-1] }

// exists is whether all that is named is in the instance; else the instruction can't be followed.
func (r *replay) exists(in Instruction) bool {
	ok := true
	check := func(what string, i, n int) {
		if i < 0 || i >= n {
			r.fail(in, "no %s #%d", what, i)
			ok = false
		}
	}
	check("courier", in.Courier, len(r.m.Couriers))
	if in.Kind != Drop { // a door says where
		check("restaurant", in.Store, len(r.m.Restaurants))
	}
	for _, o := range slices.Concat(in.Orders, in.For) {
		check("order", o, len(r.m.Orders))
	}
	return ok
}

// known checks that the decision used what was known, and orders of its restaurant only.
func (r *replay) known(in Instruction) {
	placed := 0
	for _, o := range r.m.Orders {
		if o.Placed <= in.At {
			placed++
		}
	}
	if in.Known != placed {
		r.fail(in, "%d orders known, should be %d", in.Known, placed)
	}
	for _, o := range slices.Concat(in.Orders, in.For) {
		order := r.m.Orders[o]
		if o >= in.Known {
			r.fail(in, "order %s is not among the %d known", order.ID, in.Known)
		}
		if order.Placed > in.At {
			r.fail(in, "order %s is not placed before minute %d", order.ID, order.Placed)
		}
		if in.Kind != Drop && order.Restaurant != in.Store {
			r.fail(in, "order %s is from another restaurant, %s", order.ID, r.m.Restaurants[order.Restaurant].ID)
		}
	}
}

// eachOnce checks that no order is in two bundles, or twice in one, at the end of a minute.
func (r *replay) eachOnce(minute int) {
	has := map[int]int{} // courier by order
	for c, day := range r.days {
		for _, e := range day {
			if e.bundle == nil {
				continue
			}
			for _, o := range e.bundle.Orders {
				if first, ok := has[o]; ok && !r.doubled[o] {
					r.doubled[o] = true
					r.errs = append(r.errs, fmt.Errorf("minute %d, couriers %s and %s: order %s is given twice", minute,
						r.m.Couriers[first].ID, r.m.Couriers[c].ID, r.m.Orders[o].ID))
				}
				has[o] = c
			}
		}
	}
}

// solution collects the errands, and checks what is sure only at the day's end.
func (r *replay) solution() *Solution {
	s := &Solution{Moves: make([][]Move, len(r.days))}
	for c, day := range r.days {
		carried := map[int]int{} // the pickup of what was not dropped off yet
		for _, e := range day {
			s.Moves[c] = append(s.Moves[c], e.moves...)
			if e.bundle != nil {
				s.Bundles = append(s.Bundles, *e.bundle)
				if off := r.m.Couriers[c].Off; e.bundle.Pickup > off {
					r.fail(e.in, "pickup in minute %d, after the off-time, %d", e.bundle.Pickup, off)
				}
				for _, o := range e.bundle.Orders {
					carried[o] = e.bundle.Pickup
				}
			}
			for _, d := range e.drops {
				s.Deliveries = append(s.Deliveries, d)
				delete(carried, d.Order)
			}
		}
		for o := range r.m.Orders {
			if pickup, ok := carried[o]; ok {
				r.errs = append(r.errs, fmt.Errorf("courier %s: order %s was picked up in minute %d and never dropped off",
					r.m.Couriers[c].ID, r.m.Orders[o].ID, pickup))
			}
		}
	}
	slices.SortStableFunc(s.Bundles, byAssignment)
	slices.SortStableFunc(s.Deliveries, func(a, b Delivery) int { return cmp.Compare(a.Order, b.Order) })
	return s
}

// byAssignment sorts bundles; a courier has one a minute.
func byAssignment(a, b Bundle) int {
	return cmp.Or(cmp.Compare(a.Assigned, b.Assigned), cmp.Compare(a.Courier, b.Courier))
}

// fail notes that an instruction breaks a rule.
func (r *replay) fail(in Instruction, rule string, args ...any) {
	verb := fmt.Sprintf("kind %d", in.Kind)
	if verbs := []string{"reposition", "deliver", "update", "pick", "drop"}; int(in.Kind) < len(verbs) {
		verb = verbs[in.Kind]
	}
	n := namer{r.m}
	r.errs = append(r.errs, fmt.Errorf("minute %d, courier %s, %s%s: "+rule,
		append([]any{in.At, n.courier(in.Courier), verb, n.orders(in.Orders)}, args...)...))
}

// compare tells every difference between the day made anew and the solution that was handed in.
func compare(m *MDRP, want, got *Solution) error {
	if got == nil {
		return errors.New("no solution")
	}
	n := namer{m}
	var errs []error
	if !slices.IsSortedFunc(got.Bundles, func(a, b Bundle) int { return cmp.Compare(a.Assigned, b.Assigned) }) {
		errs = append(errs, errors.New("bundles are not by assignment time"))
	}
	bundles := slices.Clone(got.Bundles) // within a minute the sequence is free
	slices.SortStableFunc(bundles, byAssignment)
	errs = append(errs, differ("bundles", lines(want.Bundles, n.bundle), lines(bundles, n.bundle)),
		differ("deliveries", lines(want.Deliveries, n.delivery), lines(got.Deliveries, n.delivery)))
	if len(got.Moves) != len(want.Moves) {
		errs = append(errs, fmt.Errorf("moves of %d couriers, should be %d", len(got.Moves), len(want.Moves)))
	}
	for c := range min(len(got.Moves), len(want.Moves)) {
		move := func(v Move) string {
			return fmt.Sprintf("courier %s rides in minute %d from %s to %s", n.courier(c), v.Depart, n.place(v.From), n.place(v.To))
		}
		errs = append(errs, differ("moves of courier "+n.courier(c), lines(want.Moves[c], move), lines(got.Moves[c], move)))
	}
	return errors.Join(errs...)
}

// differ tells which lines are missing, which are too many, or that only their sequence is wrong.
func differ(what string, want, got []string) error {
	var errs []error
	count := map[string]int{}
	for _, w := range want {
		count[w]++
	}
	for _, g := range got {
		if count[g]--; count[g] < 0 {
			errs = append(errs, fmt.Errorf("the solution has, but the log doesn't lead to: %s", g))
		}
	}
	for _, w := range want {
		if count[w] > 0 {
			count[w]--
			errs = append(errs, fmt.Errorf("the log leads to, but the solution lacks: %s", w))
		}
	}
	if len(errs) == 0 && !slices.Equal(want, got) {
		errs = append(errs, fmt.Errorf("%s: wrong sequence", what))
	}
	return errors.Join(errs...)
}

func lines[T any](of []T, line func(T) string) []string {
	text := make([]string, len(of))
	for i, v := range of {
		text[i] = line(v)
	}
	return text
}

func (n namer) bundle(b Bundle) string {
	return fmt.Sprintf("courier %s gets in minute %d and picks up in minute %d the orders%s", n.courier(b.Courier), b.Assigned, b.Pickup, n.orders(b.Orders))
}

func (n namer) delivery(d Delivery) string {
	return fmt.Sprintf("order %s is picked up in minute %d and dropped off in minute %d by courier %s", n.order(d.Order), d.Pickup, d.Dropoff, n.courier(d.Courier))
}

package dispatch

import (
	"slices"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Instance is a solver.Problem with the names behind its indexes.
type Instance struct {
	Problem solver.Problem
	At      time.Time       // the problem's second 0
	Orders  []order.Order   // Problem.Orders[i] is Orders[i]
	Riders  []rider.OnShift // Problem.Riders[i] is Riders[i]

	news    int // orders due since the last round
	orderAt map[id.Order]int32
	legAt   map[id.Order]int32   // what a rider will do with an order that a colleague still carries
	meets   map[id.Order]Meeting // where orders change hands
	riderAt map[id.Rider]int32
	barred  map[int32]string // riders who get nothing new, and why
	fair    []fair           // by rider, where the zone weighs it
}

// Memory is what an engine remembers of a zone from round to round. Without a plan a round starts cold; the demand can be
// read from the orders (Service.recall).
type Memory struct {
	Tentative Tentative
	Demand    Demand
}

// Tentative is what the last round planned for each rider beyond what it committed: the next round's warm start.
type Tentative map[id.Rider][]rider.Stop

// NewInstance turns a snapshot into a problem, and takes note of its orders in m. Equal snapshots and memories give equal
// problems.
func NewInstance(s *Snapshot, params eta.Params, m *Memory) *Instance {
	b := &builder{snap: s, params: params, in: &Instance{
		At: s.At, Orders: s.Orders,
		orderAt: make(map[id.Order]int32, len(s.Orders)), legAt: make(map[id.Order]int32), meets: s.Meets, riderAt: make(map[id.Rider]int32, len(s.Riders)),
		barred: make(map[int32]string),
	}}
	b.travel()
	b.offers = make(map[id.Rider]rider.Offer, len(s.Offers))
	for _, offer := range s.Offers {
		b.offers[offer.Rider] = offer
	}
	b.numberSkills()
	b.in.Riders, b.in.Problem.Riders = make([]rider.OnShift, 0, len(s.Riders)), make([]solver.Rider, 0, len(s.Riders))
	for _, r := range s.Riders {
		b.rider(r)
	}
	b.orders()
	b.routes(m.Tentative)
	p := &b.in.Problem
	b.in.news = m.Demand.learn(s)
	m.Demand.price(s, p)
	m.Demand.pay(s, b.in)
	s.Zone.Policy.Fairness.share(s, b.in)
	p.Objective = s.Zone.Policy.Objective
	p.Limits = solver.Limits{
		MaxStops: int32(s.Zone.Policy.MaxStops), MaxDetour: int32(s.Zone.Policy.MaxDetourS), OneStore: s.Zone.Policy.OneStore,
	}
	return b.in
}

type builder struct {
	snap   *Snapshot
	params eta.Params
	in     *Instance
	offers map[id.Rider]rider.Offer // open, by rider
	skills map[string]uint64
	stores map[id.Store]int32
	jobs   map[id.Job]int32
}

// travel gives each vehicle kind its number: the place in rider.Vehicles.
func (b *builder) travel() {
	for _, v := range rider.Vehicles() {
		p := b.params.Vehicles[string(v)]
		b.in.Problem.Travel.Vehicles = append(b.in.Problem.Travel.Vehicles,
			solver.VehicleTravel{Speed: p.SpeedMps, Detour: p.Detour, Fixed: int32(p.Fixed.Seconds()), Step: int32(p.Step.Seconds())})
	}
}

// stops are a rider's own stops, with those of an open offer as if it were accepted: its orders are spoken for.
func (b *builder) stops(r id.Rider) []rider.Stop {
	own := b.snap.Plans[r].Stops
	if offer, ok := b.offers[r]; ok {
		return rider.Merge(own, offer.Stops, offer.Orders)
	}
	return own
}

// rider adds one who can be planned for: heard of lately, or at work.
func (b *builder) rider(r rider.OnShift) {
	policy := b.snap.Zone.Policy
	own := b.stops(r.Rider.ID)
	fix, heard := b.snap.Positions[r.Rider.ID]
	stand, stands := b.snap.Stands[r.Rider.ID]
	fresh := stands || heard && b.snap.At.Sub(fix.At) <= policy.StaleAfter()
	if !fresh && len(own) == 0 {
		return
	}
	at, free, waited := fix.LatLng, int32(0), int32(0)
	switch {
	case stands:
		at, free = stand.At, max(0, seconds(stand.FreeAt.Sub(b.snap.At)))
		waited = max(0, free-seconds(stand.Since.Sub(b.snap.At)))
	case !heard:
		at = own[0].At // nothing better is known
	}
	_, asked := b.offers[r.Rider.ID]
	most := min(r.Rider.MaxOrders, policy.MaxOrders)
	hours := b.snap.Hours[r.Rider.ID]
	why := barred(r, hours, b.snap.At)
	if asked || !fresh || why != "" {
		most = countOrders(own) // no more until the rider has answered, or is heard of again
	}
	skills, _ := b.skillBits(r.Skills)
	at32 := int32(len(b.in.Riders))
	b.in.riderAt[r.Rider.ID] = at32
	if why != "" {
		b.in.barred[at32] = why
	}
	workEnd := int32(0)
	if stop := hours.StopAt(); stop != nil {
		workEnd = max(1, seconds(stop.Sub(b.snap.At)))
	}
	b.in.Riders = append(b.in.Riders, r)
	b.in.Problem.Riders = append(b.in.Problem.Riders, solver.Rider{
		ID: r.Rider.ID.String(), At: at, FreeAt: free, Waited: waited, Vehicle: vehicleIndex(r.Rider.Vehicle),
		Capacity: int32(r.Rider.Capacity), MaxOrders: int32(most), Skills: skills,
		ShiftEnd: seconds(r.Shift.EndsAt.Sub(b.snap.At)), WorkEnd: workEnd,
	})
}

// astray reports whether a rider has the order who can't be planned for: not heard of, and without a plan. Books in order have no such
// thing; were it to happen, the order would have to wait for its rider, and all others must not.
func (b *builder) astray(o order.Order) bool {
	_, planned := b.in.riderAt[o.Rider]
	return !o.Rider.IsZero() && !planned && o.State != order.Offered
}

func (b *builder) orders() {
	out := func(o order.Order) bool { return b.astray(o) || b.snap.leftAlone(&o) }
	if slices.ContainsFunc(b.in.Orders, out) {
		b.in.Orders = slices.DeleteFunc(slices.Clone(b.in.Orders), out)
	}
	b.stores, b.jobs = make(map[id.Store]int32), make(map[id.Job]int32)
	b.in.Problem.Orders = make([]solver.Order, 0, len(b.in.Orders))
	for i := range b.in.Orders {
		o := &b.in.Orders[i]
		b.in.orderAt[o.ID] = int32(i)
		b.in.Problem.Orders = append(b.in.Problem.Orders, b.order(o))
	}
	b.legs()
}

func (b *builder) order(o *order.Order) solver.Order {
	now := b.snap.At
	store, ok := b.stores[o.Store]
	if !ok {
		store = int32(len(b.stores))
		b.stores[o.Store] = store
	}
	so := solver.Order{
		ID: o.ID.String(), Store: store, Pickup: o.Pickup, Dropoff: o.Dropoff.At,
		PlacedAt: seconds(o.PlacedAt.Sub(now)), ReadyAt: seconds(readyAt(o, now).Sub(now)), TargetAt: seconds(o.PromiseAt.Sub(now)),
		ReadySpread:    seconds(b.snap.ReadySpread[o.ID]),
		PickupService:  int32(b.snap.Stores[o.Store].Handoff.P50),
		DropoffService: seconds(b.params.DoorHandoff.P50),
		Load:           int32(o.Load), Vehicles: vehicleBits(o.Vehicles), Rider: -1,
	}
	var known bool
	if so.Skills, known = b.skillBits(o.Skills); !known {
		so.Vehicles = nobody
	}
	if o.DueAt.After(o.PlacedAt) {
		so.PlacedAt = seconds(o.DueAt.Sub(now)) // placed for later: nobody waits for it before it is due
	}
	holder := o.Rider
	if o.State == order.Offered {
		for _, offer := range b.snap.Offers {
			if offer.ID == o.Offer {
				holder = offer.Rider
			}
		}
	}
	if at, ok := b.in.riderAt[holder]; ok && !holder.IsZero() {
		so.Rider, so.Fixed = at, true
		r := &b.in.Problem.Riders[at]
		switch o.State {
		case order.AtStore: // here already: no leg to drive, and part of the handover is over
			r.At, so.PickupService = o.Pickup, left(so.PickupService, o.AtStoreAt, now)
		case order.AtDoor:
			r.At, so.DropoffService = o.Dropoff.At, left(so.DropoffService, o.AtDoorAt, now)
		}
	}
	switch o.State {
	case order.PickedUp, order.AtDoor:
		so.OnBoard = true
	case order.Returning: // the food goes back
		so.OnBoard, so.Dropoff = true, o.Pickup
	}
	if m, ok := b.snap.Meets[o.ID]; ok && holder == m.Giver {
		so.Dropoff, so.DropoffService = m.At, meetService
	}
	so.Refused = b.refused(o, so.Rider)
	so.Group = b.group(o)
	return so
}

// group numbers an order's job. Goods that go back to the store bind nobody: the rest of the job may go to another rider.
func (b *builder) group(o *order.Order) int32 {
	if o.Job.IsZero() || o.State == order.Returning {
		return 0
	}
	g, ok := b.jobs[o.Job]
	if !ok {
		g = int32(len(b.jobs) + 1)
		b.jobs[o.Job] = g
	}
	return g
}

// refused are the riders who need not be asked again. When nobody else was found for a while, they need: people change
// their minds, and an offer may have come while a phone had no signal.
func (b *builder) refused(o *order.Order, holder int32) []int32 {
	if b.snap.At.Sub(o.UpdatedAt) >= b.snap.Zone.Policy.Refusal() {
		return nil
	}
	var out []int32
	for _, r := range o.RefusedBy {
		if at, ok := b.in.riderAt[r]; ok && at != holder {
			out = append(out, at)
		}
	}
	slices.Sort(out)
	return out
}

// readyAt is when the food is expected: a store that has not said "ready" by its estimate is expected any moment.
func readyAt(o *order.Order, now time.Time) time.Time {
	switch {
	case o.ReadyAt != nil:
		return *o.ReadyAt
	case o.ReadyEstimate.Before(now):
		return now
	}
	return o.ReadyEstimate
}

// left is what remains of a service that began at a time.
func left(service int32, began *time.Time, now time.Time) int32 {
	if began == nil {
		return service
	}
	return max(0, service-seconds(now.Sub(*began)))
}

// maxSkills is how many kinds of skill a round tells apart.
const maxSkills = 64

// numberSkills gives the skills that open orders ask for their bits; what only riders have is no matter.
func (b *builder) numberSkills() {
	b.skills = make(map[string]uint64)
	for i := range b.in.Orders {
		for _, s := range b.in.Orders[i].Skills {
			if _, ok := b.skills[s]; !ok && len(b.skills) < maxSkills {
				b.skills[s] = 1 << len(b.skills)
			}
		}
	}
}

// skillBits are those of the skills that have one; all says whether each has.
func (b *builder) skillBits(skills []string) (bits uint64, all bool) {
	all = true
	for _, s := range skills {
		bit, ok := b.skills[s]
		bits |= bit
		all = all && ok
	}
	return bits, all
}

// nobody is a vehicle kind that does not exist: an order for it waits.
const nobody uint8 = 1 << 7

func vehicleIndex(v rider.Vehicle) uint8 {
	return uint8(max(0, slices.Index(rider.Vehicles(), v)))
}

func vehicleBits(vehicles []string) uint8 {
	var bits uint8
	for _, v := range vehicles {
		bits |= 1 << vehicleIndex(rider.Vehicle(v))
	}
	return bits
}

func countOrders(stops []rider.Stop) int {
	n := 0
	for _, st := range stops {
		if !st.Kind.Loads() {
			n++
		}
	}
	return n
}

// seconds rounds a duration down to the solver's whole seconds.
func seconds(d time.Duration) int32 {
	return int32(max(-1<<30, min(1<<30, d/time.Second)))
}

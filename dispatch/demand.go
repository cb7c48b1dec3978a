package dispatch

import (
	"math"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Demand is where orders have come from lately, learned from the rounds' snapshots.
type Demand struct {
	spots  []spot
	at     map[id.Store]int
	total  float64
	seen   time.Time // orders due until then are counted
	decays time.Time
	priced map[geo.LatLng]price
	fresh  time.Time // since when, without areas
	areas  areas
}

// price is how far a place is from where orders come from, minutes, as it was at a time.
type price struct {
	away float64
	at   time.Time
}

// spot is a place where orders come from, with how many in the last hour or so.
type spot struct {
	store id.Store
	at    geo.LatLng
	rate  float64
}

const (
	demandHalfLife = time.Hour
	leaving        = 45 * 60         // seconds before the end of a shift, from when on where the rider ends up matters less and less
	reachTau       = 6 * 60          // seconds of ride over which a place's pull falls to 1/e
	farAway        = 30.0            // minutes: in a large zone, places so much farther away than the best one are all alike
	priceHolds     = 5 * time.Minute // after which a place is priced anew
)

// learn counts the orders that are new since the last round, and returns their number.
func (d *Demand) learn(s *Snapshot) int {
	d.begin(s.At)
	if age := s.At.Sub(d.decays); age >= time.Minute {
		f := math.Exp2(-age.Hours() / demandHalfLife.Hours())
		d.total = 0
		for i := range d.spots {
			d.spots[i].rate *= f
			d.total += d.spots[i].rate
		}
		d.decays = s.At
	}
	seen, news := d.seen, 0
	for i := range s.Orders {
		o := &s.Orders[i]
		due := clock.Later(o.PlacedAt, o.DueAt)
		if !due.After(d.seen) {
			continue
		}
		seen = clock.Later(seen, due)
		d.count(o.Store, o.Pickup, 1)
		news++
	}
	d.seen = seen
	return news
}

// begin starts to count, unless that was done.
func (d *Demand) begin(now time.Time) {
	if d.at == nil {
		d.at, d.decays = map[id.Store]int{}, now
	}
}

// count adds orders of a store.
func (d *Demand) count(store id.Store, at geo.LatLng, orders float64) {
	k, ok := d.at[store]
	if !ok {
		k = len(d.spots)
		d.at[store] = k
		d.spots = append(d.spots, spot{store: store, at: at})
		d.areas.add(k, at)
	}
	d.spots[k].rate += orders
	d.total += orders
}

// perHour is the number of orders an hour, lately.
func (d *Demand) perHour() float64 { return d.total * math.Ln2 / demandHalfLife.Hours() }

// price tells the solver what each place is worth as the end of a route.
func (d *Demand) price(s *Snapshot, p *solver.Problem) {
	w := s.Zone.Policy.Position
	if w == 0 || d.total == 0 {
		return
	}
	d.areas.gather(d.spots)
	if !d.areas.inUse() && s.At.Sub(d.fresh) >= priceHolds || len(d.priced) > mostPriced || d.priced == nil {
		d.priced, d.fresh = map[geo.LatLng]price{}, s.At
	}
	kind, least := commonest(p), math.Inf(1)
	for i := range p.Riders {
		p.Riders[i].EndCost = d.away(s.At, p, kind, p.Riders[i].At)
		least = min(least, p.Riders[i].EndCost)
	}
	for i := range p.Orders {
		p.Orders[i].EndCost = d.away(s.At, p, kind, p.Orders[i].Dropoff)
		least = min(least, p.Orders[i].EndCost)
	}
	most := math.Inf(1)
	if d.areas.inUse() {
		most = least + farAway
	}
	for i := range p.Riders {
		r := &p.Riders[i]
		r.EndCost = w * min(r.EndCost, most)
		r.Leaves = 1 - min(1, max(0, float64(r.ShiftEnd-r.FreeAt)/leaving))
	}
	for i := range p.Orders {
		p.Orders[i].EndCost = w * min(p.Orders[i].EndCost, most)
	}
}

// mostPriced bounds the places whose prices are kept.
const mostPriced = 100_000

// commonest is the kind of vehicle that most riders have.
func commonest(p *solver.Problem) uint8 {
	var count [256]int
	best := uint8(0)
	for i := range p.Riders {
		v := p.Riders[i].Vehicle
		if count[v]++; count[v] > count[best] {
			best = v
		}
	}
	return best
}

// away is how far a place is from where orders come from, in minutes: the log-sum of the rides to all stores, near and
// busy ones counting most (the accessibility measure of Ben-Akiva and Lerman 1985).
func (d *Demand) away(now time.Time, p *solver.Problem, kind uint8, at geo.LatLng) float64 {
	spots, holds := d.spots, priceHolds
	if d.areas.inUse() {
		spots = d.areas.spots
		at, holds = nearby(at)
	}
	if v, ok := d.priced[at]; ok && (now.Sub(v.at) < holds || !d.areas.inUse()) {
		return v.away
	}
	sum := 0.0
	for i := range spots {
		sum += spots[i].rate * math.Exp(-float64(p.Travel.Seconds(kind, at, spots[i].at))/reachTau)
	}
	v := -reachTau / 60.0 * math.Log(max(sum/d.total, 1e-9))
	d.priced[at] = price{v, now}
	return v
}

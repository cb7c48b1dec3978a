package sim

import (
	"slices"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/tariff"
)

// Fair is how work and earnings were shared among the riders who worked at least half an hour. Gini coefficients are 0 where all have the
// same and near 1 where one has everything.
type Fair struct {
	EarnedGini float64 `json:"earned_gini"`  // of earnings an hour of shift
	EarnedP10  float64 `json:"earned_p10"`   // the lowest tenth's best earnings an hour, of the mean
	IdleGini   float64 `json:"idle_gini"`    // of the share of the shift without work
	WaitP90    float64 `json:"wait_p90_min"` // nine riders in ten never waited longer for an order, minutes
}

// shortShift tells too little of an hour's earnings, seconds.
const shortShift = 1800

func (r *Result) fair() Fair {
	var v Fair
	if len(r.Earned) == 0 { // a record tells nothing of it
		return v
	}
	var earned, idle []float64
	var waits []int
	for i := range r.Day.Riders {
		shift := r.atWork(i)
		if shift < shortShift {
			continue
		}
		earned = append(earned, share(r.Earned[i], shift))
		idle = append(idle, share(shift-r.Busy[i], shift))
		waits = append(waits, r.Wait[i])
	}
	slices.Sort(earned)
	slices.Sort(idle)
	slices.Sort(waits)
	v.EarnedGini, v.IdleGini, v.WaitP90 = gini(earned), gini(idle), nearestRank(waits, 90)/minute
	if n := len(earned); n > 0 && earned[n-1] > 0 {
		v.EarnedP10 = earned[(n+9)/10-1] * float64(n) / sumOf(earned)
	}
	return v
}

// gini is the Gini coefficient of values in ascending order; 0 where there is nothing to share.
func gini(xs []float64) float64 {
	total, ranked := sumOf(xs), 0.0
	if total == 0 {
		return 0
	}
	for i, x := range xs {
		ranked += float64(i+1) * x
	}
	n := float64(len(xs))
	return 2*ranked/(n*total) - (n+1)/n
}

func sumOf(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum
}

// pay is what a rider earns by an order.
func (d *Day) pay(o int) int {
	if d.Pay.PerOrder == 0 && d.Pay.PerKm == 0 {
		return 1
	}
	metres := int(geo.Distance(d.Stores[d.Orders[o].Store].At, d.Orders[o].Dropoff))
	return int(tariff.Tariff{RiderPay: d.Pay}.PlainPay(metres).Minor)
}

// takes books the orders that a rider takes along, and the wait that ends with them.
func (w *world) takes(now, r int, orders []int) {
	for _, o := range orders {
		w.out.Earned[r] += w.day.pay(o)
	}
	c := &w.riders[r]
	if len(c.aboard) > 0 {
		return
	}
	if c.began > 0 {
		now = c.began
	}
	w.waited(r, now)
}

// waited notes a wait until a time, if it is the rider's longest.
func (w *world) waited(r, until int) {
	w.out.Wait[r] = max(w.out.Wait[r], until-w.riders[r].idle)
}

// standing is how a rider has fared, as the server reads it. An order that is nobody's until it is picked up is no work yet: else whoever is
// sent to a store would lose it to those who wait.
func (w *world) standing(s *dispatch.Snapshot, r, now int) {
	if s.Standing == nil {
		s.Standing = make(map[id.Rider]dispatch.Standing, len(w.riders))
	}
	c := &w.riders[r]
	x := dispatch.Standing{Worked: time.Duration(max(0, now-w.day.Riders[r].On)) * time.Second, Earned: float64(w.out.Earned[r])}
	if w.work != nil {
		x.Worked = time.Duration(w.work.sofar(r, now)) * time.Second
	}
	if len(c.aboard) == 0 {
		x.FreeSince = at(c.idle)
	}
	s.Standing[riderID(r)] = x
}

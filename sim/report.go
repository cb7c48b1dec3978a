package sim

import (
	"math"
	"slices"
	"time"

	"github.com/paidan/paidan/eta"
)

// Report is how a city's day went. Means and percentiles (nearest-rank) are over the delivered orders unless said otherwise, so read
// Undelivered beside them; what is divided by nothing is 0.
type Report struct {
	Name        string  `json:"name"`
	Orders      int     `json:"orders"`          // placed
	Riders      int     `json:"riders"`          // with a shift
	Undelivered float64 `json:"undelivered_pct"` // % of the orders
	CTDMean     float64 `json:"ctd_mean"`        // click-to-door, end of the hand-over − placement: minutes
	CTDP90      float64 `json:"ctd_p90"`         // minutes
	CTDP95      float64 `json:"ctd_p95"`         // minutes
	Late        float64 `json:"late_pct"`        // % handed over after the promise
	LateMean    float64 `json:"late_mean"`       // mean of max(0, hand-over − promise), the punctual ones as 0: minutes
	CTDFloor    float64 `json:"ctd_floor"`       // mean click-to-door of the placed orders if each had a rider of its own, of the quickest kind, at the store from placement on
	LateFloor   float64 `json:"late_floor_pct"`  // % late in that case
	Unavoidable float64 `json:"unavoidable_pct"` // % of the placed orders whose food is ready only after the promise
	RTP         float64 `json:"rtp"`             // ready-to-pickup, the rider leaving the store with it − ready: minutes
	RTD         float64 `json:"rtd"`             // ready-to-door: minutes
	PerPickup   float64 `json:"orders_per_pickup"`
	PerHour     float64 `json:"orders_per_rider_hour"` // delivered orders by hour of shift, idle riders' included
	Utilisation float64 `json:"utilisation"`           // share of the shifts on the way for orders, at the store with them, or at doors: 0–1
	Fair
	Work     *WorkReport `json:"work,omitempty"` // where the policy limits work
	Rounds   int         `json:"rounds"`         // in which there was something to decide
	RoundP50 float64     `json:"round_p50_ms"`   // milliseconds, from snapshot to decision
	RoundP99 float64     `json:"round_p99_ms"`
	RoundMax float64     `json:"round_max_ms"`
	CPU      float64     `json:"cpu_s"`             // seconds of the thread; the caller's to fill, like the next two
	Wall     float64     `json:"wall_s"`            // seconds
	Partial  bool        `json:"partial,omitempty"` // stopped before the day's end: what was under way counts as undelivered
}

// Report computes what a result tells.
func (r *Result) Report() Report {
	v := Report{Name: r.Day.Name, Orders: r.Known, Riders: len(r.Day.Riders), Rounds: len(r.Rounds)}
	var ctd []int
	var sum, late, minutesLate, unavoidable, floor, lateFloor, rtp, rtd int
	soonest := r.Day.soonest()
	for i := range r.Day.Orders[:r.Known] {
		o, f := &r.Day.Orders[i], &r.Orders[i]
		if o.Ready > o.Promise {
			unavoidable++
		}
		best := soonest(o)
		floor += best - o.Placed
		if best > o.Promise {
			lateFloor++
		}
		if !f.Done {
			continue
		}
		ctd = append(ctd, f.Dropped-o.Placed)
		sum += f.Dropped - o.Placed
		if f.Dropped > o.Promise {
			late++
			minutesLate += f.Dropped - o.Promise
		}
		rtp += f.Left - o.Ready
		rtd += f.Dropped - o.Ready
	}
	slices.Sort(ctd)
	n := len(ctd)
	v.Undelivered, v.Unavoidable = 100*share(r.Known-n, r.Known), 100*share(unavoidable, r.Known)
	v.CTDMean, v.CTDP90, v.CTDP95 = share(sum, n)/minute, nearestRank(ctd, 90)/minute, nearestRank(ctd, 95)/minute
	v.Late, v.LateMean = 100*share(late, n), share(minutesLate, n)/minute
	v.CTDFloor, v.LateFloor = share(floor, r.Known)/minute, 100*share(lateFloor, r.Known)
	v.RTP, v.RTD = share(rtp, n)/minute, share(rtd, n)/minute
	v.PerPickup = r.perPickup()
	shifts, busy := 0, 0
	for i := range r.Day.Riders {
		shifts += r.atWork(i)
		busy += r.Busy[i]
	}
	v.PerHour, v.Utilisation = share(n, shifts)*3600, share(busy, shifts)
	v.Fair = r.fair()
	v.Work = r.workReport()
	v.rounds(r.Rounds)
	return v
}

// soonest tells when an order could be handed over if a rider of the quickest kind that works this day stood at the store when it
// was placed.
func (d *Day) soonest() func(*Order) int {
	model, err := eta.New(d.Params)
	if err != nil { // the day could not be played
		return func(o *Order) int { return o.Ready }
	}
	var kinds []string
	for i := range d.Riders {
		if k := string(d.Riders[i].Vehicle); !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	door := int(d.Params.DoorHandoff.P50 / time.Second)
	return func(o *Order) int {
		s, ride := &d.Stores[o.Store], time.Duration(math.MaxInt64)
		for _, k := range kinds {
			ride = min(ride, model.Travel(k, s.At, o.Dropoff).P50)
		}
		return max(o.Placed+s.Handoff, o.Ready+d.Rules.ReadyToLeave) + int(ride/time.Second) + door
	}
}

// perPickup is the mean number of orders taken along from a store, however often the rider was told of another one there.
func (r *Result) perPickup() float64 {
	orders, stops := 0, 0
	at := slices.Repeat([]int{-1}, len(r.Day.Riders)) // the store where the rider has picked up and still is
	for _, e := range r.Log {
		switch e.Kind {
		case Pick, Deliver:
			orders += len(e.Orders)
			if at[e.Rider] != e.Store {
				stops++
			}
			if at[e.Rider] = e.Store; e.Kind == Deliver {
				at[e.Rider] = -1
			}
		default:
			at[e.Rider] = -1
		}
	}
	return share(orders, stops)
}

func (v *Report) rounds(took []time.Duration) {
	if len(took) == 0 {
		return
	}
	sorted := slices.Sorted(slices.Values(took))
	rank := func(percent int) float64 { return sorted[(percent*len(sorted)+99)/100-1].Seconds() * 1000 }
	v.RoundP50, v.RoundP99, v.RoundMax = rank(50), rank(99), rank(100)
}

// MeanReport is the plain mean of days; orders, rounds and seconds are sums, the slowest round a maximum.
func MeanReport(days []Report) Report {
	mean := Report{Name: "mean", Work: meanWork(days)}
	for i := range days {
		d := &days[i]
		mean.Orders, mean.Riders, mean.Rounds = mean.Orders+d.Orders, d.Riders, mean.Rounds+d.Rounds
		mean.CPU, mean.Wall = mean.CPU+d.CPU, mean.Wall+d.Wall
		mean.RoundMax = max(mean.RoundMax, d.RoundMax)
		for _, f := range []func(*Report) *float64{
			func(v *Report) *float64 { return &v.Undelivered },
			func(v *Report) *float64 { return &v.CTDMean },
			func(v *Report) *float64 { return &v.CTDP90 },
			func(v *Report) *float64 { return &v.CTDP95 },
			func(v *Report) *float64 { return &v.Late },
			func(v *Report) *float64 { return &v.LateMean },
			func(v *Report) *float64 { return &v.CTDFloor },
			func(v *Report) *float64 { return &v.LateFloor },
			func(v *Report) *float64 { return &v.Unavoidable },
			func(v *Report) *float64 { return &v.RTP },
			func(v *Report) *float64 { return &v.RTD },
			func(v *Report) *float64 { return &v.PerPickup },
			func(v *Report) *float64 { return &v.PerHour },
			func(v *Report) *float64 { return &v.Utilisation },
			func(v *Report) *float64 { return &v.EarnedGini },
			func(v *Report) *float64 { return &v.EarnedP10 },
			func(v *Report) *float64 { return &v.IdleGini },
			func(v *Report) *float64 { return &v.WaitP90 },
			func(v *Report) *float64 { return &v.RoundP50 },
			func(v *Report) *float64 { return &v.RoundP99 },
		} {
			*f(&mean) += *f(d) / float64(len(days))
		}
	}
	return mean
}

package sim

import "slices"

// Metrics are what the papers report of a day (Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil 2018, "The meal delivery routing
// problem"). Means and percentiles are over the delivered orders, so read Undelivered beside them; what is divided by nothing is 0.
type Metrics struct {
	Name            string  `json:"name"`
	Orders          int     `json:"orders"`
	Undelivered     float64 `json:"undelivered_pct"`   // % of the orders
	CTDMean         float64 `json:"ctd_mean"`          // click-to-door, drop-off − placement: minutes
	CTDP90          float64 `json:"ctd_p90"`           // minutes; percentiles are nearest-rank
	CTDP95          float64 `json:"ctd_p95"`           // minutes
	Overage         float64 `json:"overage"`           // mean of max(0, click-to-door − target): minutes
	RTP             float64 `json:"rtp"`               // mean ready-to-pickup: minutes
	RTD             float64 `json:"rtd"`               // mean ready-to-door: minutes
	CostPerOrder    float64 `json:"cost_per_order"`    // pay of all scheduled couriers by delivered order
	WithinTarget    float64 `json:"within_target_pct"` // % of the delivered orders
	OrdersPerBundle float64 `json:"orders_per_bundle"` // mean
	Utilisation     float64 `json:"utilisation"`       // share of the couriers' shift time, 0–1
	Rounds          int     `json:"rounds"`            // decisions made; the simulator's to fill, like the next two
	CPU             float64 `json:"cpu_s"`             // seconds
	RoundP99        float64 `json:"round_p99_ms"`      // milliseconds
}

// Metrics computes what a solution tells; rounds and computing times are left to the simulator.
//
// Pay is per delivered order, but at least the guarantee for the shift, also to couriers who delivered nothing. Utilisation is the share of
// all shift minutes, on-time to off-time, within an assignment: the ride to the pickup, waiting for food, both services and
// the rides to the customers, until the last drop-off service is over. Minutes after the off-time don't count; those of
// overlapping bundles count once. (The library's evaluator counts driving and services, without waiting.)
func (m *MDRP) Metrics(s *Solution) Metrics {
	v := Metrics{Name: m.Name, Orders: len(m.Orders)}
	delivered := len(s.Deliveries)
	v.Undelivered = 100 * share(len(m.Orders)-delivered, len(m.Orders))
	ctd := make([]int, 0, delivered)
	var sum, over, within, rtp, rtd, carried int
	each := make([]int, len(m.Couriers)) // orders delivered
	for _, d := range s.Deliveries {
		o := m.Orders[d.Order]
		minutes := d.Dropoff - o.Placed
		ctd = append(ctd, minutes)
		sum += minutes
		over += max(0, minutes-m.Target)
		if minutes <= m.Target {
			within++
		}
		rtp += d.Pickup - o.Ready
		rtd += d.Dropoff - o.Ready
		each[d.Courier]++
	}
	slices.Sort(ctd)
	v.CTDMean, v.CTDP90, v.CTDP95 = share(sum, delivered), nearestRank(ctd, 90), nearestRank(ctd, 95)
	v.Overage, v.WithinTarget = share(over, delivered), 100*share(within, delivered)
	v.RTP, v.RTD = share(rtp, delivered), share(rtd, delivered)
	for _, b := range s.Bundles {
		carried += len(b.Orders)
	}
	v.OrdersPerBundle = share(carried, len(s.Bundles))

	pay, shifts, busy := 0.0, 0, 0
	for i, c := range m.Couriers {
		pay += max(m.PayPerOrder*float64(each[i]), m.PayPerHour*float64(c.Off-c.On)/60)
		shifts += c.Off - c.On
	}
	if delivered > 0 {
		v.CostPerOrder = pay / float64(delivered)
	}
	for _, minutes := range m.busy(s) {
		busy += minutes
	}
	v.Utilisation = share(busy, shifts)
	return v
}

// busy is how many minutes of the shift each courier spends on assignments.
func (m *MDRP) busy(s *Solution) []int {
	dropped := map[int]int{} // by order: the minute in which its door is left
	for _, d := range s.Deliveries {
		dropped[d.Order] = d.Dropoff + m.DropoffService/2
	}
	marked := make([]map[int]bool, len(m.Couriers))
	for _, b := range s.Bundles {
		if marked[b.Courier] == nil {
			marked[b.Courier] = map[int]bool{}
		}
		end := b.Pickup + m.PickupService/2
		for _, o := range b.Orders {
			end = max(end, dropped[o])
		}
		c := m.Couriers[b.Courier]
		for minute := max(c.On, m.begun(s, b)); minute < min(c.Off, end); minute++ {
			marked[b.Courier][minute] = true
		}
	}
	minutes := make([]int, len(marked))
	for i := range marked {
		minutes[i] = len(marked[i])
	}
	return minutes
}

// begun is when a courier set out for a bundle: the assignment, or, where the bundle was only settled on arrival, the ride that ended then.
func (m *MDRP) begun(s *Solution, b Bundle) int {
	begun := b.Assigned
	if len(b.Orders) == 0 {
		return begun
	}
	store := Place{AtRestaurant, m.Orders[b.Orders[0]].Restaurant}
	for _, v := range s.Moves[b.Courier] {
		if v.Depart > b.Pickup {
			break
		}
		if v.To == store && v.Depart+m.Minutes(m.pointOf(v.From, b.Courier), m.pointOf(v.To, b.Courier)) >= b.Assigned {
			begun = min(begun, v.Depart)
		}
	}
	return begun
}

// nearestRank is the smallest of the sorted values that at least so many per cent don't exceed.
func nearestRank(sorted []int, percent int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[(percent*len(sorted)+99)/100-1])
}

func share(part, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(part) / float64(of)
}

// MeanOf is the plain mean of days, as the papers give it: a day counts alike, whatever its size. Orders, rounds and CPU seconds are sums,
// the slowest rounds a maximum. A day without a delivery pulls the means towards 0: its Undelivered of 100 % tells.
func MeanOf(days []Metrics) Metrics {
	mean := Metrics{Name: "mean"}
	for _, d := range days {
		mean.Orders += d.Orders
		mean.Rounds += d.Rounds
		mean.CPU += d.CPU
		mean.RoundP99 = max(mean.RoundP99, d.RoundP99)
	}
	for _, f := range []func(*Metrics) *float64{
		func(v *Metrics) *float64 { return &v.Undelivered },
		func(v *Metrics) *float64 { return &v.CTDMean },
		func(v *Metrics) *float64 { return &v.CTDP90 },
		func(v *Metrics) *float64 { return &v.CTDP95 },
		func(v *Metrics) *float64 { return &v.Overage },
		func(v *Metrics) *float64 { return &v.RTP },
		func(v *Metrics) *float64 { return &v.RTD },
		func(v *Metrics) *float64 { return &v.CostPerOrder },
		func(v *Metrics) *float64 { return &v.WithinTarget },
		func(v *Metrics) *float64 { return &v.OrdersPerBundle },
		func(v *Metrics) *float64 { return &v.Utilisation },
	} {
		for i := range days {
			*f(&mean) += *f(&days[i]) / float64(len(days))
		}
	}
	return mean
}

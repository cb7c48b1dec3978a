package backtest

import (
	"time"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/sim"
)

// Report sets what was recorded beside what was simulated.
type Report struct {
	Zone   id.Zone   `json:"zone_id"`
	Name   string    `json:"zone"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Policy string    `json:"policy,omitempty"` // the other one's name; "" when there is none
	Taken  Taken     `json:"taken"`

	Recorded Metrics  `json:"recorded"`        // what really happened
	Own      Metrics  `json:"simulated"`       // simulated under the zone's policy
	Other    *Metrics `json:"other,omitempty"` // simulated under the other one

	// Difference is Other − Own where there is another policy: the fair comparison. Else it is Own − Recorded: how far the simulator is from
	// the street.
	Difference map[string]float64 `json:"difference"` // by the metrics' names
}

// Taken is what of the record the simulations are made from.
type Taken struct {
	Orders    int `json:"orders"`
	Cancelled int `json:"left_out_cancelled"` // before pickup: left out
	Returned  int `json:"returned"`           // picked up and not delivered: taken, the simulations deliver them
	Open      int `json:"open"`               // not ended yet
	Estimated int `json:"ready_estimated"`    // the store never said ready: the last estimate, or the pickup where that came before it
	Shifts    int `json:"shifts"`
	Unseen    int `json:"shifts_without_position"` // begin in the middle of the zone
}

// Metrics is how the orders fared. Means and percentiles are over the delivered ones.
type Metrics struct {
	Orders      int     `json:"orders"`
	Delivered   int     `json:"delivered"`
	Undelivered float64 `json:"undelivered_pct"`
	CTDMean     float64 `json:"ctd_mean"` // click-to-door, from when the order was due: minutes
	CTDP90      float64 `json:"ctd_p90"`
	Late        float64 `json:"late_pct"`
	LateMean    float64 `json:"late_mean"` // the punctual ones as 0: minutes
	RTP         float64 `json:"rtp"`       // ready-to-pickup: minutes
	Riders      int     `json:"riders"`
	ShiftHours  float64 `json:"shift_hours"`           // within the window; where the policy limits work, those worked
	PerHour     float64 `json:"orders_per_rider_hour"` // delivered orders by these hours

	Work *sim.WorkReport `json:"work,omitempty"` // of a simulation under a policy that limits work
}

func (h *History) report(own, other *sim.Result, name string) *Report {
	recorded := h.Recorded(own.Day)
	r := &Report{
		Zone: h.Zone.ID, Name: h.Zone.Name, From: h.From, To: h.To, Policy: name, Taken: h.taken(own.Day),
		Recorded: h.metrics(recorded), Own: h.metrics(own),
	}
	a, b := &r.Recorded, &r.Own
	if other != nil {
		v := h.metrics(other)
		r.Other = &v
		a, b = &r.Own, r.Other
	}
	r.Difference = make(map[string]float64, len(rows))
	for _, row := range rows {
		r.Difference[row.name] = row.of(b) - row.of(a)
	}
	return r
}

func (h *History) taken(d *sim.Day) Taken {
	t := Taken{Orders: len(h.Orders), Cancelled: h.Cancelled, Shifts: len(d.Riders), Unseen: len(h.Shifts) - len(h.Starts)}
	for i := range h.Orders {
		o := &h.Orders[i]
		switch {
		case o.State == order.Returned || o.State == order.Returning:
			t.Returned++
		case !o.State.Ended():
			t.Open++
		}
		if o.ReadyAt == nil {
			t.Estimated++
		}
	}
	return t
}

// metrics are the simulator's own figures, of records and simulations alike.
func (h *History) metrics(r *sim.Result) Metrics {
	v := r.Report()
	m := Metrics{
		Orders: v.Orders, Undelivered: v.Undelivered, CTDMean: v.CTDMean, CTDP90: v.CTDP90, Late: v.Late, LateMean: v.LateMean, RTP: v.RTP,
	}
	for i := range r.Orders {
		if r.Orders[i].Done {
			m.Delivered++
		}
	}
	riders := map[id.Rider]bool{}
	for i := range h.Shifts {
		s := &h.Shifts[i]
		riders[s.Rider.ID] = true
		m.ShiftHours += clock.Earlier(ends(s.Shift), h.To).Sub(clock.Later(s.Shift.StartedAt, h.From)).Hours()
	}
	m.Riders = len(riders)
	if m.Work = v.Work; m.Work != nil {
		m.ShiftHours = h.worked(r)
	}
	if m.ShiftHours > 0 {
		m.PerHour = float64(m.Delivered) / m.ShiftHours
	}
	return m
}

// worked is the hours within the window that riders worked in a simulation, breaks left out.
func (h *History) worked(r *sim.Result) float64 {
	end, n := h.second(h.To), 0
	within := func(s sim.Span) int { return max(0, min(s.To, end)-max(s.From, 0)) }
	for i, s := range r.Shifts {
		n += within(s)
		for _, b := range r.Breaks[i] {
			n -= within(b)
		}
	}
	return float64(n) / 3600
}

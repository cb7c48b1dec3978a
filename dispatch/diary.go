package dispatch

import (
	"fmt"
	"math"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// runnersUp is how many of the riders who were not chosen are remembered.
const runnersUp = 4

// touchEvery is how often the last time of an unchanged reason is written: a row a round for each waiting order would
// be most of the database's work.
const touchEvery = time.Minute

// diary turns rounds into decisions worth writing. It remembers each waiting order's last reason.
type diary struct {
	waiting map[id.Order]Decision
}

func newDiary() *diary { return &diary{waiting: make(map[id.Order]Decision)} }

// round lists the decisions to write for one round.
func (d *diary) round(in *Instance, plan *solver.Plan, round id.Round, kind DecisionKind, given []Assignment, wait []Waiting) ([]Decision, error) {
	var out []Decision
	var ranker *solver.Ranker
	if len(given) > 0 {
		var err error
		if ranker, err = solver.NewRanker(&in.Problem, plan); err != nil {
			return nil, fmt.Errorf("explain: %w", err)
		}
	}
	for _, a := range given {
		for _, o := range a.Orders {
			out = append(out, d.given(in, ranker, round, kind, a.Rider, o))
		}
	}
	still := make(map[id.Order]Decision, len(wait))
	for _, w := range wait {
		now, write := d.wait(in.At, round, w)
		still[w.Order] = now
		if write {
			out = append(out, now)
		}
	}
	d.waiting = still
	return out, nil
}

func (d *diary) given(in *Instance, ranker *solver.Ranker, round id.Round, kind DecisionKind, to id.Rider, o id.Order) Decision {
	dec := Decision{Order: o, FirstAt: in.At, LastAt: in.At, Round: round, Kind: kind, Rider: to}
	for _, r := range in.rank(ranker, in.orderAt[o], runnersUp+1) {
		switch {
		case r.Rider == to:
			dec.Chosen = &r
		case len(dec.RunnersUp) < runnersUp:
			dec.RunnersUp = append(dec.RunnersUp, r)
		}
	}
	return dec
}

// wait continues the last decision while the reason lasts; write says whether the row is due.
func (d *diary) wait(now time.Time, round id.Round, w Waiting) (dec Decision, write bool) {
	kind := KindWaiting
	if w.Reason == ReasonHeld {
		kind = KindHeld
	}
	dec, known := d.waiting[w.Order]
	if !known || dec.Reason != w.Reason || dec.Rider != w.Rider {
		dec = Decision{Order: w.Order, FirstAt: now, LastAt: now, Round: round, Kind: kind, Rider: w.Rider, Reason: w.Reason}
		write = true
	}
	if now.Sub(dec.LastAt) >= touchEvery {
		dec.LastAt, dec.Round, write = now, round, true
	}
	if !w.Until.IsZero() {
		dec.Until = &w.Until
	}
	return dec, write
}

// rank asks the solver how good the riders are for an order, the best first.
func (in *Instance) rank(ranker *solver.Ranker, o int32, n int) []Ranked {
	candidates := ranker.Rank(int(o), n)
	out := make([]Ranked, len(candidates))
	for i, c := range candidates {
		out[i] = Ranked{
			Rider: in.Riders[c.Rider].Rider.ID, Cost: c.Cost, Terms: c.Terms, Feasible: c.Feasible, Reason: in.because(c.Rider, string(c.Reason)),
			PickupAt:  in.At.Add(time.Duration(c.PickupAt) * time.Second),
			DropoffAt: in.At.Add(time.Duration(c.DropoffAt) * time.Second),
			Orders:    in.load(c.Rider),
			DistanceM: int(geo.Distance(in.Problem.Riders[c.Rider].At, in.Problem.Orders[o].Pickup)),
		}
		if in.fair != nil {
			f := in.fair[c.Rider]
			out[i].IdleS, out[i].EarnedPct = int(f.idle.Seconds()), int(math.Round(100*f.earned))
		}
	}
	return out
}

// load counts the orders that a rider has.
func (in *Instance) load(r int32) int {
	n := 0
	for _, o := range in.Problem.Orders {
		if o.Rider == r {
			n++
		}
	}
	return n
}

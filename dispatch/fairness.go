package dispatch

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/rider"
)

// Standing is how a rider on shift has fared so far.
type Standing struct {
	FreeSince time.Time     // without work since then; zero: has some, or has been asked
	Worked    time.Duration // of the shift, breaks left out
	Earned    float64       // on the shift, with what was told of orders in hand; in whatever unit, the same for all
}

// settledIn is how much of a shift counts as earned at the zone's typical pace, besides what was really earned: who has just begun has earned
// nothing yet, and is not poor.
const settledIn = time.Hour

// tellsRate is how long a rider must have worked for the earnings to tell what is typical.
const tellsRate = 30 * time.Minute

// perHour is what a rider earns an hour, of whom little is known taken as typical.
func (x Standing) perHour(typical float64) float64 {
	return (x.Earned + typical*settledIn.Hours()) / (x.Worked + settledIn).Hours()
}

// typicalPerHour is the median of what riders earn an hour; where most have earned nothing the mean.
func typicalPerHour(all map[id.Rider]Standing) float64 {
	rates := make([]float64, 0, len(all))
	sum := 0.0
	for _, x := range all {
		if x.Worked >= tellsRate {
			rates = append(rates, x.Earned/x.Worked.Hours())
		}
	}
	slices.Sort(rates) // also so that the sum is the same for the same riders
	for _, r := range rates {
		sum += r
	}
	n := len(rates)
	if n == 0 {
		return 0
	}
	if median := (rates[(n-1)/2] + rates[n/2]) / 2; median > 0 {
		return median
	}
	return sum / float64(n)
}

// fair is how a rider's standing is weighed: what is told of it, and what an order costs more or less for it.
type fair struct {
	idle    time.Duration // counted
	earned  float64       // an hour, of the typical: 1 is typical
	minutes struct{ idle, earned float64 }
}

func (f Fairness) weigh(x Standing, typical float64, now time.Time) fair {
	out := fair{earned: 1}
	if f.Idle > 0 && !x.FreeSince.IsZero() {
		out.idle = max(0, now.Sub(x.FreeSince))
		out.minutes.idle = -f.Idle * min(out.idle, f.idleMax()).Minutes()
	}
	if f.Earnings > 0 && typical > 0 {
		out.earned = x.perHour(typical) / typical
		out.minutes.earned = f.Earnings * min(1, out.earned-1) // not below -1
	}
	return out
}

// share tells the solver what each rider's standing is worth.
func (f Fairness) share(s *Snapshot, in *Instance) {
	if f.none() || len(s.Standing) == 0 {
		return
	}
	typical := typicalPerHour(s.Standing)
	in.fair = make([]fair, len(in.Riders))
	for i := range in.Riders {
		in.fair[i] = f.weigh(s.Standing[in.Riders[i].Rider.ID], typical, s.At)
		in.Problem.Riders[i].Idle, in.Problem.Riders[i].Earned = in.fair[i].minutes.idle, in.fair[i].minutes.earned
	}
}

// earnings are what riders had earned at a time, kept from round to round: an order more or less does not change who is poor, and to add up a day's postings
// of thousands of riders is dear.
type earnings struct {
	at time.Time
	of map[id.Rider]ledger.ShiftEarned
}

// earningsKeep is how long they are kept.
const earningsKeep = time.Minute

// read is what was kept, or else what is so now, which is kept. Of nil nothing is.
func (e *earnings) read(ctx context.Context, tx pgx.Tx, tenant id.Tenant, s *Snapshot) (map[id.Rider]ledger.ShiftEarned, error) {
	if e == nil {
		e = &earnings{}
	}
	if age := s.At.Sub(e.at); e.of != nil && age >= 0 && age < earningsKeep {
		return e.of, nil
	}
	of, err := ledger.EarnedOnShift(ctx, tx, tenant, s.Zone.ID, s.At)
	if err == nil {
		e.at, e.of = s.At, of
	}
	return of, err
}

// standing reads how the riders on shift have fared, where the zone's policy wants to know.
func (s *Snapshot) standing(ctx context.Context, tx pgx.Tx, tenant id.Tenant, kept *earnings) error {
	want := s.Zone.Policy.Fairness
	if want.none() {
		return nil
	}
	free, err := rider.FreeSince(ctx, tx, tenant, s.Zone.ID)
	if err != nil {
		return err
	}
	var earned map[id.Rider]ledger.ShiftEarned
	if want.Earnings > 0 {
		if earned, err = kept.read(ctx, tx, tenant, s); err != nil {
			return err
		}
	}
	paid := false // else orders count alike
	for _, e := range earned {
		paid = paid || e.Minor > 0
	}
	s.Standing = make(map[id.Rider]Standing, len(s.Riders))
	for _, r := range s.Riders {
		x := Standing{FreeSince: free[r.Rider.ID], Worked: earned[r.Rider.ID].Worked, Earned: float64(earned[r.Rider.ID].Minor)}
		if !paid {
			x.Earned = float64(r.Shift.Delivered + countOrders(s.Plans[r.Rider.ID].Stops))
		}
		s.Standing[r.Rider.ID] = x
	}
	return nil
}

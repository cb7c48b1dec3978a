package people

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
)

// truth is what the server says at the end, order by order, beside what the people believe.
type truth struct {
	delivered, returned, cancelled, open int
	door                                 []float64 // seconds from placement to the door, of the delivered
	late, unavoidable                    int
	wait                                 []float64      // seconds from ready to picked up
	reasons                              map[string]int // of cancellations
	mismatches                           Mismatches
}

// Mismatches are where the server's books and people's belief differ. All are zero when nothing was lost or doubled.
type Mismatches struct {
	Lost    int `json:"lost"`    // placed, but the server does not know the order
	Doubled int `json:"doubled"` // the server has it more than once
	Foreign int `json:"foreign"` // the server has it, nobody placed it
	State   int `json:"state"`   // people believe in another end
}

func (m Mismatches) any() bool { return m != Mismatches{} }

// compare goes through the server's orders.
func compare(placed []*job, orders []client.Order) truth {
	t := truth{reasons: map[string]int{}}
	byName := make(map[string]*job, len(placed))
	for _, j := range placed {
		byName[j.externalID] = j
	}
	seen := make(map[string]int, len(orders))
	for _, o := range orders {
		j, ok := byName[o.ExternalID]
		if !ok {
			t.mismatches.Foreign++
			continue
		}
		if seen[o.ExternalID]++; seen[o.ExternalID] > 1 {
			t.mismatches.Doubled++
			continue
		}
		t.count(j, o)
	}
	for _, j := range placed {
		if j.id != "" && seen[j.externalID] == 0 {
			t.mismatches.Lost++
		}
	}
	return t
}

func (t *truth) count(j *job, o client.Order) {
	if believed := j.believed; client.Ended(o.State) && believed != "" && believed != o.State || believed != "" && !client.Ended(o.State) {
		t.mismatches.State++
	}
	if o.PickedUpAt != nil {
		ready := clock.Later(j.readyAt, o.PlacedAt)
		t.wait = append(t.wait, max(0, o.PickedUpAt.Sub(ready).Seconds()))
	}
	switch o.State {
	case client.Delivered:
		t.delivered++
		if o.EndedAt == nil {
			t.mismatches.State++
			return
		}
		t.door = append(t.door, o.EndedAt.Sub(o.PlacedAt).Seconds())
		if o.EndedAt.After(j.promiseAt) {
			t.late++
			if !j.readyAt.Before(j.promiseAt) {
				t.unavoidable++
			}
		}
	case client.Returned:
		t.returned++
	case client.Cancelled:
		t.cancelled++
		if o.Cancel != nil {
			t.reasons[o.Cancel.Reason]++
		}
	default:
		t.open++
	}
}

func (r *replay) truth(ctx context.Context) (truth, error) {
	orders, err := client.Collect(r.shop.Orders(ctx, client.OrderFilter{}))
	if err != nil {
		return truth{}, err
	}
	return compare(r.orders, orders), nil
}

func (r *replay) rounds(ctx context.Context) (RoundMs, error) {
	var took []float64
	for x, err := range r.staff.Rounds(ctx, r.zone, r.origin.Add(r.from), r.clock.Now().Add(time.Minute)) {
		if err != nil {
			return RoundMs{}, err
		}
		took = append(took, x.TookMs)
	}
	return RoundMs{Count: len(took), P50: quantile(took, 0.5), P99: quantile(took, 0.99), Max: quantile(took, 1)}, nil
}

func mean(xs []float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	var sum float64
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// quantile is the smallest value that a share q does not exceed; 0 for none.
func quantile(xs []float64, q float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(xs))
	return s[min(len(s)-1, max(0, int(math.Ceil(q*float64(len(s))))-1))]
}

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

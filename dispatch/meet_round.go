package dispatch

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// meetMoves is by how much the giver's arrival has to move before the two are told.
const meetMoves = 3 * time.Minute

// endMeetings calls off a zone's meetings whose time is up. It reports whether there was any, for snap is old then.
func (s *Service) endMeetings(ctx context.Context, of tenure, snap *Snapshot) (ended bool, err error) {
	for _, m := range snap.meetings() {
		if m.By == nil || m.By.After(snap.At) {
			continue
		}
		if err := s.notMet(ctx, of, m.Handover); err != nil {
			return ended, fmt.Errorf("end handover %s: %w", m.Handover, err)
		}
		ended = true
	}
	return ended, nil
}

// expectGivers estimates anew when givers will be at their meetings, by their plans and positions of now. The solver goes by each estimate; the two
// riders are told when it has moved much.
func (s *Service) expectGivers(ctx context.Context, of tenure, snap *Snapshot) error {
	for _, m := range snap.meetings() {
		at := snap.expected(s.eta, m)
		if at.Sub(m.From).Abs() >= meetMoves {
			if err := s.expect(ctx, of, m, at); err != nil {
				return fmt.Errorf("handover %s: %w", m.Handover, err)
			}
		}
		for o, x := range snap.Meets {
			if x.Handover == m.Handover {
				x.From = at
				snap.Meets[o] = x
			}
		}
	}
	return nil
}

// meetings are those of the zone, one of each handover, by id.
func (s *Snapshot) meetings() []Meeting {
	if len(s.Meets) == 0 {
		return nil
	}
	out := slices.SortedFunc(maps.Values(s.Meets), func(a, b Meeting) int { return bytes.Compare(a.Handover[:], b.Handover[:]) })
	return slices.CompactFunc(out, func(a, b Meeting) bool { return a.Handover == b.Handover })
}

// expected is when the giver will be at the meeting place; as before where nothing better is known.
func (s *Snapshot) expected(by *eta.Model, m Meeting) time.Time {
	fix, heard := s.Positions[m.Giver]
	at := slices.IndexFunc(s.Riders, func(r rider.OnShift) bool { return r.Rider.ID == m.Giver })
	switch {
	case at < 0 || !heard || s.At.Sub(fix.At) > s.Zone.Policy.StaleAfter():
		return m.From
	case geo.Distance(fix.LatLng, m.At) <= here:
		return clock.Earlier(m.From, s.At)
	}
	plan := s.Plans[m.Giver].Stops
	meets := slices.IndexFunc(plan, func(st rider.Stop) bool { return st.Kind == rider.HandOver && st.Handover == m.Handover })
	if meets < 0 {
		return m.From
	}
	visits := Schedule(by, ScheduleQuery{
		Now: s.At, Vehicle: s.Riders[at].Rider.Vehicle, At: &fix.LatLng, Stops: plan[:meets+1], Orders: s.order,
		Handoff: func(st id.Store) order.Seconds { return s.Stores[st].Handoff },
	}).Stops
	if len(visits) == 0 {
		return m.From
	}
	return visits[len(visits)-1].ArriveAt.P50
}

// order finds an open order.
func (s *Snapshot) order(want id.Order) (order.Order, bool) {
	at, ok := slices.BinarySearchFunc(s.Orders, want, func(o order.Order, want id.Order) int { return compareOrders(o.ID, want) })
	if !ok {
		return order.Order{}, false
	}
	return s.Orders[at], true
}

// expect notes that the giver comes at another time, and has both told. The taker, who may be on the way, is woken.
func (s *Service) expect(ctx context.Context, of tenure, m Meeting, at time.Time) error {
	return s.tx(ctx, of.tenant, func(t *txn) error {
		if err := pg.CheckLease(ctx, t, of.tenant, of.lease, of.term); err != nil {
			return err
		}
		still, err := rider.ExpectAt(ctx, t, t.tenant, m.Handover, at)
		if err != nil || !still {
			return err
		}
		t.touch(changes{zone: of.zone, riders: []id.Rider{m.Giver, m.Taker}})
		t.wakeFor(m.Taker, rider.NoticePlan)
		return nil
	})
}

// notMet ends a handover whose riders have not met in time: the giver goes on with the orders, and both are told.
func (s *Service) notMet(ctx context.Context, of tenure, handover id.Handover) error {
	return s.tx(ctx, of.tenant, func(t *txn) error {
		if err := pg.CheckLease(ctx, t, of.tenant, of.lease, of.term); err != nil {
			return err
		}
		h, list, plans, err := t.lockHandover(ctx, handover)
		if err != nil || h.State != rider.HandoverAccepted || h.MeetBy == nil || h.MeetBy.After(t.now) {
			return err // somebody was quicker
		}
		return t.callOff(ctx, h, list, plans, rider.HandoverExpired, rider.NotMet)
	})
}

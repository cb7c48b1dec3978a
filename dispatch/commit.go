package dispatch

import (
	"context"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// commitGroup is how many riders share a transaction: one bad apple costs its group a round, and the statements stay set-based.
const commitGroup = 50

// tenure is the right to write a zone's decisions: the lease of one term.
type tenure struct {
	tenant id.Tenant
	zone   id.Zone
	lease  string
	owner  string
	term   int64
}

// commit writes a round's assignments in groups. What lost a race since the snapshot is left for the next round; lost
// counts its orders. pg.ErrLeaseLost when another node has the zone by now.
func (s *Service) commit(ctx context.Context, of tenure, snap *Snapshot, round id.Round, give []Assignment) (given []Assignment, lost int, err error) {
	versions := make(map[id.Order]int64, len(snap.Orders))
	for _, o := range snap.Orders {
		versions[o.ID] = o.Version
	}
	for start := 0; start < len(give); start += commitGroup {
		group := give[start:min(start+commitGroup, len(give))]
		var won []Assignment
		err := s.tx(ctx, of.tenant, func(t *txn) error {
			if err := pg.CheckLease(ctx, t, of.tenant, of.lease, of.term); err != nil {
				return err
			}
			var err error
			if won, err = t.uncontested(ctx, group, versions); err != nil || len(won) == 0 {
				return err
			}
			if snap.Zone.Policy.Mode == ModeForce {
				err = t.assignGroup(ctx, won, of.zone)
			} else {
				won, err = t.offerGroup(ctx, won, of.zone, round, snap.Zone.Policy)
			}
			if err != nil {
				return err
			}
			c := changes{zone: of.zone}
			for _, a := range won {
				c.orders = append(c.orders, a.Orders...)
				c.riders = append(c.riders, a.Rider)
			}
			t.touch(c)
			return nil
		})
		if err != nil {
			return given, lost, err
		}
		given = append(given, won...)
		lost += countAssigned(group) - countAssigned(won)
	}
	return given, lost, nil
}

// uncontested locks a group's plans and orders and drops the assignments that the world has overtaken.
func (t *txn) uncontested(ctx context.Context, group []Assignment, versions map[id.Order]int64) ([]Assignment, error) {
	riders := make([]id.Rider, len(group))
	var orders []id.Order
	for i, a := range group {
		riders[i] = a.Rider
		orders = append(orders, a.Orders...)
	}
	plans, err := rider.LockPlans(ctx, t, t.tenant, riders)
	if err != nil {
		return nil, err
	}
	locked, err := order.Lock(ctx, t, t.tenant, orders)
	if err != nil {
		return nil, err
	}
	free := make(map[id.Order]bool, len(locked))
	for _, o := range locked {
		free[o.ID] = o.Version == versions[o.ID] && o.State == order.Pending
	}
	var out []Assignment
	for _, a := range group {
		ok := plans[a.Rider].Version == a.PlanVersion
		for _, o := range a.Orders {
			ok = ok && free[o]
		}
		if ok {
			out = append(out, a)
		}
	}
	return out, nil
}

// offerGroup proposes; a rider who got another offer meanwhile is passed over.
func (t *txn) offerGroup(ctx context.Context, group []Assignment, zone id.Zone, round id.Round, policy Policy) ([]Assignment, error) {
	offers := make([]rider.Offer, len(group))
	for i, a := range group {
		offers[i] = rider.Offer{
			ID: id.NewOffer(), Rider: a.Rider, Zone: zone, Round: round, State: rider.OfferOpen,
			Orders: a.Orders, Stops: a.Stops, MadeAt: t.now, ExpiresAt: t.now.Add(policy.OfferTTL()),
		}
	}
	made, err := rider.MakeOffers(ctx, t, t.tenant, offers)
	if err != nil {
		return nil, err
	}
	isMade := make(map[id.Offer]bool, len(made))
	for _, o := range made {
		isMade[o] = true
	}
	var won []Assignment
	var events []order.Change
	var told []ledger.Told
	for i, offer := range offers {
		if !isMade[offer.ID] {
			continue
		}
		won = append(won, group[i])
		t.wake(offer)
		for _, o := range offer.Orders {
			told = append(told, ledger.Told{Order: o, Rider: offer.Rider})
			events = append(events, order.Change{Order: o, Event: order.Event{
				Type: order.EventOffered, At: t.now, Actor: order.Engine, Rider: offer.Rider, Offer: offer.ID,
			}})
		}
	}
	if err := ledger.TellPay(ctx, t, t.tenant, told, t.now); err != nil {
		return nil, err
	}
	return won, t.apply(ctx, events)
}

// assignGroup tells instead of asking.
func (t *txn) assignGroup(ctx context.Context, group []Assignment, zone id.Zone) error {
	var events []order.Change
	var told []ledger.Told
	plans := make([]rider.Plan, len(group))
	for i, a := range group {
		t.wakeFor(a.Rider, rider.NoticePlan)
		plans[i] = rider.Plan{Rider: a.Rider, Zone: zone, Version: a.PlanVersion + 1, Stops: a.Stops, UpdatedAt: t.now}
		for _, o := range a.Orders {
			told = append(told, ledger.Told{Order: o, Rider: a.Rider})
			events = append(events, order.Change{Order: o, Event: order.Event{
				Type: order.EventAssigned, At: t.now, Actor: order.Engine, Rider: a.Rider,
			}})
		}
	}
	if err := ledger.TellPay(ctx, t, t.tenant, told, t.now); err != nil {
		return err
	}
	if err := t.apply(ctx, events); err != nil {
		return err
	}
	return rider.SavePlans(ctx, t, t.tenant, t.now, plans)
}

func countAssigned(as []Assignment) int {
	n := 0
	for _, a := range as {
		n += len(a.Orders)
	}
	return n
}

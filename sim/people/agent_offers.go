package people

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/client"
)

// reply is what a rider will say to an offer, and when.
type reply struct {
	verdict verdict
	at      time.Time
	action  string
}

// consider looks at the open offers: new ones ring and are thought about, those that are gone are forgotten.
func (a *agent) consider(ctx context.Context, offers []client.Offer) {
	now := a.clock.Now()
	open := make(map[string]bool, len(offers))
	for _, o := range offers {
		if o.State != "" && o.State != "open" {
			continue
		}
		open[o.ID] = true
		if a.answered[o.ID] || a.offers[o.ID] != nil {
			continue
		}
		v, after := a.person.consider(a.dice)
		if a.goingHome(now) {
			v = decline
		}
		a.offers[o.ID] = &reply{v, now.Add(after), uuid.NewString()}
		a.tally.offers.Add(1)
		a.tally.offeredOrders.Add(int64(len(o.OrderIDs)))
		if v == ignore {
			a.tally.ignored.Add(1)
			continue
		}
		// That the offer was seen is worth telling, not worth failing over.
		_ = a.rider.Seen(ctx, o.ID, client.Action{ID: uuid.NewString(), At: now})
	}
	for id, r := range a.offers {
		if !open[id] {
			delete(a.offers, id)
			if r.verdict != ignore {
				a.tally.gone.Add(1) // withdrawn, or expired before a slow answer
			}
		}
	}
}

func (a *agent) goingHome(now time.Time) bool { return a.leaving || !now.Before(a.ends) }

// reply gives the answers that are due.
func (a *agent) reply(ctx context.Context) {
	now := a.clock.Now()
	for id, r := range a.offers {
		if r.verdict == ignore || now.Before(r.at) || now.Before(a.pause) {
			continue
		}
		err := a.say(ctx, id, r, now)
		if !definitive(err) {
			a.pause = a.clock.Now().Add(shortPause)
			return
		}
		a.lags.did(lagReply, r.at)
		delete(a.offers, id)
		a.answered[id] = true
		switch {
		case err != nil:
			a.tally.late.Add(1)
		case r.verdict == accept:
			a.tally.accepted.Add(1)
		default:
			a.tally.declined.Add(1)
		}
	}
}

func (a *agent) say(ctx context.Context, id string, r *reply, now time.Time) error {
	act := client.Action{ID: r.action, At: now}
	if r.verdict == decline {
		act.Reason = declineReason(a, now)
		return a.rider.Decline(ctx, id, act)
	}
	plan, err := a.rider.Accept(ctx, id, act)
	if err == nil {
		a.todo.absorb(plan, false)
	}
	return err
}

func declineReason(a *agent, now time.Time) string {
	if a.goingHome(now) {
		return "shift_end"
	}
	reasons := [...]string{"too_far", "busy", "too_heavy", "other"}
	return reasons[a.dice.IntN(len(reasons))]
}

package people

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/client"
)

// wish is the order of the pool that a rider has set their mind on.
type wish struct {
	order  string
	at     time.Time // when the rider taps
	action string
}

// browse looks at the pool: a rider without work picks the nearest lot that was not tried before, and thinks as long as over an offer.
func (a *agent) browse(w client.Work) {
	open := make(map[string]bool, len(w.Pool))
	for _, l := range w.Pool {
		open[l.OrderIDs[0]] = true
	}
	if a.wish != nil && !open[a.wish.order] {
		a.wish = nil // somebody else was quicker
	}
	for _, c := range w.Claims {
		if c.State == client.ClaimOpen {
			return // one at a time
		}
	}
	now := a.clock.Now()
	_, busy := a.todo.next()
	if a.wish != nil || busy || a.phase != idle || a.goingHome(now) {
		return
	}
	for _, l := range w.Pool {
		if a.answered[l.OrderIDs[0]] {
			continue
		}
		v, after := a.person.consider(a.dice)
		if v != accept {
			a.answered[l.OrderIDs[0]] = true // not to this rider's taste
			continue
		}
		a.wish = &wish{l.OrderIDs[0], now.Add(after), uuid.NewString()}
		return
	}
}

// grab claims what the rider has set their mind on, once that is due.
func (a *agent) grab(ctx context.Context) {
	now := a.clock.Now()
	if a.wish == nil || now.Before(a.wish.at) || now.Before(a.pause) {
		return
	}
	claim, plan, err := a.rider.Claim(ctx, a.wish.order, client.Action{ID: a.wish.action, At: now})
	if !definitive(err) {
		a.pause = a.clock.Now().Add(shortPause)
		return
	}
	a.lags.did(lagReply, a.wish.at)
	a.answered[a.wish.order] = true
	a.wish = nil
	a.tally.claims.Add(1)
	if err == nil {
		if claim.State == client.ClaimWon {
			a.tally.claimed.Add(1)
		}
		a.todo.absorb(plan, false)
	}
}

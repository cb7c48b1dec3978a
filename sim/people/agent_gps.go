package people

import (
	"context"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/sim/florence"
)

// How often a phone takes a fix and how often it sends what it has: often while its rider is busy, rarely while nothing
// happens, as phones do that must last a day. On arrival it sends at once.
const (
	busyFix  = 10 * time.Second
	busySend = 30 * time.Second
	idleFix  = 30 * time.Second
	idleSend = 60 * time.Second

	maxBatch = 500 // the API's limit
)

// gps takes fixes of where the rider was and keeps them until the server has them.
type gps struct {
	seq   int64
	taken time.Time // the last fix
	due   time.Time // the next batch
	buf   []client.Fix
}

// start begins with a number beyond all that the rider has sent before: there is less than one fix a second.
// Batches of different riders are spread out.
func (g *gps) start(now time.Time, d florence.Dice) {
	g.seq = now.Unix()
	g.taken = now.Add(-idleFix)
	g.due = now.Add(time.Duration(d.Float64() * float64(busySend)))
}

// trace takes the fixes since the last ones, before the rider turns to something else.
func (g *gps) trace(a *agent, now time.Time) {
	every := busyFix
	if a.phase == idle {
		every = idleFix
	}
	for t := g.taken.Add(every); !t.After(now); t = g.taken.Add(every) {
		g.take(a, t)
	}
}

func (g *gps) take(a *agent, t time.Time) {
	p := a.where(t)
	accuracy := 4 + a.dice.ExpFloat64()*5
	p = geo.Shift(p, a.dice.NormFloat64()*accuracy/2, a.dice.NormFloat64()*accuracy/2)
	f := client.Fix{Seq: g.seq, At: t, Lat: p.Lat, Lng: p.Lng, AccuracyM: accuracy}
	if a.phase == driving && a.leg.moving(t) {
		speed := a.leg.speed * a.person.detour
		f.SpeedMps = &speed
	}
	g.seq++
	g.taken = t
	if len(g.buf) == maxBatch {
		g.buf = g.buf[1:]
	}
	g.buf = append(g.buf, f)
}

// arrive takes a fix at the place itself and sends it before the rider says so.
func (g *gps) arrive(ctx context.Context, a *agent) {
	now := a.clock.Now()
	g.trace(a, now)
	if now.Sub(g.taken) >= 2*time.Second {
		g.take(a, now)
	}
	g.send(ctx, a, true)
}

// send delivers the fixes when it is time, or at once. What could not be delivered is kept for the next time.
func (g *gps) send(ctx context.Context, a *agent, atOnce bool) {
	now := a.clock.Now()
	if now.Before(g.due) && !atOnce {
		return
	}
	due := g.due
	every := busySend
	if a.phase == idle {
		every = idleSend
	}
	g.due = now.Add(every)
	if len(g.buf) == 0 {
		return
	}
	if err := a.rider.Positions(ctx, g.buf); !definitive(err) {
		return
	}
	if !atOnce {
		a.lags.did(lagPing, due)
	}
	a.tally.fixes.Add(int64(len(g.buf)))
	a.tally.batches.Add(1)
	g.buf = g.buf[:0]
}

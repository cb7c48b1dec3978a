package people

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/sim/florence"
)

// phase is what a rider is busy with.
type phase int

const (
	idle    phase = iota // waiting for work
	driving              // to stop, until it stands there
	waiting              // at the counter, until it has the food
	handing              // at the door, until the customer has it
)

// agent is one rider at work.
type agent struct {
	*world
	person person
	dice   florence.Dice
	rider  *client.Rider
	ends   time.Time

	inbox   chan client.Work // the newest only
	closing <-chan struct{}

	at       geo.LatLng // when not driving
	phase    phase
	leg      leg
	stop     client.Stop // of the phase
	serve    time.Time   // at the counter: from when on the hand-over keeps the rider
	until    time.Time   // end of the phase
	pause    time.Time   // after a refusal: not before
	ids      map[stepKey]string
	told     map[string]bool       // orders whose arrival at the store has been reported
	stores   map[string]geo.LatLng // where the food on board came from
	todo     todo
	offers   map[string]*reply
	answered map[string]bool // offers and pooled orders
	wish     *wish
	gps      gps
	hours    hours
	leaving  bool
	off      bool
}

func newAgent(w *world, p person, d florence.Dice, r *client.Rider, at geo.LatLng, ends time.Time) *agent {
	return &agent{
		world: w, person: p, dice: d, rider: r, at: at, ends: ends,
		inbox: make(chan client.Work, 1), closing: w.closing,
		ids: map[stepKey]string{}, told: map[string]bool{}, stores: map[string]geo.LatLng{},
		offers: map[string]*reply{}, answered: map[string]bool{},
	}
}

// errTooShort is a shift that was over before it could begin.
var errTooShort = errors.New("the shift was over before it could begin")

// run works one shift: from now until the end of the shift and of the work taken on. It ends early with ctx.
func (a *agent) run(ctx context.Context, due time.Time) error {
	shift, err := a.rider.StartShift(ctx, a.ends, &a.at)
	if err != nil && !a.clock.Now().Before(a.ends) {
		return errTooShort // the server was away for all of it
	}
	if err != nil {
		return fmt.Errorf("start shift: %w", err)
	}
	a.lags.did(lagShift, due)
	return a.goOn(ctx, shift)
}

// goOn works the rest of a shift that is open.
func (a *agent) goOn(ctx context.Context, shift client.Shift) error {
	a.tally.onShift.Add(1)
	defer func() {
		a.tally.onShift.Add(-1)
		a.tally.shiftNanos.Add(int64(a.clock.Now().Sub(shift.StartedAt)))
		if a.phase != idle {
			a.tally.busy.Add(-1)
		}
	}()
	now := a.clock.Now()
	a.gps.start(now, a.dice)
	a.hours = hours{a.ends, now}

	ctx, cancel := context.WithCancelCause(ctx)
	var listening sync.WaitGroup
	defer listening.Wait()
	defer cancel(nil)
	listening.Go(func() {
		if err := a.rider.Stream(ctx, a.hear); err != nil && ctx.Err() == nil {
			cancel(err)
		}
	})
	return a.work(ctx)
}

// hear puts the newest word into the inbox in place of an older one.
func (a *agent) hear(w client.Work) {
	for {
		select {
		case a.inbox <- w:
			return
		default:
		}
		select {
		case old := <-a.inbox:
			w.Snapshot = w.Snapshot || old.Snapshot
		default:
		}
	}
}

func (a *agent) work(ctx context.Context) error {
	for {
		a.act(ctx)
		if a.off {
			return nil
		}
		timer, stop := a.clock.After(a.next().Sub(a.clock.Now()))
		select {
		case w := <-a.inbox:
			a.absorb(ctx, w)
		case <-timer:
		case <-a.closing:
			a.closing, a.leaving = nil, true
		case <-ctx.Done():
			stop()
			return context.Cause(ctx)
		}
		stop()
	}
}

// act does all that is due.
func (a *agent) act(ctx context.Context) {
	a.gps.trace(a, a.clock.Now())
	a.reply(ctx)
	a.grab(ctx)
	for ctx.Err() == nil {
		now := a.clock.Now()
		a.steer(now)
		if a.phase == idle || now.Before(a.until) || now.Before(a.pause) {
			break
		}
		a.complete(ctx)
	}
	a.gps.send(ctx, a, false)
	a.rest(ctx)
	a.leave(ctx)
}

// next is when something is due again.
func (a *agent) next() time.Time {
	t := a.gps.due
	if a.phase != idle {
		t = clock.Earlier(t, clock.Later(a.until, a.pause))
	}
	for _, r := range a.offers {
		if r.verdict != ignore {
			t = clock.Earlier(t, clock.Later(r.at, a.pause))
		}
	}
	if a.wish != nil {
		t = clock.Earlier(t, clock.Later(a.wish.at, a.pause))
	}
	if !a.hours.look.IsZero() {
		t = clock.Earlier(t, clock.Later(a.hours.look, a.pause))
	}
	if a.clock.Now().Before(a.ends) {
		t = clock.Earlier(t, a.ends)
	}
	return t
}

// absorb takes in what the server has told.
func (a *agent) absorb(ctx context.Context, w client.Work) {
	a.todo.absorb(w.Plan, w.Snapshot)
	a.consider(ctx, w.Offers)
	a.browse(w)
}

// leave ends the shift when its time has come and nothing remains to be done.
func (a *agent) leave(ctx context.Context) {
	now := a.clock.Now()
	if _, more := a.todo.next(); more || a.phase != idle || now.Before(a.pause) {
		return
	}
	if !a.leaving && now.Before(a.ends) {
		return
	}
	_, err := a.rider.EndShift(ctx)
	switch {
	case err == nil, client.IsCode(err, codeOffShift):
		a.off = true
	case client.IsCode(err, client.CodeHasWork):
		a.refetch(ctx)
	}
	a.pause = now.Add(20 * time.Second) // if it did not work: again later
}

// codeOffShift is that there is no shift to end.
const codeOffShift = "off_shift"

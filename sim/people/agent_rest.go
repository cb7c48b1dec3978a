package people

import (
	"context"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
)

// hours is what a rider knows of how long one may work here.
type hours struct {
	ends time.Time // as the rider planned; the rules may want it sooner
	look time.Time // when to ask the server how the rider stands; zero: nothing is limited
}

// lookAgain is how soon a rider who waits for something to be over asks again.
const lookAgain = 30 * time.Second

// rest does what the rules of work ask for: a break when it is due and nothing is left to do, until the server says that it suffices; and the shift
// ends when it must.
func (a *agent) rest(ctx context.Context) {
	now := a.clock.Now()
	if a.off || a.hours.look.IsZero() || now.Before(clock.Later(a.hours.look, a.pause)) {
		return
	}
	me, err := a.rider.Me(ctx)
	if err != nil {
		a.hours.look = now.Add(shortPause)
		return
	}
	a.hours.look = time.Time{}
	if me.Shift == nil { // it has ended by itself
		a.leaving = true
		return
	}
	a.ends = a.hours.ends
	if end := me.Hours.MustEndAt; end != nil {
		a.ends = clock.Earlier(a.ends, *end)
	}
	due := me.Hours.BreakDueAt
	_, more := a.todo.next()
	switch {
	case me.Shift.BreakSince != nil && due == nil:
		_, err = a.rider.EndBreak(ctx)
		a.hours.look = now // what comes next
	case me.Shift.BreakSince != nil:
		a.hours.look = now.Add(lookAgain)
	case due == nil:
		return
	case now.Before(*due):
		a.hours.look = *due
		return
	case more || a.phase != idle:
		a.hours.look = now.Add(lookAgain)
	default:
		if _, err = a.rider.StartBreak(ctx); err == nil {
			a.tally.breaks.Add(1)
		}
		if client.IsCode(err, client.CodeBreaksUsed) {
			a.leaving = true // no more orders would come
			return
		}
		a.hours.look = now.Add(lookAgain)
	}
	if err != nil {
		a.hours.look = now.Add(shortPause)
	}
}

package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// RiderUpdate is a rider's plan and offers.
type RiderUpdate struct {
	Work
	Now time.Time `json:"now" doc:"The server's time."`
}

var riderEvents = []streamEvent{
	{"snapshot", RiderUpdate{}, "First."},
	{"changed", RiderUpdate{}, "Something of this rider changed."},
}

// rereadEvery is after how many heartbeats a phone's work is read again, for what the bus lost.
const rereadEvery = 8

// streamTimeout bounds one read for a stream.
const streamTimeout = 10 * time.Second

func (s *Server) streamRider(ctx context.Context, in *sincePlan) (runner, error) {
	who := riderOf(ctx)
	bell, leave, err := s.phones.join(phone{who.Tenant, who.Rider})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, to *sse) error {
		defer leave()
		expired, stop := s.clock.After(who.ExpiresAt.Sub(s.clock.Now()))
		defer stop()
		beat := time.NewTicker(s.conf.Streams.Heartbeat)
		defer beat.Stop()
		u := riderUpdates{s: s, to: to, who: phone{who.Tenant, who.Rider}, vehicle: who.Vehicle, device: who.Device, told: in.Since}
		if err := u.send(ctx, "snapshot"); err != nil {
			return err
		}
		for n := 1; ; {
			var err error
			select {
			case <-bell:
				err = u.send(ctx, "changed")
			case <-beat.C:
				if err = to.send(ping); err == nil && n%rereadEvery == 0 {
					err = u.send(ctx, "changed")
				}
				n++
			case <-expired: // the phone comes back with a new token
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
			if err != nil || u.signedOut(ctx) { // who was signed out learns so when coming back
				return err
			}
		}
	}, nil
}

// riderUpdates sends a phone what is new to it.
type riderUpdates struct {
	s       *Server
	to      *sse
	who     phone
	vehicle rider.Vehicle
	device  id.Device
	last    []byte // what was sent, without the times
	told    int64  // version of the plan that the phone has
	seq     uint64
}

// signedOut reports whether the phone's stream should end.
func (u *riderUpdates) signedOut(ctx context.Context) bool {
	gone, err := u.s.signedOut.has(ctx, u.device)
	return gone && err == nil
}

func (u *riderUpdates) send(ctx context.Context, event string) error {
	ctx, cancel := context.WithTimeout(ctx, streamTimeout)
	defer cancel()
	w, err := u.s.readWork(ctx, u.who.tenant, u.who.rider, u.vehicle, u.told)
	if err != nil {
		return err
	}
	same, err := json.Marshal(w.untimed())
	if err != nil {
		return fmt.Errorf("rider's work: %w", err)
	}
	if bytes.Equal(same, u.last) {
		return nil
	}
	u.last, u.told = same, w.Plan.Version
	u.seq++
	f, err := frame(event, u.seq, RiderUpdate{w, u.s.clock.Now()})
	if err != nil {
		return err
	}
	return u.to.send(f)
}

type phone struct {
	tenant id.Tenant
	rider  id.Rider
}

// phones rings the bells of riders' streams. All share one subscription, held while there is a stream: thousands of
// phones cost a map entry each.
type phones struct {
	s *Server

	mu         sync.Mutex
	bells      map[phone]map[chan struct{}]struct{}
	stop       func()
	subscribed sync.WaitGroup
}

func newPhones(s *Server) *phones {
	return &phones{s: s, bells: make(map[phone]map[chan struct{}]struct{})}
}

// join subscribes a stream; only then may it read its snapshot.
func (p *phones) join(who phone) (bell <-chan struct{}, leave func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.s.closing.Err() != nil {
		return nil, nil, errClosing
	}
	if p.stop == nil {
		stop, err := p.s.bus.Subscribe(bus.RiderSubject(bus.AllTenants, bus.AllRiders), p.ring)
		if err != nil {
			return nil, nil, err
		}
		p.stop = stop
		p.subscribed.Add(1)
	}
	b := make(chan struct{}, 1)
	if p.bells[who] == nil {
		p.bells[who] = make(map[chan struct{}]struct{}, 1)
	}
	p.bells[who][b] = struct{}{}
	return b, func() { p.leave(who, b) }, nil
}

func (p *phones) leave(who phone, b chan struct{}) {
	p.mu.Lock()
	delete(p.bells[who], b)
	if len(p.bells[who]) == 0 {
		delete(p.bells, who)
	}
	var stop func()
	if len(p.bells) == 0 {
		stop, p.stop = p.stop, nil
	}
	p.mu.Unlock()
	if stop != nil { // it waits for ring, which takes the lock
		stop()
		p.subscribed.Done()
	}
}

func (p *phones) ring(subject string, _ []byte) {
	tenant, rider, err := bus.RiderOf(subject)
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for b := range p.bells[phone{tenant, rider}] {
		select {
		case b <- struct{}{}:
		default: // it rings already
		}
	}
}

// wait returns when the last stream has left; it is called once the server is closing.
func (p *phones) wait() {
	p.mu.Lock()   // who got past join's look at closing has counted itself when the lock is free
	p.mu.Unlock() //nolint:staticcheck // the empty section is the point
	p.subscribed.Wait()
}

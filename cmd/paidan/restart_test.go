package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/pg"
)

// picture is a rider as the public API shows them.
type picture struct {
	Presence string
	Plan     client.Plan
	Offers   []client.Offer // with their ends
	Handed   []client.Handover
	At       client.LatLng
	Heard    bool
}

// phone is a rider of whom pictures are taken.
type phone struct {
	name string
	*client.Rider
}

func (p *through) look(boss *client.Staff, ph phone) (x picture) {
	p.t.Helper()
	ctx := p.t.Context()
	me, err := ph.Me(ctx)
	if err == nil {
		x.Presence = me.Presence
		x.Plan, err = ph.Plan(ctx)
	}
	for i := range x.Plan.Stops { // what is expected moves with the clock
		x.Plan.Stops[i].ArriveAt, x.Plan.Stops[i].DepartAt = time.Time{}, time.Time{}
	}
	if err == nil {
		x.Offers, err = ph.Offers(ctx)
	}
	if err == nil {
		x.Handed, err = ph.Handovers(ctx)
	}
	if err == nil {
		x.At, x.Heard, err = boss.RiderPosition(ctx, ph.Profile().ID)
	}
	if x.Presence == "offline" { // who is not at work is not looked for
		x.At, x.Heard = client.LatLng{}, false
	}
	if err != nil {
		p.t.Fatalf("%s: %v", ph.name, err)
	}
	return x
}

// asked is the first of some riders who has an open offer; -1 where none has.
func (p *through) asked(phones []phone) int {
	p.t.Helper()
	for i, ph := range phones {
		offers, err := ph.Offers(p.t.Context())
		if err != nil {
			p.t.Fatal(err)
		}
		if len(offers) > 0 {
			return i
		}
	}
	return -1
}

// rides sends a rider's fixes, one after the other, until the server is gone, and returns when each was acknowledged.
func rides(ctx context.Context, r *client.Rider, from int64) (acknowledged []time.Time) {
	for seq := from; ctx.Err() == nil; seq++ {
		at := placeOf(seq)
		if r.Positions(ctx, []client.Fix{{Seq: seq, At: time.Now(), Lat: at.Lat, Lng: at.Lng, AccuracyM: 5}}) == nil {
			acknowledged = append(acknowledged, time.Now())
		}
		_ = clock.Sleep(ctx, clock.System{}, 50*time.Millisecond) // a phone's pace, many times faster
	}
	return acknowledged
}

// placeOf is where a rider is who sends one fix after the other: half a metre further north each time.
func placeOf(seq int64) client.LatLng {
	return client.LatLng{Lat: duomo.Lat + float64(seq)*0.5/111_195, Lng: duomo.Lng}
}

// In the middle of the day, with orders on their way, offers being thought over and phones that send where they are, the process is killed with
// SIGKILL. The first answers of the next one say what the last ones did: who is there, what each has to do, until when offers stand, and where
// all are.
func TestARestartRemembersTheDay(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	n := serve(t, "--data-dir", dir).waitReady()
	var w *town
	private(t, dir, func(db *pg.DB) { w = found(t, db, "town") })
	p := w.through(n.url)
	boss, err := p.client.LoginStaff(t.Context(), p.slug, "boss@example.com", townPassword)
	if err != nil {
		t.Fatal(err)
	}
	var free, all []phone
	for i := range 5 {
		free = append(free, phone{fmt.Sprint("rider ", i), p.hire(fmt.Sprintf("+39055100300%d", i))})
	}
	all = append(all, free...)

	// Two accept, one of whom has picked up; two are still thinking; the fifth idles.
	var carrying []phone
	var orders []string
	for i := range 4 {
		o := p.mustPlace(fmt.Sprint("o-", i))
		at := -1
		until(t, "the order is offered", patience, func() bool { at = p.asked(free); return at >= 0 })
		who := free[at]
		free = append(free[:at:at], free[at+1:]...)
		offers, err := who.Offers(t.Context())
		if err == nil && i < 2 {
			_, err = who.Accept(t.Context(), offers[0].ID, action())
			carrying, orders = append(carrying, who), append(orders, o.ID)
		}
		if err == nil && i == 0 {
			err = who.Step(t.Context(), o.ID, client.PickUp, action())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// The fifth has agreed to meet the one who has picked up, and is asked by the other.
	fifth := free[0]
	var handovers []string
	for i, who := range carrying {
		h, err := who.HandOver(t.Context(), fifth.Profile().ID, orders[i:i+1], nil, action())
		if err == nil && i == 0 {
			_, err = fifth.AcceptHandover(t.Context(), h.ID, action())
		}
		if err != nil {
			t.Fatal(err)
		}
		handovers = append(handovers, h.ID)
	}
	gone := phone{"off shift", p.hire("+390551003008")}
	if _, err := gone.EndShift(t.Context()); err != nil {
		t.Fatal(err)
	}
	all = append(all, gone)

	movers := make([]*client.Rider, 3)
	acknowledged := make([][]time.Time, len(movers))
	for i := range movers {
		movers[i] = p.hire(fmt.Sprintf("+39055100301%d", i))
	}
	ctx, enough := context.WithCancel(t.Context())
	defer enough()
	var riding sync.WaitGroup
	for i, r := range movers {
		riding.Go(func() { acknowledged[i] = rides(ctx, r, 2) })
	}
	private(t, dir, func(db *pg.DB) {
		until(t, "positions have been stored for some seconds", patience, func() (yes bool) { // those of who stands still long before
			err := db.Read(t.Context(), w.tenant, func(tx pgx.Tx) error {
				return tx.QueryRow(t.Context(), "SELECT count(*) > 200 FROM positions WHERE tenant_id = $1", w.tenant).Scan(&yes)
			})
			if err != nil {
				t.Fatal(err)
			}
			return yes
		})
	})

	before := make([]picture, len(all))
	for i, ph := range all {
		before[i] = p.look(boss, ph)
	}
	n.kill()
	killed := time.Now()
	enough()
	riding.Wait()
	n = serve(t, "--data-dir", dir).waitReady()
	t.Logf("ready again after %v", time.Since(killed).Round(time.Millisecond))
	p = w.through(n.url)
	if boss, err = p.client.LoginStaff(t.Context(), p.slug, "boss@example.com", townPassword); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for i, ph := range all {
		ph.Rider = p.client.ResumeRider(ph.RefreshToken())
		all[i] = ph
		after := p.look(boss, ph)
		if d := cmp.Diff(before[i], after); d != "" {
			t.Errorf("%s after the restart: %s", ph.name, d)
		}
		kinds[fmt.Sprint(after.Presence, " ", len(after.Plan.Stops), " stops ", len(after.Offers), " offers")]++
		for _, f := range after.Offers { // what is left of its time is the rider's
			if _, err := ph.Accept(t.Context(), f.ID, action()); err != nil {
				t.Errorf("%s accepts after the restart: %v", ph.name, err)
			}
		}
	}
	want := map[string]int{"working 1 stops 0 offers": 1, "working 2 stops 0 offers": 2, "idle 0 stops 1 offers": 2, "offline 0 stops 0 offers": 1}
	if d := cmp.Diff(want, kinds); d != "" {
		t.Errorf("the riders: %s", d)
	}
	fifth = all[slices.IndexFunc(all, func(x phone) bool { return x.name == fifth.name })]
	_, err = fifth.TakeOver(t.Context(), handovers[0], action())
	if err != nil {
		t.Fatal(err)
	}
	taken, err := fifth.AcceptHandover(t.Context(), handovers[1], action())
	if err != nil || len(taken.Stops) != 3 {
		t.Errorf("after the restart the fifth took over %+v: %v", taken.Stops, err)
	}
	for i, r := range movers {
		at, heard, err := boss.RiderPosition(t.Context(), r.Profile().ID)
		if err != nil || !heard {
			t.Errorf("mover %d is not known any more: %v", i, err)
			continue
		}
		sure := 0 // fixes that were acknowledged long enough before the end to be stored
		for _, when := range acknowledged[i] {
			if killed.Sub(when) > 3*time.Second {
				sure++
			}
		}
		if last := placeOf(int64(1 + sure)); at.Lat < last.Lat-1e-5 || at.Lat > placeOf(int64(2+len(acknowledged[i]))).Lat+1e-5 {
			t.Errorf("mover %d is at %v; %d fixes were acknowledged, the last one sure to be stored at %v", i, at, len(acknowledged[i]), last)
		}
	}
	private(t, dir, func(db *pg.DB) { balanced(t, db, w.tenant) })
	n.stop()
}

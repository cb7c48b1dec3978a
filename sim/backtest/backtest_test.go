package backtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/sim"
)

// What happened in the window is the day, and nothing of before, after, elsewhere, or another tenant.
func TestHistoryIsTheDay(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ours, theirs := newTown(t, db), newTown(t, db)
	ours.live()
	theirs.live()
	elsewhere := ours.addZone("Oltrarno")

	h, err := Read(t.Context(), db, ours.tenant, ours.zone, from, to)
	must(t, err)
	if len(h.Orders) != 4 || h.Cancelled != 1 || len(h.Shifts) != 3 || len(h.Starts) != 2 {
		t.Fatalf("%d orders, %d cancelled, %d shifts, %d starts", len(h.Orders), h.Cancelled, len(h.Shifts), len(h.Starts))
	}
	for _, o := range h.Orders {
		if o.Tenant != ours.tenant {
			t.Errorf("order %s is another tenant's", o.ID)
		}
	}
	for _, s := range h.Shifts {
		if s.Tenant != ours.tenant {
			t.Errorf("rider %s is another tenant's", s.Name)
		}
	}

	d := h.Day(ours.zone.Policy)
	door := north(1500)
	want := []sim.Order{
		{Placed: 30, Ready: 12 * 60, Promise: 30 + 45*60, Load: 1, Dropoff: door, Skills: []string{"cold"}, Vehicles: []string{"ebike", "car"}},
		{Placed: 20 * 60, Ready: 30 * 60, Promise: 50 * 60, Load: 2, Dropoff: door}, // ready by the pickup
		{Placed: 40 * 60, Ready: 50 * 60, Promise: 85 * 60, Load: 1, Dropoff: door},
		{Placed: 60 * 60, Ready: 70 * 60, Promise: 100 * 60, Load: 1, Dropoff: door}, // due then
	}
	about := cmp.Options{cmpopts.EquateEmpty(), cmpopts.EquateApprox(0, 1e-9), cmpopts.IgnoreFields(sim.Order{}, "Name")}
	if diff := cmp.Diff(want, d.Orders, about); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]sim.Store{{Name: "Da Mario", At: middle, Handoff: 120}}, d.Stores, about); diff != "" {
		t.Error(diff)
	}
	base := sim.Rider{Vehicle: rider.EBike, Capacity: rider.DefaultCapacity, MaxOrders: rider.DefaultMaxOrders}
	anna, morning, noon := base, base, base
	anna.Name, anna.Skills, anna.At, anna.Off = "100", []string{"cold"}, north(500), 7*3600
	morning.Name, morning.At, morning.On, morning.Off = "200", geo.Middle(ours.zone.Cells), 30*60, 90*60
	noon.Name, noon.At, noon.On, noon.Off = "200", north(-700), 100*60, 580*60
	anna.Person, morning.Person, noon.Person = h.Shifts[0].Rider.ID.String(), h.Shifts[1].Rider.ID.String(), h.Shifts[1].Rider.ID.String()
	if diff := cmp.Diff([]sim.Rider{anna, morning, noon}, d.Riders, about); diff != "" || !d.Start.Equal(from) {
		t.Errorf("from %v: %s", d.Start, diff)
	}

	none, err := Read(t.Context(), db, ours.tenant, elsewhere, from, to)
	if err != nil || len(none.Orders)+len(none.Shifts)+none.Cancelled > 0 {
		t.Errorf("another zone has %d orders and %d shifts: %v", len(none.Orders), len(none.Shifts), err)
	}
	foreign, err := Read(t.Context(), db, theirs.tenant, ours.zone, from, to)
	if err != nil || len(foreign.Orders)+len(foreign.Shifts)+foreign.Cancelled > 0 {
		t.Errorf("another tenant sees %d orders and %d shifts: %v", len(foreign.Orders), len(foreign.Shifts), err)
	}
}

func TestReportByHand(t *testing.T) {
	t.Parallel()
	c := newTown(t, pgtest.New(t))
	c.live()
	h, err := Read(t.Context(), c.db, c.tenant, c.zone, from, to)
	must(t, err)
	other := &Other{Name: "slow", Policy: c.zone.Policy}
	other.Policy.IntervalS = 600
	r, err := h.Play(t.Context(), other, sim.Options{Iterations: 50, Seed: 1}, io.Discard)
	must(t, err)

	recorded := Metrics{
		Orders: 4, Delivered: 2, Undelivered: 50, CTDMean: 35, CTDP90: 40, Late: 50, LateMean: 5, RTP: 1.5,
		Riders: 2, ShiftHours: 2 + 1 + 1.0/3, PerHour: 2 / (3 + 1.0/3),
	}
	if diff := cmp.Diff(recorded, r.Recorded, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("recorded: %s", diff)
	}
	if want := (Taken{Orders: 4, Cancelled: 1, Returned: 1, Open: 1, Estimated: 3, Shifts: 3, Unseen: 1}); r.Taken != want {
		t.Errorf("taken: %+v, want %+v", r.Taken, want)
	}
	for name, m := range map[string]*Metrics{"zone's": &r.Own, "slow": r.Other} {
		if m.Orders != 4 || m.Delivered != 4 || m.Undelivered != 0 || m.Riders != 2 || math.Abs(m.PerHour-1.2) > 1e-9 {
			t.Errorf("%s: %+v", name, m)
		}
	}
	if d := r.Difference["ctd_mean"]; math.Abs(d-(r.Other.CTDMean-r.Own.CTDMean)) > 1e-9 || d <= 0 {
		t.Errorf("rounds ten minutes apart take %+.2f minutes longer", d)
	}
	var b bytes.Buffer
	must(t, r.Write(&b))
	for _, text := range []string{
		"zone Centro, 2026-11-22 10:00 to 2026-11-22 12:00, UTC", "4 orders; 1 more were cancelled before pickup and are left out",
		"1 picked up but not delivered", "1 not ended yet", "3 never called ready", "3 shifts, 1 of them without a position",
		"recorded", "zone's policy", "slow-zone's", "Compare the two simulations",
	} {
		if !strings.Contains(b.String(), text) {
			t.Errorf("%q is missing in\n%s", text, b.String())
		}
	}
}

func TestWithoutAnotherPolicyTheRecordIsCompared(t *testing.T) {
	t.Parallel()
	c := newTown(t, pgtest.New(t))
	c.live()
	h, err := Read(t.Context(), c.db, c.tenant, c.zone, from, to)
	must(t, err)
	r, err := h.Play(t.Context(), nil, sim.Options{Iterations: 50, Seed: 1}, io.Discard)
	must(t, err)
	if d := r.Difference["delivered"]; r.Other != nil || d != 2 {
		t.Errorf("%+v: %+.0f delivered", r.Other, d)
	}
	h.Zone.Policy.Work = dispatch.Work{StretchS: 3600, BreakS: 600}
	r, err = h.Play(t.Context(), nil, sim.Options{Iterations: 50, Seed: 1}, io.Discard)
	must(t, err)
	var b bytes.Buffer
	must(t, r.Write(&b))
	if w := r.Own.Work; w == nil || w.Breaks < 2 || r.Own.ShiftHours > 3.2 || r.Own.ShiftHours < 3 || !strings.Contains(b.String(), "work, zone's policy: ") || r.Recorded.Work != nil {
		t.Errorf("with limits: %+v, %.2f h in the window\n%s", w, r.Own.ShiftHours, b.String())
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := h.Play(stopped, nil, sim.Options{Iterations: 50}, io.Discard); r != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v, %v", r, err)
	}
}

// Orders that ask for a skill go to those who have it, or to nobody.
func TestSkillsAreRespected(t *testing.T) {
	t.Parallel()
	c := newTown(t, pgtest.New(t))
	c.live()
	h, err := Read(t.Context(), c.db, c.tenant, c.zone, from, to)
	must(t, err)
	for i := range h.Shifts {
		h.Shifts[i].Skills = nil
	}
	r, err := h.Play(t.Context(), nil, sim.Options{Iterations: 50, Seed: 1}, io.Discard)
	must(t, err)
	if r.Own.Delivered != 3 {
		t.Errorf("%d delivered without the skill that one order of four asks for", r.Own.Delivered)
	}
	h.Orders[0].Skills, h.Orders[0].Vehicles = nil, []string{"car"}
	if r, err = h.Play(t.Context(), nil, sim.Options{Iterations: 50, Seed: 1}, io.Discard); err != nil || r.Own.Delivered != 3 {
		t.Errorf("%+v: %v", r, err)
	}
}

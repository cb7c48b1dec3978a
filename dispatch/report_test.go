package dispatch

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

func TestReportCounts(t *testing.T) {
	t.Parallel()
	me, other := id.NewRider(), id.NewRider()
	rank := func(who id.Rider, terms solver.Terms) Ranked {
		return Ranked{Rider: who, Feasible: true, Terms: terms, Cost: terms.ClickToDoor + terms.Work + terms.Idle + terms.Earned}
	}
	chosen := func(kind DecisionKind, to Ranked, others ...Ranked) Decision {
		return Decision{Kind: kind, Rider: to.Rider, Chosen: &to, RunnersUp: others}
	}
	var r Report
	r.Chosen, r.ByTerm, r.NotAble = map[DecisionKind]int{}, map[string]int{}, map[string]int{}
	for _, d := range []Decision{
		chosen(KindOffered, rank(me, solver.Terms{ClickToDoor: 10}), rank(other, solver.Terms{ClickToDoor: 11})),
		chosen(KindAssigned, rank(me, solver.Terms{ClickToDoor: 10, Idle: -1}), rank(other, solver.Terms{ClickToDoor: 9.5})), // by fairness
		chosen(KindOffered, rank(other, solver.Terms{ClickToDoor: 10}), rank(me, solver.Terms{ClickToDoor: 14, Work: 1})),
		chosen(KindOffered, rank(other, solver.Terms{ClickToDoor: 10, Earned: -2}), rank(me, solver.Terms{ClickToDoor: 9, Earned: 0.5})), // by fairness
		chosen(KindOffered, rank(other, solver.Terms{ClickToDoor: 10}), Ranked{Rider: me, Reason: "capacity"}),
		chosen(KindOffered, rank(other, solver.Terms{ClickToDoor: 10}), rank(me, solver.Terms{ClickToDoor: 9})), // not by this order alone
		{Kind: KindClaimed, Rider: me},
	} {
		r.count(&d, me)
	}
	want := Report{
		Chosen: map[DecisionKind]int{KindOffered: 1, KindAssigned: 1, KindClaimed: 1}, Compared: 4,
		ByTerm: map[string]int{"click_to_door": 1, "earned": 1, "plan": 1}, NotAble: map[string]int{"capacity": 1},
	}
	want.Fairness.Gained, want.Fairness.Lost = 1, 2
	if d := cmp.Diff(want, r); d != "" {
		t.Error(d)
	}
}

// What rounds really decided is found: by who was chosen, and by who was compared; of the time asked for, and of the tenant.
func TestReportOfRounds(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	near, far := c.rider(north(100)), c.rider(north(900))
	c.place(north(-500), 0)
	c.round()
	read := func(tenant id.Tenant, who id.Rider, from, to time.Time) (r Report) {
		t.Helper()
		must(t, c.db.Read(t.Context(), tenant, func(tx pgx.Tx) (err error) {
			r, err = ReportOf(t.Context(), tx, who, from, to)
			return err
		}))
		return r
	}
	now := c.clock.Now()
	if r := read(c.tenant, near, now, now.Add(time.Second)); r.Chosen[KindOffered] != 1 || r.Compared != 0 {
		t.Errorf("the near one: %+v", r)
	}
	if r := read(c.tenant, far, now, now.Add(time.Second)); len(r.Chosen) != 0 || r.Compared != 1 || len(r.ByTerm)+len(r.NotAble) != 1 {
		t.Errorf("the far one: %+v", r)
	}
	another := pgtest.Tenant(t, c.db)
	for name, r := range map[string]Report{
		"before": read(c.tenant, near, now.Add(-time.Hour), now), "after": read(c.tenant, far, now.Add(time.Second), now.Add(time.Hour)),
		"another tenant": read(another, near, now, now.Add(time.Second)),
	} {
		if len(r.Chosen) != 0 || r.Compared != 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

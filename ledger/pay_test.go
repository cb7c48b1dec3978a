package ledger

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/tariff"
)

// pays makes the firm's tariff another, from a time on; orders are placed by it from then on.
func (f *firm) pays(p tariff.RiderPay, at time.Time) {
	f.Helper()
	next := f.tariff
	next.RiderPay = p
	f.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tariff.Put(ctx, tx, f.tenant, tariff.Version{Zone: f.zone, Number: 1, Tariff: next, CreatedBy: f.user, CreatedAt: at})
		return err
	})
}

func byTheSecond(o *order.Order) { o.Fee.Tariff = 2 }

func (f *firm) rain(from time.Time, until *time.Time) {
	f.Helper()
	f.tx(func(ctx context.Context, tx pgx.Tx) error {
		return tariff.SetRain(ctx, tx, f.tenant, f.zone, tariff.Spell{From: from, Until: until, SetBy: f.user}, from)
	})
}

// told tells a rider what an order pays.
func (f *firm) told(o id.Order, r id.Rider, at time.Time) {
	f.Helper()
	f.tx(func(ctx context.Context, tx pgx.Tx) error { return TellPay(ctx, tx, f.tenant, []Told{{o, r}}, at) })
}

// finish has a rider who was told deliver an order.
func (f *firm) finish(o id.Order, r id.Rider, at time.Time) {
	f.Helper()
	f.tx(func(ctx context.Context, tx pgx.Tx) error {
		for _, e := range []order.EventType{order.EventAssigned, order.EventPickedUp, order.EventDelivered} {
			x, _, err := order.Apply(ctx, tx, f.tenant, o, order.Event{Type: e, At: at, Actor: order.System, Rider: r})
			if err != nil {
				return err
			}
			if err := EndOrder(ctx, tx, f.tenant, x); err != nil {
				return err
			}
		}
		return nil
	})
}

// What a rider was told when asked is what the rider gets, whatever the weather or the hour when the order is delivered.
func TestPayIsFixedWhenTold(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	f.pays(tariff.RiderPay{
		PerOrder: 300, PerKm: 100, LongDistance: []tariff.LongDistance{{OverM: 1500, PerKm: 50}}, Rain: &tariff.Rain{Percent: 10},
		Peaks: []tariff.Peak{{Name: "Lunch", Weekly: clock.Weekly{From: "12:00", To: "13:00"}, Amount: 40}},
	}, noon)
	one, two := f.riders[0], f.riders[1]
	dry, wet, plain := f.place(noon, byTheSecond), f.place(noon, byTheSecond), f.place(noon, byTheSecond)
	f.told(dry, one, noon.Add(2*time.Hour)) // 14:00 in Shanghai
	f.rain(noon.Add(3*time.Hour), new(noon.Add(4*time.Hour)))
	f.told(wet, one, noon.Add(4*time.Hour))                // the rain is just over, as is lunch
	f.told(wet, two, noon.Add(3*time.Hour+30*time.Minute)) // it rains
	f.told(plain, two, noon.Add(3*time.Hour))              // who is asked again …
	f.told(plain, two, noon)                               // … is told anew
	f.finish(dry, one, noon.Add(3*time.Hour))
	f.finish(wet, two, noon.Add(5*time.Hour))
	f.finish(plain, one, noon.Add(5*time.Hour)) // was told nothing

	terms := func(o id.Order, r id.Rider) (out []string) {
		list := f.list(Filter{Orders: []id.Order{o}})
		if len(list) != 1 {
			t.Fatalf("%d transactions", len(list))
		}
		for _, p := range list[0].Postings {
			if p.Account == OfRider(r) {
				out = append(out, fmt.Sprint(p.Term, p.Name, p.Amount))
			}
		}
		return out
	}
	for name, x := range map[string]struct{ got, want []string }{
		"in the dry":   {terms(dry, one), []string{"-500", "long_distance-25"}},
		"in the rain":  {terms(wet, two), []string{"-500", "long_distance-25", "rain-50"}},
		"told nothing": {terms(plain, one), []string{"-500"}},
	} {
		if diff := cmp.Diff(x.want, x.got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	f.tx(func(ctx context.Context, tx pgx.Tx) error {
		pays, err := PaysTold(ctx, tx, f.tenant, []id.Order{plain})
		if got := pays.Of(plain, two); err == nil && (got == nil || got.Minor != 565 || got.Terms[2].Name != "Lunch") {
			t.Errorf("at noon two was told %+v", got)
		}
		return err
	})
	f.booksAgree()
	f.tamper(`update ledger_postings set term = 'peak' where term = 'rain'`)
	f.finds("has posted")
}

// Orders without a fee pay nothing that could be told, and their riders' offers are made all the same.
func TestNothingIsToldWithoutAFee(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	f.told(f.place(noon, func(o *order.Order) { o.Fee = nil }), f.riders[0], noon)
	f.tx(func(ctx context.Context, tx pgx.Tx) error { return TellPay(ctx, tx, f.tenant, nil, noon) })
}

func (f *firm) shift(r id.Rider, from, to time.Time) id.Shift {
	f.Helper()
	s := id.NewShift()
	f.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into shifts (tenant_id, id, rider_id, zone_id, started_at, ends_at, ended_at) values ($1, $2, $3, $4, $5, $6, $6)`,
			f.tenant, s, r, f.zone, from, to)
		return err
	})
	return s
}

func (f *firm) offers(r id.Rider, at time.Time, states ...string) {
	f.Helper()
	f.tx(func(ctx context.Context, tx pgx.Tx) error {
		for _, s := range states {
			_, err := tx.Exec(ctx, `insert into offers (tenant_id, id, rider_id, zone_id, round_id, state, order_ids, stops, made_at, expires_at, answered_at)
				values ($1, $2, $3, $4, $5, $6, array[$7::uuid], '[]', $8::timestamptz, $8 + interval '1 minute', $8)`,
				f.tenant, id.NewOffer(), r, f.zone, id.NewRound(), s, id.NewOrder(), at)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func TestShiftsAreToppedUp(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	midnight := time.Date(2026, 3, 3, 0, 0, 0, 0, shanghai)
	f.pays(tariff.RiderPay{PerOrder: 300, PerKm: 100, Guarantee: &tariff.Guarantee{PerHour: 1000, MinAcceptancePercent: 60}}, noon)
	one, two := f.riders[0], f.riders[1]
	hour := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	early := f.shift(one, hour(-2), hour(0).Add(-time.Minute)) // before there was a guarantee
	idle := f.shift(one, hour(0), hour(2))                     // 2 h, one order of 5.00
	f.finish(f.place(hour(0), byTheSecond), one, hour(1))
	busy := f.shift(one, hour(3), hour(4)) // 1 h, two orders: it earned what it is worth
	f.finish(f.place(hour(3), byTheSecond), one, hour(3))
	f.finish(f.place(hour(3), byTheSecond), one, hour(4))
	f.correct(OfRider(one), -400, hour(1)) // corrections are another matter
	picky := f.shift(two, hour(0), hour(1))
	f.offers(two, hour(0), "accepted", "declined", "withdrawn", "withdrawn") // one of two: too few
	willing := f.shift(two, hour(2), hour(4))
	f.offers(two, hour(2), "accepted", "accepted", "expired") // two of three will do
	f.tx(func(ctx context.Context, tx pgx.Tx) error {         // half an hour of the two was a break
		_, err := tx.Exec(ctx, `insert into shift_breaks (tenant_id, shift_id, rider_id, started_at, ended_at) values ($1, $2, $3, $4, $5)`,
			f.tenant, willing, two, hour(3), hour(3).Add(30*time.Minute))
		return err
	})
	open := id.NewShift()
	f.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into shifts (tenant_id, id, rider_id, zone_id, started_at, ends_at) values ($1, $2, $3, $4, $5, $6)`, f.tenant, open, two, f.zone, hour(5), hour(6))
		return err
	})

	if got := f.closeDays(midnight); len(got) != 1 {
		t.Fatalf("closed %v", got)
	}
	topped := func() map[id.Shift]int64 {
		out := map[id.Shift]int64{}
		for _, x := range f.list(Filter{Kind: Guarantee}) {
			out[x.Shift] += x.Postings[0].Amount
		}
		return out
	}
	if diff := cmp.Diff(map[id.Shift]int64{idle: 1500, willing: 1500}, topped()); diff != "" {
		t.Errorf("early %v, idle %v, busy %v, picky %v, willing %v (-want +got)\n%s", early, idle, busy, picky, willing, diff)
	}
	if got := f.settlements(SettlementFilter{Rider: one}); len(got) != 1 || got[0].Total != 3*500-400+1500 {
		t.Errorf("%+v", got)
	}
	// The phone tells on the third of a shift that ended on the second: it is added with the third.
	late := f.shift(one, hour(6), hour(7))
	f.closeDays(midnight.AddDate(0, 0, 2))
	if got := topped(); got[late] != 1000 || len(got) != 3 {
		t.Errorf("the late one: %v", got)
	}
	if got := f.settlements(SettlementFilter{Rider: one, From: "2026-03-03"}); len(got) != 1 || got[0].Total != 1000 || got[0].Day != "2026-03-03" {
		t.Errorf("%+v", got)
	}
	f.booksAgree()
	f.tamper(`update shifts set ended_at = ended_at - interval '1 hour' where id = '` + late.UUID().String() + `'`)
	f.finds("was topped up by 1000, and should have been by 0")
}

// A tenant's first day is closed for its guarantees too, though nobody has earned anything.
func TestADayWithoutOrdersIsToppedUp(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	f.pays(tariff.RiderPay{PerOrder: 300, Guarantee: &tariff.Guarantee{PerHour: 1000}}, noon)
	f.shift(f.riders[0], noon, noon.Add(90*time.Minute))
	if got := f.closeDays(noon.AddDate(0, 0, 1)); !slices.Equal(got, []Day{"2026-03-02"}) {
		t.Fatalf("closed %v", got)
	}
	if got := f.settlements(SettlementFilter{}); len(got) != 1 || got[0].Total != 1500 {
		t.Errorf("%+v", got)
	}
	f.booksAgree()
}

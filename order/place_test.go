package order

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

func TestPlaceAndReadBack(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	now, later, bare := s.newOrder(), s.newOrder(), s.newOrder()
	now.ExternalID, now.Demand = "A-1", Demand{Photo: true, PIN: "0042", Barcode: "A-1", MinAge: 18}
	later.DueAt = noon.Add(2 * time.Hour)
	bare.Skills, bare.Items, bare.Dropoff = []string{}, []Item{}, Dropoff{}
	bare.Cash, bare.Tip, bare.Tags, bare.Metadata = Money{}, Money{}, []string{}, map[string]string{}
	bare.DeliverAfter, bare.DeliverBefore = nil, nil
	s.tx(func(ctx context.Context, tx pgx.Tx) error { // the fee's
		user := id.NewUser()
		_, err := tx.Exec(ctx, `insert into users (tenant_id, id, email, name, role, password_hash, created_at) values ($1, $2, 'f', 'Fei', 'finance', '', $3)`,
			s.tenant, user, noon)
		if err == nil {
			_, err = tx.Exec(ctx, `insert into tariffs (tenant_id, zone_id, version, tariff, created_by, created_at) values ($1, $2, 3, '{}', $3, $4)`,
				s.tenant, s.zone, user, noon)
		}
		return err
	})
	now.WeightG, now.Fee = 1200, &Fee{
		Money: Money{450, "CNY"}, Tariff: 3, DistanceM: 1800,
		Terms: []FeeTerm{{Kind: TermBase, Minor: 400}, {Kind: TermTime, Minor: 50, Name: "晚上", Percent: 12}},
	}
	os := []Order{now, later, bare}
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		return Place(ctx, tx, os, Actor{ActorMerchant, s.merchant.ID.UUID()})
	})
	for i, want := range []State{Pending, Scheduled, Pending} {
		if os[i].State != want || os[i].Version != 1 || os[i].ID.IsZero() {
			t.Errorf("order %d: %s, version %d", i, os[i].State, os[i].Version)
		}
		if diff := cmp.Diff(os[i], s.get(os[i].ID)); diff != "" {
			t.Errorf("order %d (-placed +stored):\n%s", i, diff)
		}
		if err := s.replays(os[i].ID); err != nil {
			t.Errorf("order %d: %v", i, err)
		}
		if e := s.events(os[i].ID)[0]; e.Type != EventPlaced || e.Actor.ID != s.merchant.ID.UUID() {
			t.Errorf("order %d begins with %+v", i, e)
		}
	}
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		for at, want := range map[time.Time]int{noon.Add(time.Hour): 0, noon.Add(2 * time.Hour): 1} {
			due, err := DueScheduled(ctx, tx, s.tenant, s.zone, at)
			if err != nil || len(due) != want {
				t.Errorf("%v due at %v: %v", due, at, err)
			}
		}
		return nil
	})
}

// A taken external id names the order that has it, and leaves the transaction and its neighbours alone.
func TestExternalIDTaken(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	first := s.newOrder()
	first.ExternalID = "A-1"
	os := []Order{first}
	s.tx(func(ctx context.Context, tx pgx.Tx) error { return Place(ctx, tx, os, System) })
	again, twin, twin2, fresh := s.newOrder(), s.newOrder(), s.newOrder(), s.newOrder()
	again.ExternalID, twin.ExternalID, twin2.ExternalID = "A-1", "B-1", "B-1"
	var out []Outcome
	s.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		out, err = PlaceAll(ctx, tx, s.tenant, []Placement{{again, System}, {twin, System}, {twin2, System}, {fresh, System}})
		return err
	})
	var taken *ExternalIDTakenError
	if !errors.As(out[0].Err, &taken) || taken.Existing != os[0].ID || taken.ExternalID != "A-1" {
		t.Errorf("taken before: %+v", out[0])
	}
	if out[1].Err != nil || !errors.As(out[2].Err, &taken) || taken.Existing != out[1].Order.ID {
		t.Errorf("taken in the batch: %v, %v", out[1].Err, out[2].Err)
	}
	if out[3].Err != nil || s.get(out[3].Order.ID).State != Pending {
		t.Errorf("the neighbour: %+v", out[3])
	}
	err := s.db.Tx(t.Context(), s.tenant, func(tx pgx.Tx) error {
		return Place(t.Context(), tx, []Order{fresh, again}, System)
	})
	if !errors.As(err, &taken) || taken.Existing != os[0].ID {
		t.Errorf("Place: %v", err)
	}
}

// Of many who place the same external ids at once, in different orders, one wins each.
func TestPlacersRace(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	names := []string{"a", "b", "c", "d", "e"}
	won := make([]map[string]id.Order, 12)
	var wg sync.WaitGroup
	for w := range won {
		won[w] = map[string]id.Order{}
		wg.Go(func() {
			var ps []Placement
			for i := range names {
				o := s.newOrder()
				o.ExternalID = names[(w+i)%len(names)]
				ps = append(ps, Placement{o, System})
			}
			err := s.db.Tx(t.Context(), s.tenant, func(tx pgx.Tx) error {
				out, err := PlaceAll(t.Context(), tx, s.tenant, ps)
				for i, o := range out {
					if o.Err == nil {
						won[w][ps[i].Order.ExternalID] = o.Order.ID
					}
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	winners := map[string]int{}
	for _, m := range won {
		for name, o := range m {
			winners[name]++
			if s.get(o).ExternalID != name {
				t.Errorf("%s is not %s", o, name)
			}
		}
	}
	if diff := cmp.Diff(map[string]int{"a": 1, "b": 1, "c": 1, "d": 1, "e": 1}, winners); diff != "" {
		t.Error(diff)
	}
}

func TestPlaceAtNoStore(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	o := s.newOrder()
	o.Store = id.NewStore()
	err := s.db.Tx(t.Context(), s.tenant, func(tx pgx.Tx) error { return Place(t.Context(), tx, []Order{o}, System) })
	if err == nil {
		t.Error("placed at a store that is not there")
	}
}

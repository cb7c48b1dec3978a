package rider

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

func TestMakeOffersSkipsConflictsWhole(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	r, o := w.riders(5), w.orders(8)
	first := w.offer(r[0], o[0], o[1])
	if made := w.make(first); !cmp.Equal(made, []id.Offer{first.ID}) {
		t.Fatalf("%v", made)
	}
	sameRider := w.offer(r[0], o[2])
	oneTaken := w.offer(r[1], o[3], o[1])
	good := w.offer(r[2], o[4], o[5])
	sameOrder := w.offer(r[3], o[5], o[6]) // as good's: the batch conflicts with itself
	other := w.offer(r[4], o[7])
	made := w.make(sameRider, oneTaken, good, sameOrder, other)
	if slices.Contains(made, sameRider.ID) || slices.Contains(made, oneTaken.ID) || !slices.Contains(made, other.ID) ||
		slices.Contains(made, good.ID) == slices.Contains(made, sameOrder.ID) {
		t.Errorf("made %v", made)
	}
	w.tx(func(tx pgx.Tx) error {
		open, err := OpenOffers(ctx, tx, w.tenant, w.zone)
		if err != nil {
			return err
		}
		if len(open) != 3 {
			t.Errorf("%d open", len(open))
		}
		if diff := cmp.Diff(first, open[slices.IndexFunc(open, func(x Offer) bool { return x.ID == first.ID })]); diff != "" {
			t.Error(diff)
		}
		return checkHolds(t, tx, w)
	})
	// What was not made left nothing behind: its orders are free.
	if made := w.make(w.offer(r[1], o[3]), w.offer(r[0], o[2])); len(made) != 1 {
		t.Errorf("made %v", made)
	}
}

// checkHolds compares open offers with the index of their orders.
func checkHolds(t *testing.T, tx pgx.Tx, w *world) error {
	t.Helper()
	var wrong int
	err := tx.QueryRow(t.Context(), `
		select count(*) from (select id, unnest(order_ids) as o from offers where tenant_id = $1 and state = 'open') a
		full join (select offer_id, order_id from offer_orders where tenant_id = $1 and open) b on a.id = b.offer_id and a.o = b.order_id
		where a.id is null or b.offer_id is null`, w.tenant).Scan(&wrong)
	if wrong != 0 {
		t.Errorf("%d orders are held wrongly", wrong)
	}
	return err
}

func TestMakeOffersConcurrently(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	riders, orders := w.riders(6), w.orders(10)
	var wg sync.WaitGroup
	for n := range 24 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(1, uint64(n)))
			for range 8 {
				var list []Offer
				for range 1 + rng.IntN(4) {
					picks := rng.Perm(len(orders))[:1+rng.IntN(3)]
					var os []id.Order
					for _, p := range picks {
						os = append(os, orders[p])
					}
					list = append(list, w.offer(riders[rng.IntN(len(riders))], os...))
				}
				err := w.db.Tx(ctx, w.tenant, func(tx pgx.Tx) error {
					made, err := MakeOffers(ctx, tx, w.tenant, list)
					if err != nil {
						return err
					}
					return tx.QueryRow(ctx, "select count(*) from offers where id = any($1) and state = 'open'", made).Scan(new(int))
				})
				if err != nil {
					t.Error(err)
				}
				err = w.db.Tx(ctx, w.tenant, func(tx pgx.Tx) error {
					open, err := OpenOffers(ctx, tx, w.tenant, w.zone)
					if err != nil || len(open) == 0 {
						return err
					}
					_, err = CloseOffers(ctx, tx, w.tenant, []id.Offer{open[rng.IntN(len(open))].ID, open[0].ID}, OfferWithdrawn, "test", noon)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	w.tx(func(tx pgx.Tx) error { return checkHolds(t, tx, w) })
}

func TestOneOfFiftyClosesAnOffer(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	r, o := w.riders(1)[0], w.orders(2)
	offer := w.offer(r, o...)
	w.make(offer)
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			state := []OfferState{OfferAccepted, OfferExpired, OfferWithdrawn, OfferDeclined}[i%4]
			err := w.db.Tx(ctx, w.tenant, func(tx pgx.Tx) error {
				closed, err := CloseOffers(ctx, tx, w.tenant, []id.Offer{offer.ID}, state, string(state), noon.Add(time.Second))
				for _, c := range closed {
					won.Add(1)
					if c.ID != offer.ID || c.State != state || c.AnsweredAt == nil || !cmp.Equal(c.Orders, offer.Orders) || !cmp.Equal(c.Stops, offer.Stops) {
						t.Errorf("%+v", c)
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
	if won.Load() != 1 {
		t.Errorf("%d closed it", won.Load())
	}
	if made := w.make(w.offer(r, o...)); len(made) != 1 {
		t.Error("rider and orders are not free again")
	}
}

func TestOffersOfARider(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	r, o := w.riders(2), w.orders(3)
	old, open := w.offer(r[0], o[0]), w.offer(r[0], o[1])
	w.make(old)
	w.tx(func(tx pgx.Tx) error {
		if _, err := CloseOffers(ctx, tx, w.tenant, []id.Offer{old.ID}, OfferOpen, "", noon); err == nil {
			t.Error("closed as open")
		}
		_, err := CloseOffers(ctx, tx, w.tenant, []id.Offer{old.ID}, OfferDeclined, "too far", noon)
		return err
	})
	w.make(open, w.offer(r[1], o[2]))
	w.tx(func(tx pgx.Tx) error {
		if all, err := OffersOf(ctx, tx, w.tenant, r[0], false); err != nil || len(all) != 2 || all[0].ID != open.ID || all[1].Reason != "too far" {
			t.Errorf("%+v, %v", all, err)
		}
		if some, err := OffersOf(ctx, tx, w.tenant, r[0], true); err != nil || len(some) != 1 || some[0].ID != open.ID {
			t.Errorf("%+v, %v", some, err)
		}
		if ex, err := ExpiredOffers(ctx, tx, w.tenant, w.zone, open.ExpiresAt.Add(-time.Second)); err != nil || len(ex) != 0 {
			t.Errorf("%v, %v", ex, err)
		}
		if ex, err := ExpiredOffers(ctx, tx, w.tenant, w.zone, open.ExpiresAt); err != nil || len(ex) != 2 {
			t.Errorf("%v, %v", ex, err)
		}
		for _, at := range []time.Time{noon, noon.Add(time.Minute)} {
			if err := MarkSeen(ctx, tx, w.tenant, r[0], open.ID, at); err != nil {
				return err
			}
		}
		if got, err := LockOffer(ctx, tx, w.tenant, open.ID); err != nil || got.SeenAt == nil || !got.SeenAt.Equal(noon) {
			t.Errorf("%+v, %v", got, err)
		}
		if err := MarkSeen(ctx, tx, w.tenant, r[1], open.ID, noon); !errors.Is(err, ErrOfferNotFound) {
			t.Errorf("another rider's: %v", err)
		}
		if err := MarkSeen(ctx, tx, w.tenant, r[0], old.ID, noon); err != nil {
			t.Errorf("a closed one: %v", err)
		}
		if _, err := GetOffer(ctx, tx, w.tenant, id.NewOffer()); !errors.Is(err, ErrOfferNotFound) {
			t.Error(err)
		}
		return nil
	})
}

func TestAnotherTenantTouchesNothing(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	r, o := w.onShift(1)[0], w.orders(1)
	offer := w.offer(r, o...)
	w.make(offer)
	stranger := addWorld(t, w.db)
	// Neither under its own name nor, row-level security's case, when a query names the other tenant.
	for _, named := range []id.Tenant{stranger.tenant, w.tenant} {
		stranger.tx(func(tx pgx.Tx) error {
			if _, err := LockOffer(ctx, tx, named, offer.ID); !errors.Is(err, ErrOfferNotFound) {
				t.Error(err)
			}
			if closed, err := CloseOffers(ctx, tx, named, []id.Offer{offer.ID}, OfferWithdrawn, "", noon); err != nil || len(closed) != 0 {
				t.Errorf("%v, %v", closed, err)
			}
			if err := MarkSeen(ctx, tx, named, r, offer.ID, noon); !errors.Is(err, ErrOfferNotFound) {
				t.Error(err)
			}
			if on, err := OnShiftIn(ctx, tx, named, w.zone); err != nil || len(on) != 0 {
				t.Errorf("%v, %v", on, err)
			}
			if open, err := OpenOffers(ctx, tx, named, w.zone); err != nil || len(open) != 0 {
				t.Errorf("%v, %v", open, err)
			}
			if _, err := EndShift(ctx, tx, named, r, noon); !errors.Is(err, ErrOffShift) {
				t.Error(err)
			}
			if _, err := StartShift(ctx, tx, named, r, noon, noon.Add(time.Hour)); !errors.Is(err, ErrNotFound) {
				t.Error(err)
			}
			return CountDelivered(ctx, tx, named, r)
		})
		if err := stranger.db.Tx(ctx, stranger.tenant, func(tx pgx.Tx) error {
			return SavePlans(ctx, tx, named, noon, []Plan{{Rider: r, Zone: w.zone, Version: 1}})
		}); err == nil {
			t.Error("a plan was saved for another tenant's rider")
		}
	}
	w.tx(func(tx pgx.Tx) error {
		on, err := OnShiftIn(ctx, tx, w.tenant, w.zone)
		if err != nil || len(on) != 1 || on[0].Shift.Delivered != 0 {
			t.Errorf("%+v, %v", on, err)
		}
		return nil
	})
}

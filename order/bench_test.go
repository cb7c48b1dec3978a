package order

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// What a round's commit costs: 300 orders offered, then withdrawn.
func BenchmarkApplyAll300(b *testing.B) {
	s := newShop(b)
	os := s.place(300)
	offer := id.NewOffer()
	for i := 0; b.Loop(); i++ {
		typ := EventOffered
		if i%2 == 1 {
			typ = EventOfferWithdrawn
		}
		cs := make([]Change, len(os))
		for k, o := range os {
			cs[k] = Change{Order: o.ID, Event: Event{Type: typ, At: noon, Actor: Engine, Rider: alice, Offer: offer}}
		}
		for _, out := range s.applyAll(cs...) {
			if out.Err != nil || out.Repeated {
				b.Fatalf("%+v", out)
			}
		}
	}
}

func BenchmarkPlaceAll50(b *testing.B) {
	s := newShop(b)
	for b.Loop() {
		ps := make([]Placement, 50)
		for i := range ps {
			ps[i] = Placement{s.newOrder(), System}
		}
		s.tx(func(ctx context.Context, tx pgx.Tx) error {
			_, err := PlaceAll(ctx, tx, s.tenant, ps)
			return err
		})
	}
}

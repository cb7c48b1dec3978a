package order

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

func ids(os []Order) []id.Order {
	out := make([]id.Order, len(os))
	for i, o := range os {
		out[i] = o.ID
	}
	return out
}

func TestQueries(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	os := s.place(5)
	more := s.newOrder()
	more.ExternalID, more.PlacedAt = "A-1", noon.Add(time.Hour)
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		batch := []Order{more}
		err := Place(ctx, tx, batch, System)
		os = append(os, batch[0])
		return err
	})
	s.applyAll(
		Change{Order: os[0].ID, Event: Event{Type: EventCancelled, At: noon.Add(time.Minute), Actor: System}},
		Change{Order: os[1].ID, Event: by(EventAssigned, alice)})
	all := ids(os)
	newest := slices.Clone(all)
	slices.Reverse(newest)
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		open, err := Open(ctx, tx, s.tenant, s.zone)
		if diff := cmp.Diff(all[1:], ids(open)); diff != "" || err != nil {
			t.Errorf("Open: %v\n%s", err, diff)
		}
		his, err := OfRider(ctx, tx, s.tenant, alice)
		if diff := cmp.Diff(all[1:2], ids(his)); diff != "" || err != nil {
			t.Errorf("OfRider: %v\n%s", err, diff)
		}
		some, err := GetMany(ctx, tx, s.tenant, []id.Order{all[3], id.NewOrder(), all[0]})
		if diff := cmp.Diff([]id.Order{all[0], all[3]}, ids(some)); diff != "" || err != nil {
			t.Errorf("GetMany: %v\n%s", err, diff)
		}
		locked, err := Lock(ctx, tx, s.tenant, []id.Order{all[3], id.NewOrder(), all[0]})
		if diff := cmp.Diff(some, locked); diff != "" || err != nil {
			t.Errorf("Lock: %v\n%s", err, diff)
		}
		histories, err := EventsOf(ctx, tx, s.tenant, all[:2])
		if err != nil || len(histories) != 2 {
			t.Errorf("EventsOf: %d, %v", len(histories), err)
		}
		for o, got := range histories {
			want, err := Events(ctx, tx, s.tenant, o)
			if diff := cmp.Diff(want, got); diff != "" || len(want) != 2 || err != nil {
				t.Errorf("EventsOf: %v\n%s", err, diff)
			}
		}
		if _, err := Get(ctx, tx, s.tenant, id.NewOrder()); !errors.Is(err, ErrNotFound) {
			t.Errorf("Get: %v", err)
		}
		for name, tc := range map[string]struct {
			filter Filter
			want   []id.Order
		}{
			"all":              {Filter{}, newest},
			"a page":           {Filter{Limit: 2}, newest[:2]},
			"the next":         {Filter{Limit: 2, After: newest[1]}, newest[2:4]},
			"by state":         {Filter{States: []State{Cancelled, Assigned}}, newest[4:]},
			"by external id":   {Filter{ExternalID: "A-1", Merchant: s.merchant.ID}, newest[:1]},
			"by store":         {Filter{Stores: []id.Store{s.store.ID}, Zone: s.zone, Limit: 1}, newest[:1]},
			"by another store": {Filter{Stores: []id.Store{id.NewStore()}}, []id.Order{}},
			"from":             {Filter{From: noon.Add(time.Minute)}, newest[:1]},
			"to":               {Filter{To: noon.Add(time.Minute)}, newest[1:]},
			"ended lately":     {Filter{EndedFrom: noon.Add(2 * time.Minute)}, newest[:5]},
		} {
			got, err := List(ctx, tx, s.tenant, tc.filter)
			if diff := cmp.Diff(tc.want, ids(got)); diff != "" || err != nil {
				t.Errorf("List, %s: %v\n%s", name, err, diff)
			}
		}
		return nil
	})
}

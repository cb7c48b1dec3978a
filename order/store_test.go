package order

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

func TestStores(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	ctx, db := t.Context(), s.db
	var bulk []Store
	for i := range 1200 {
		bulk = append(bulk, s.newStore("s"+strconv.Itoa(i)))
	}
	bulk[0].ExternalID = "" // none, twice
	bulk[1].ExternalID = ""
	made, err := CreateStores(ctx, db, s.tenant, bulk)
	if err != nil || len(made) != len(bulk) {
		t.Fatal(len(made), err)
	}
	if _, err := CreateStores(ctx, db, s.tenant, []Store{s.newStore("fresh"), s.newStore("s7")}); !errors.Is(err, ErrStoreTaken) {
		t.Errorf("an external id that is taken: %v", err)
	}
	nowhere := s.newStore("nowhere")
	nowhere.Zone = id.NewZone()
	if _, err := CreateStores(ctx, db, s.tenant, []Store{nowhere}); !errors.Is(err, ErrNotFound) {
		t.Errorf("a zone that is not there: %v", err)
	}
	listed, err := ListStores(ctx, db, s.tenant, StoreFilter{Merchant: s.merchant.ID, After: made[10].ID, Limit: 3})
	if diff := cmp.Diff(made[11:14], listed); diff != "" || err != nil {
		t.Errorf("a page: %v\n%s", err, diff)
	}
	listed, err = ListStores(ctx, db, s.tenant, StoreFilter{ExternalID: "s9"})
	if diff := cmp.Diff(made[9:10], listed); diff != "" || err != nil {
		t.Errorf("by external id: %v\n%s", err, diff)
	}
	s.tx(func(ctx context.Context, tx pgx.Tx) error {
		got, err := Stores(ctx, tx, s.tenant, s.zone)
		if diff := cmp.Diff(append([]Store{s.store}, made...), got); diff != "" {
			t.Errorf("the zone's stores:\n%s", diff)
		}
		return err
	})

	moved := s.store
	moved.Name, moved.ExternalID, moved.At.Lat, moved.Prep, moved.Handoff = "", "", 0, Seconds{}, Seconds{0, 1}
	got, err := UpdateStore(ctx, db, s.tenant, moved)
	if diff := cmp.Diff(moved, got); diff != "" || err != nil {
		t.Errorf("moved: %v\n%s", err, diff)
	}
	moved.ExternalID = "s7"
	if _, err := UpdateStore(ctx, db, s.tenant, moved); !errors.Is(err, ErrStoreTaken) {
		t.Errorf("moved onto another: %v", err)
	}
	moved.ID = id.NewStore()
	if _, err := UpdateStore(ctx, db, s.tenant, moved); !errors.Is(err, ErrNotFound) {
		t.Errorf("a store that is not there: %v", err)
	}
}

func TestMerchants(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	second, err := CreateMerchant(t.Context(), s.db, s.tenant, "Dumplings", noon)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ListMerchants(t.Context(), s.db, s.tenant)
	if diff := cmp.Diff([]Merchant{s.merchant, second}, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if got, err := GetMerchant(t.Context(), s.db, s.tenant, second.ID); err != nil || got != second {
		t.Error(got, err)
	}
	if _, err := GetMerchant(t.Context(), s.db, s.tenant, id.NewMerchant()); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

package rider

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

func ptr[T any](v T) *T { return &v }

func TestCreateRiders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	full := New{
		Zone: w.zone, ExternalID: "e-1", Name: "李雷", Phone: "+86 1", Vehicle: Car, Capacity: 20, MaxOrders: 9,
		Skills: []string{"alcohol", `a"b,{c}\`},
	}
	w.phones = 1
	got := w.create(append([]New{full}, w.newRiders(MaxCreate-1)...)...)
	if len(got) != MaxCreate {
		t.Fatalf("%d riders", len(got))
	}
	want := Rider{
		Tenant: w.tenant, ID: got[0].Rider.ID, Zone: w.zone, ExternalID: "e-1", Name: "李雷", Phone: "+86 1", Vehicle: Car, Capacity: 20,
		MaxOrders: 9, Skills: full.Skills, CreatedAt: noon,
	}
	read, err := Get(t.Context(), w.db, w.tenant, want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, read); diff != "" {
		t.Error(diff)
	}
	w.tx(func(tx pgx.Tx) error {
		many, err := GetMany(t.Context(), tx, w.tenant, []id.Rider{want.ID, id.NewRider()})
		if diff := cmp.Diff([]Rider{want}, many); err == nil && diff != "" {
			t.Error(diff)
		}
		return err
	})
	codes := map[string]bool{}
	for _, c := range got {
		codes[c.EnrolmentCode] = true
	}
	if len(codes) != MaxCreate {
		t.Errorf("%d different codes", len(codes))
	}

	var all []Rider
	for f := (Filter{Zone: w.zone, Limit: 300}); ; {
		page, err := List(t.Context(), w.db, w.tenant, f)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		all = append(all, page...)
		f.After = page[len(page)-1].ID
	}
	if len(all) != MaxCreate || all[0].ID != want.ID {
		t.Errorf("%d riders listed, first %v", len(all), all[0].ID)
	}
}

func TestCreateRidersRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	if _, err := CreateRiders(ctx, w.db, w.tenant, noon, make([]New, MaxCreate+1)); err == nil {
		t.Error("too many were taken")
	}
	for field, spoil := range map[string]func(*New){
		"zone_id":    func(n *New) { n.Zone = id.Zone{} },
		"name":       func(n *New) { n.Name = "" },
		"phone":      func(n *New) { n.Phone = "" },
		"vehicle":    func(n *New) { n.Vehicle = "hovercraft" },
		"capacity":   func(n *New) { n.Capacity = 1001 },
		"max_orders": func(n *New) { n.MaxOrders = -1 },
		"password":   func(n *New) { n.Password = "short" },
	} {
		list := w.newRiders(3)
		spoil(&list[1])
		var invalid *InvalidError
		if _, err := CreateRiders(ctx, w.db, w.tenant, noon, list); !errors.As(err, &invalid) || invalid.Field != field || invalid.Index != 1 {
			t.Errorf("%s: %v", field, err)
		}
	}
	w.riders(1)
	w.phones--
	if _, err := CreateRiders(ctx, w.db, w.tenant, noon, w.newRiders(2)); !errors.Is(err, ErrPhoneTaken) {
		t.Errorf("a taken phone: %v", err)
	}
	list := w.newRiders(1)
	list[0].Zone = addWorld(t, w.db).zone
	if _, err := CreateRiders(ctx, w.db, w.tenant, noon, list); !errors.Is(err, ErrZoneNotFound) {
		t.Errorf("another tenant's zone: %v", err)
	}
	if all, err := List(ctx, w.db, w.tenant, Filter{}); err != nil || len(all) != 1 {
		t.Errorf("%d riders, %v", len(all), err)
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	riders := w.riders(2)
	got, err := Update(ctx, w.db, w.tenant, riders[0], noon, Change{
		Name: ptr("New"), Vehicle: ptr(Bicycle), Capacity: ptr(7), Skills: ptr([]string{"x"}), ExternalID: ptr("e"), Disabled: ptr(true),
	})
	if err != nil || got.Name != "New" || got.Vehicle != Bicycle || got.DisabledAt == nil {
		t.Fatalf("%+v, %v", got, err)
	}
	read, err := Get(ctx, w.db, w.tenant, riders[0])
	if diff := cmp.Diff(got, read); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if got, err = Update(ctx, w.db, w.tenant, riders[0], noon, Change{Disabled: ptr(false), ExternalID: ptr(""), Skills: ptr([]string{})}); err != nil ||
		got.DisabledAt != nil || got.ExternalID != "" || len(got.Skills) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	var invalid *InvalidError
	if _, err := Update(ctx, w.db, w.tenant, riders[0], noon, Change{Capacity: ptr(0)}); !errors.As(err, &invalid) || invalid.Field != "capacity" {
		t.Error(err)
	}
	if _, err := Update(ctx, w.db, w.tenant, riders[0], noon, Change{Password: ptr("short")}); !errors.As(err, &invalid) || invalid.Field != "password" {
		t.Error(err)
	}
	other, _ := Get(ctx, w.db, w.tenant, riders[1])
	if _, err := Update(ctx, w.db, w.tenant, riders[0], noon, Change{Phone: &other.Phone}); !errors.Is(err, ErrPhoneTaken) {
		t.Error(err)
	}
	stranger := addWorld(t, w.db)
	if _, err := Update(ctx, w.db, stranger.tenant, riders[0], noon, Change{Name: ptr("stolen")}); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if _, err := Get(ctx, w.db, stranger.tenant, riders[0]); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestArraysSurviveManyGoroutines(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			want := textArray{"cold box", `a "quoted", one`, strconv.Itoa(i)}
			text, err := want.Value()
			if err != nil {
				t.Error(err)
				return
			}
			var got textArray
			if err := got.Scan(text); err != nil || !slices.Equal(want, got) {
				t.Errorf("%v became %v: %v", want, got, err)
			}
		})
	}
	wg.Wait()
}

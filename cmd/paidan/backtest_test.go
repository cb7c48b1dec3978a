package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/sim/backtest"
)

// A day in the database, played again from the command line.
func TestBacktest(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	w := found(t, db, "town")
	found(t, db, "village")                                // has a zone and no orders
	noon := time.Date(2026, 11, 22, 11, 0, 0, 0, time.UTC) // 12 o'clock in Rome
	made, err := rider.CreateRiders(t.Context(), db, w.tenant, noon, []rider.New{{Zone: w.zone, Name: "Gino", Phone: "+39055", Vehicle: rider.Bicycle}})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Tx(t.Context(), w.tenant, func(tx pgx.Tx) error {
		if _, err := rider.StartShift(t.Context(), tx, w.tenant, made[0].Rider.ID, noon, noon.Add(4*time.Hour)); err != nil {
			return err
		}
		stores, err := order.Stores(t.Context(), tx, w.tenant, w.zone)
		if err != nil {
			return err
		}
		var orders []order.Order
		for i := range 3 {
			placed := noon.Add(time.Duration(i) * 10 * time.Minute)
			orders = append(orders, order.Order{
				Tenant: w.tenant, Merchant: stores[0].Merchant, Store: w.store, Zone: w.zone, Pickup: duomo, Load: 1,
				Dropoff: order.Dropoff{At: geo.LatLng{Lat: duomo.Lat + 0.01, Lng: duomo.Lng}}, PlacedAt: placed, DueAt: placed,
				ReadyEstimate: placed.Add(10 * time.Minute), PromiseAt: placed.Add(40 * time.Minute),
			})
		}
		return order.Place(t.Context(), tx, orders, order.System)
	})
	if err != nil {
		t.Fatal(err)
	}
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	try := func(args ...string) outcome {
		t.Helper()
		return run(t, append([]string{"backtest", "--database-url", url, "--tenant", "town", "--iterations", "20"}, args...)...)
	}
	day := []string{"--from", "2026-11-22", "--to", "2026-11-23"}
	zone := func(args ...string) []string { return append([]string{"--zone", "Centro"}, args...) }

	report := filepath.Join(t.TempDir(), "report.json")
	o := try(append(day, "--zone", w.zone.String(), "--policy", file("rare.yaml", "interval_s: 300"), "--json", report)...)
	if o.status != 0 || !strings.Contains(o.stdout, "rare-zone's") || !strings.Contains(o.stdout, "2026-11-22 00:00 to 2026-11-23 00:00, Europe/Rome") {
		t.Errorf("%+v", o)
	}
	data, err := os.ReadFile(report)
	var r backtest.Report
	if err != nil || json.Unmarshal(data, &r) != nil || r.Recorded.Delivered != 0 || r.Own.Delivered != 3 || r.Other == nil || r.Other.Delivered != 3 ||
		r.Difference["ctd_mean"] <= 0 {
		t.Errorf("%v: %s", err, data)
	}
	// The second half of the hour, without another policy.
	o = try(zone("--from", "2026-11-22 12:15", "--to", "2026-11-22T12:00:00Z", "--json", "-")...)
	if r = (backtest.Report{}); o.status != 0 || json.Unmarshal([]byte(o.stdout), &r) != nil || r.Own.Orders != 1 || r.Other != nil || r.Recorded.ShiftHours != 0.75 {
		t.Errorf("%+v", o)
	}

	for _, tc := range []struct {
		args []string
		says string
	}{
		{append(day, "--zone", "Centro", "--tenant", "pisa"), `--tenant: no such tenant: "pisa"`},
		{append(day, "--zone", "Oltrarno"), `--zone: no such zone: "Oltrarno"; there are: Centro`},
		{zone("--from", "yesterday", "--to", "2026-11-23"), `--from: "yesterday" is not a time`},
		{zone("--from", "2026-11-22", "--to", "2026-11-31"), `--to: "2026-11-31" is not a time`},
		{zone("--from", "2026-11-22", "--to", "2026-11-22"), "--to: must be later than --from"},
		{zone("--from", "2026-11-01", "--to", "2026-12-03"), "--to: at most 31 days after --from"},
		{zone("--from", "2026-11-21", "--to", "2026-11-22"), "--from, --to: zone Centro had no orders"},
		{append(day, "--zone", "Centro", "--tenant", "village"), "--from, --to: zone Centro had no orders"},
		{append(day, "--zone", "Centro", "--policy", file("bad.json", `{"max_order": 3}`)), "--policy: "},
		{append(day, "--zone", "Centro", "--policy", file("much.yaml", "max_orders: 300")), "max_orders must be 1 to 50"},
		{append(day, "--zone", "Centro", "--iterations", "0"), "--iterations"},
	} {
		try(tc.args...).fails(t, tc.says)
	}
	for says, args := range map[string][]string{"--policy": append(day, "--zone", "Centro", "--policy", "absent.yaml"), "--zone": day} {
		if o := try(args...); o.status == 0 || !strings.Contains(o.stderr, says) {
			t.Errorf("%v: %+v", args, o)
		}
	}
	run(t, "backtest", "--data-dir", t.TempDir(), "--tenant", "town", "--zone", "Centro", "--from", "2026-11-22", "--to", "2026-11-23").
		fails(t, "--data-dir: there is no database in")

	// Nothing was written.
	b, err := dispatch.CheckBooks(t.Context(), db, w.tenant)
	if err != nil || b.Orders != 3 || b.Events != 3 || len(b.Faults) > 0 {
		t.Errorf("%+v: %v", b, err)
	}
}

package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/app"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/sim/people"
)

// TestAReplaySurvivesKills is the acceptance of a recorded day during which the server is killed three times. Every run replays
// eighteen minutes with few riders at a high speed; with PAIDAN_LONG it is the whole day with all of them at 60×
// (twenty minutes: go test -timeout 60m).
func TestAReplaySurvivesKills(t *testing.T) {
	t.Parallel()
	day := recordedDay(t)
	o := people.ReplayOptions{Dir: day, Seed: 1, Staff: people.Credentials{Tenant: "replay", Email: "replay@paidan.invalid", Password: townPassword}}
	speed := 60.0
	limit := time.Hour
	if os.Getenv("PAIDAN_LONG") == "" {
		o.Dir, o.From, o.To, speed, limit = fewRiders(t, day, 25, "11:00:00", "15:30:00"), "12:02", "12:20", 150, 3*time.Minute
		// Nobody answers as quickly as a clock at this speed and a race detector ask for.
		o.Policy = map[string]any{"offer_ttl_s": 120, "interval_s": 20, "stale_after_s": 1800}
	}
	c := clock.Scaled{Epoch: time.Now(), Start: startOf(o.From), Speed: speed}
	o.Clock = c
	dir := dataDir(t)
	args := []string{"--data-dir", dir, "--clock", c.String()}
	n := serve(t, args...).waitReady()
	o.URL = n.url
	var tenant id.Tenant
	private(t, dir, func(db *pg.DB) {
		if err := app.Bootstrap(t.Context(), db, c, o.Staff.Tenant, "Replay", "UTC", o.Staff.Email, o.Staff.Password); err != nil {
			t.Fatal(err)
		}
		var err error
		if tenant, err = app.FindTenant(t.Context(), db, o.Staff.Tenant); err != nil {
			t.Fatal(err)
		}
	})

	begun := make(chan struct{})
	o.Ready = begun
	ended := make(chan struct{})
	var report people.Report
	var failed error
	go func() {
		defer close(ended)
		report, failed = people.Replay(t.Context(), o)
	}()
	select {
	case <-begun:
	case <-ended:
		t.Fatalf("the day did not begin: %v", failed)
	}
	total := countOrders(t, o)
	for _, share := range []float64{0.2, 0.5, 0.8} {
		private(t, dir, func(db *pg.DB) {
			until(t, fmt.Sprintf("%.0f %% of the orders are placed, some of them on their way", 100*share), limit, func() bool {
				var placed, active int
				err := db.Read(t.Context(), tenant, func(tx pgx.Tx) error {
					return tx.QueryRow(t.Context(), `SELECT count(*), count(*) FILTER (WHERE rider_id IS NOT NULL AND ended_at IS NULL)
						FROM orders WHERE tenant_id = $1`, tenant).Scan(&placed, &active)
				})
				if err != nil {
					t.Fatal(err)
				}
				return placed >= int(share*float64(total)) && active > 0
			})
		})
		n.kill()
		n = serveAt(t, strings.TrimPrefix(n.url, "http://"), args...).waitReady()
	}
	until(t, "the day ends", limit, func() bool {
		select {
		case <-ended:
			return true
		default:
			return false
		}
	})
	if failed != nil {
		t.Fatal(failed)
	}

	r := report
	t.Logf("%d orders: %d delivered, %d cancelled, %d returned in %.0f s; click to door %.0f s; %d calls, %d retries", r.Orders.Placed,
		r.Orders.Delivered, r.Orders.Cancelled, r.Orders.Returned, r.WallS, r.ClickToDoor.MeanS, r.API.Calls, r.API.Retries)
	if r.Orders.Placed != total || r.Orders.Delivered+r.Orders.Cancelled+r.Orders.Returned != total || r.Orders.Open != 0 {
		t.Errorf("of %d orders: %+v", total, r.Orders)
	}
	if r.Orders.Delivered < total/2 {
		t.Errorf("only %d of %d orders were delivered", r.Orders.Delivered, total)
	}
	if r.API.Errors != 0 || r.People.FaultCount != 0 {
		t.Errorf("%d API errors %v, %d faults %v", r.API.Errors, r.API.Faults, r.People.FaultCount, r.People.Faults)
	}
	if r.API.Retries == 0 {
		t.Error("nobody noticed that the server was away")
	}
	if r.Mismatches != (people.Mismatches{}) {
		t.Errorf("the server's books and the people's belief differ: %+v", r.Mismatches)
	}
	private(t, dir, func(db *pg.DB) {
		books := balanced(t, db, tenant)
		if books.Orders != total {
			t.Errorf("the books have %d orders of %d", books.Orders, total)
		}
		unexplained(t, db, tenant)
	})
	n.stop()
}

// unexplained looks for orders that ended without a word why.
func unexplained(t *testing.T, db *pg.DB, tenant id.Tenant) {
	t.Helper()
	var n int
	err := db.Read(t.Context(), tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT count(*) FROM orders WHERE tenant_id = $1 AND state = 'cancelled' AND coalesce(cancel_reason, '') = ''`, tenant).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	if n > 0 {
		t.Errorf("%d orders are cancelled without a reason", n)
	}
}

// recordedDay is a day of the public data set; tests that need it are skipped where it is absent.
func recordedDay(t *testing.T) string {
	t.Helper()
	data := os.Getenv("PAIDAN_DATA")
	if data == "" {
		data = "../../../shared/data"
	}
	if !filepath.IsAbs(data) && os.Getenv("PAIDAN_DATA") != "" { // as seen from the repository
		data = filepath.Join("../..", data)
	}
	dir := filepath.Join(data, "rappi", "16")
	if _, err := os.Stat(filepath.Join(dir, "orders.csv")); err != nil {
		t.Skipf("no recorded day: %v; PAIDAN_DATA names the folder of the data sets", err)
	}
	return dir
}

// countOrders counts the orders of the window.
func countOrders(t *testing.T, o people.ReplayOptions) int {
	t.Helper()
	n := 0
	eachLine(t, filepath.Join(o.Dir, "orders.csv"), func(line string) {
		at := strings.Split(line, ",")[5]
		if at != "placement_time" && (o.From == "" || at >= o.From) && (o.To == "" || at < o.To) {
			n++
		}
	})
	return n
}

// fewRiders is the day with only so many riders, who are at work the whole time.
func fewRiders(t *testing.T, day string, most int, from, to string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), filepath.Base(day))
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	orders, err := os.ReadFile(filepath.Join(day, "orders.csv"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "orders.csv"), orders, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	eachLine(t, filepath.Join(day, "couriers.csv"), func(line string) {
		f := strings.Split(line, ",")
		if len(kept) == 0 || len(kept) <= most && f[1] == "motorcycle" && f[4] <= from && f[5] >= to {
			kept = append(kept, line)
		}
	})
	if err := os.WriteFile(filepath.Join(dir, "couriers.csv"), []byte(strings.Join(kept, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func eachLine(t *testing.T, file string, visit func(line string)) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		visit(lines.Text())
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

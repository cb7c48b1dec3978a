package rider

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

func rowOf(tenant id.Tenant, rider id.Rider, f Fix, received time.Time) fixRow {
	return fixRow{packedFix: packFix(&f), tenant: tenant, rider: rider, received: received.UnixMicro()}
}

func someRows(tenant id.Tenant, n int) []fixRow {
	rows := make([]fixRow, n)
	for i := range rows {
		f := at(shanghai, i%60)
		f.SpeedMps, f.HeadingDeg = ptr(4.5), ptr(90.0)
		rows[i] = rowOf(tenant, id.NewRider(), f, noon)
	}
	return rows
}

func BenchmarkStorePositions(b *testing.B) {
	w := newWorld(b)
	if err := EnsurePartitions(b.Context(), w.db, noon); err != nil {
		b.Fatal(err)
	}
	rows := someRows(w.tenant, 5000)
	b.Run("unnest", func(b *testing.B) {
		for b.Loop() {
			if err := storeRows(b.Context(), w.db, w.tenant, rows); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)*float64(len(rows))/b.Elapsed().Seconds(), "rows/s")
	})
	// What it is measured against: COPY into a temporary table, then INSERT … SELECT.
	b.Run("copy-staged", func(b *testing.B) {
		columns := []string{"rider_id", "at", "received_at", "seq", "lat", "lng", "accuracy_m", "speed_mps", "heading_deg"}
		for b.Loop() {
			err := w.db.Tx(b.Context(), w.tenant, func(tx pgx.Tx) error {
				if _, err := tx.Exec(b.Context(), `create temporary table if not exists incoming (rider_id uuid, at timestamptz, received_at timestamptz, seq bigint,
					lat float8, lng float8, accuracy_m real, speed_mps real, heading_deg real) on commit delete rows`); err != nil {
					return err
				}
				_, err := tx.CopyFrom(b.Context(), pgx.Identifier{"incoming"}, columns, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
					r := &rows[i]
					return []any{r.rider, time.UnixMicro(r.at), time.UnixMicro(r.received), r.seq, r.place.unpack().Lat, r.place.unpack().Lng, r.accuracy, r.speed, r.heading}, nil
				}))
				if err != nil {
					return err
				}
				_, err = tx.Exec(b.Context(), `insert into positions (tenant_id, rider_id, at, received_at, seq, lat, lng, accuracy_m, speed_mps, heading_deg)
					select $1, rider_id, at, received_at, seq, lat, lng, accuracy_m, speed_mps, heading_deg from incoming`, w.tenant)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)*float64(len(rows))/b.Elapsed().Seconds(), "rows/s")
	})
}

// The snapshot's queries for a zone with 7,500 riders on shift, half of whom have work, 500 of them an open offer.
func BenchmarkSnapshotQueries(b *testing.B) {
	w := newWorld(b)
	const riders, offered = 7500, 500
	var all []id.Rider
	for len(all) < riders {
		all = append(all, w.riders(750)...)
	}
	w.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(b.Context(), `insert into shifts (tenant_id, id, rider_id, zone_id, started_at, ends_at)
			select tenant_id, id, id, zone_id, $2, $3 from riders where tenant_id = $1`, w.tenant, noon, noon.Add(time.Hour))
		if err != nil {
			return err
		}
		var plans []Plan
		for i, r := range all {
			p := Plan{Rider: r, Zone: w.zone, Version: 1}
			if i%2 == 0 {
				for _, o := range orderIDs(2) {
					p.Stops = append(p.Stops, timed(o, Pickup, 3), timed(o, Dropoff, 9))
				}
			}
			plans = append(plans, p)
		}
		return SavePlans(b.Context(), tx, w.tenant, noon, plans)
	})
	var offers []Offer
	for i, o := range w.orders(offered) {
		offers = append(offers, w.offer(all[i], o))
	}
	if made := w.make(offers...); len(made) != offered {
		b.Fatal(len(made))
	}
	pgtest.Analyze(b, w.db)
	run := func(name string, want int, fn func(tx pgx.Tx) (int, error)) {
		b.Run(name, func(b *testing.B) {
			defer onCPU(b)()
			for b.Loop() {
				err := w.db.Read(b.Context(), w.tenant, func(tx pgx.Tx) error {
					n, err := fn(tx)
					if n != want {
						b.Fatalf("%d, want %d", n, want)
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("on-shift", riders, func(tx pgx.Tx) (int, error) {
		l, err := OnShiftIn(b.Context(), tx, w.tenant, w.zone)
		return len(l), err
	})
	run("plans", riders, func(tx pgx.Tx) (int, error) {
		l, err := PlansIn(b.Context(), tx, w.tenant, w.zone)
		return len(l), err
	})
	run("offers", offered, func(tx pgx.Tx) (int, error) {
		l, err := OpenOffers(b.Context(), tx, w.tenant, w.zone)
		return len(l), err
	})
}

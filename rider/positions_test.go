package rider

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

func newBus(t testing.TB) *bus.Bus {
	t.Helper()
	b, err := bus.Open(t.Context(), bus.Options{Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return b
}

// From phone to table, to another node that listens, and to a third that starts later.
func TestPositionsReachTableBusAndLaterNodes(t *testing.T) {
	t.Parallel()
	w, b := newWorld(t), newBus(t)
	stranger := addWorld(t, w.db)
	c := clock.NewManual(noon)
	ix := NewIndex()
	g := NewIngest(w.db, b, ix, c, quiet)

	listener := NewIndex()
	stopListening, err := Follow(t.Context(), b, listener)
	if err != nil {
		t.Fatal(err)
	}
	defer stopListening()
	heard := make(chan struct{}, 16)
	stopWatching, err := b.Subscribe(bus.PositionsSubject(w.tenant, w.zone), func(string, []byte) { heard <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	defer stopWatching()

	if err := EnsurePartitions(t.Context(), w.db, noon); err != nil { // Run does it too, but here it may be stopped before
		t.Fatal(err)
	}
	running := start(t, g)
	riders, off := w.onShift(2), w.riders(1)[0]
	theirs := stranger.onShift(1)[0]
	moving := at(shanghai, -20)
	moving.SpeedMps, moving.HeadingDeg = ptr(4.5), ptr(90.0)
	for _, r := range append(riders, off) {
		if got := g.Accept(t.Context(), w.tenant, w.zone, r, EBike, []Fix{at(shanghai, -30), moving}); got.Accepted != 2 {
			t.Fatalf("%+v", got)
		}
		<-heard
	}
	long := at(shanghai, -3600)
	g.Accept(t.Context(), w.tenant, w.zone, riders[0], EBike, []Fix{long})
	g.Accept(t.Context(), stranger.tenant, stranger.zone, theirs, EBike, []Fix{at(shanghai, -5)})
	if err := running(); err != nil {
		t.Fatal(err)
	}

	w.tx(func(tx pgx.Tx) error {
		var n, strays int
		var speed, heading *float32
		if err := tx.QueryRow(t.Context(), "select count(*), count(*) filter (where tableoid = 'positions_default'::regclass) from positions").Scan(&n, &strays); err != nil {
			return err
		}
		if n != 7 || strays != 0 {
			t.Errorf("%d rows of the tenant, %d of them strays", n, strays)
		}
		err := tx.QueryRow(t.Context(), "select speed_mps, heading_deg from positions where tenant_id = $1 and rider_id = $2 and at = $3",
			w.tenant, off, moving.At).Scan(&speed, &heading)
		if err == nil && (*speed != 4.5 || *heading != 90) {
			t.Errorf("%v, %v", *speed, *heading)
		}
		return err
	})
	third := NewIndex()
	newer := at(offset(shanghai, 30, 0), -1)
	third.Update(w.tenant, w.zone, riders[0], newer) // heard before the load was through
	if err := Load(t.Context(), w.db, third, noon); err != nil {
		t.Fatal(err)
	}
	if _, heard := third.Last(w.tenant, off); third.Len() != 4 || !heard {
		t.Errorf("%d riders loaded, want four; who is off shift is among them: %v", third.Len(), heard)
	}
	if f, _ := third.Last(w.tenant, riders[0]); f.Seq != newer.Seq {
		t.Errorf("the load took the rider back to %v", f.At)
	}
	for _, i := range []*Index{listener, third} {
		if f, ok := i.Last(w.tenant, riders[1]); !ok || f.Seq != -20 || *f.SpeedMps != 4.5 {
			t.Errorf("%+v", f)
		}
	}
	if err := g.Load(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestStoreIsBoundByTheTenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stranger := addWorld(t, w.db)
	rows := []fixRow{rowOf(w.tenant, id.NewRider(), at(shanghai, 0), noon)}
	if err := storeRows(t.Context(), w.db, w.tenant, rows); err != nil {
		t.Fatal(err)
	}
	stranger.tx(func(tx pgx.Tx) error {
		var n int
		err := tx.QueryRow(t.Context(), "select count(*) from positions where tenant_id = $1", w.tenant).Scan(&n)
		if n != 0 {
			t.Errorf("another tenant sees %d rows", n)
		}
		return err
	})
	err := stranger.db.Tx(t.Context(), stranger.tenant, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into positions (tenant_id, rider_id, at, received_at, seq, lat, lng, accuracy_m)
			values ($1, $2, $3, $3, 1, 0, 0, 0)`, w.tenant, id.NewRider(), noon)
		return err
	})
	if !refused(err) {
		t.Errorf("written for another tenant: %v", err)
	}
	// Why it is not COPY:
	err = w.db.Tx(t.Context(), w.tenant, func(tx pgx.Tx) error {
		_, err := tx.CopyFrom(t.Context(), pgx.Identifier{"positions"}, []string{"tenant_id"}, pgx.CopyFromRows([][]any{{w.tenant}}))
		return err
	})
	var e *pgconn.PgError
	if !errors.As(err, &e) || e.Code != "0A000" {
		t.Errorf("PostgreSQL now takes COPY with row-level security: use it (%v)", err)
	}
}

func TestPartitionsAheadAndStrays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := pgtest.Open(t, w.db.Pool.Config().ConnString())
	day := time.Date(2031, 5, 5, 23, 59, 0, 0, time.UTC)
	done := make(chan error, 2)
	go func() { done <- EnsurePartitions(t.Context(), w.db, day) }()
	go func() { done <- EnsurePartitions(t.Context(), other, day) }()
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	rows := []fixRow{}
	for i := -5; i <= 4; i++ {
		f := at(shanghai, 0)
		f.At = day.AddDate(0, 0, i)
		rows = append(rows, rowOf(w.tenant, id.NewRider(), f, day))
	}
	if err := storeRows(t.Context(), w.db, w.tenant, rows); err != nil {
		t.Fatal(err)
	}
	w.tx(func(tx pgx.Tx) error {
		var strays int
		err := tx.QueryRow(t.Context(), "select count(*) from positions where tableoid = 'positions_default'::regclass").Scan(&strays)
		if want := len(rows) - partitionDays - partitionsBack; strays != want {
			t.Errorf("%d strays, want %d", strays, want)
		}
		return err
	})
	// A day's partition takes its strays along.
	if err := EnsurePartitions(t.Context(), w.db, day.AddDate(0, 0, 1)); err != nil {
		t.Error(err)
	}
	stored := func(query string, want int) {
		t.Helper()
		w.tx(func(tx pgx.Tx) error {
			var n int
			err := tx.QueryRow(t.Context(), query).Scan(&n)
			if n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
			return err
		})
	}
	const strays = "select count(*) from positions where tableoid = 'positions_default'::regclass"
	stored(strays, 3)
	stored("select count(*) from positions", len(rows))
	// Strays are forgotten at the same time as everybody else: here four days before, of which two have no partition.
	if err := DropPartitions(t.Context(), w.db, day.AddDate(0, 0, -1)); err != nil {
		t.Error(err)
	}
	stored(strays, 1)
	stored("select count(*) from positions where at < '2031-05-04'", 0)
	stored("select count(*) from positions", len(rows)-4)
}

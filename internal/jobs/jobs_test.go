package jobs

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

type greet struct {
	Name string `json:"name"`
}

func (greet) Kind() string { return "greet" }

type stubborn struct{}

func (stubborn) Kind() string { return "stubborn" }
func (stubborn) Policy() Policy {
	return Policy{Delays: []time.Duration{0, 0, 0}, Queue: "stubborn", Workers: 2, Timeout: time.Minute}
}

func client(t *testing.T, db *pg.DB, c clock.Clock) *Client {
	t.Helper()
	x, err := New(db, Options{Clock: c, Log: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func start(t *testing.T, c *Client) {
	t.Helper()
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
		defer cancel()
		if err := c.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestJobsRunOnceTheirTransactionHasCommitted(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tenant := pgtest.Tenant(t, db)
	c := client(t, db, nil)
	ran := make(chan string, 10)
	Handle(c, func(_ context.Context, g greet) error {
		ran <- g.Name
		return nil
	})
	start(t, c)
	lost := errors.New("lost")
	if err := db.Tx(t.Context(), tenant, func(tx pgx.Tx) error {
		if err := c.Insert(t.Context(), tx, greet{"nobody"}); err != nil {
			return err
		}
		return lost
	}); !errors.Is(err, lost) {
		t.Fatal(err)
	}
	if err := db.Tx(t.Context(), tenant, func(tx pgx.Tx) error {
		if err := c.Insert(t.Context(), tx); err != nil { // nothing to do is fine
			return err
		}
		return c.Insert(t.Context(), tx, greet{"甲"}, greet{"乙"})
	}); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{<-ran: true, <-ran: true}
	if !got["甲"] || !got["乙"] {
		t.Errorf("%v", got)
	}
	var n int
	if err := db.Pool.QueryRow(t.Context(), "select count(*) from river_job").Scan(&n); err != nil || n != 2 {
		t.Errorf("%d jobs, %v", n, err)
	}
}

func TestAttemptsFollowThePolicy(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := client(t, db, nil)
	ran := make(chan Info)
	Handle(c, func(ctx context.Context, _ stubborn) error {
		ran <- InfoOf(ctx)
		return errors.New("no")
	})
	start(t, c)
	if err := c.Enqueue(t.Context(), stubborn{}); err != nil {
		t.Fatal(err)
	}
	for want := 1; want <= 3; want++ {
		if i := <-ran; i.Attempt != want || i.MaxAttempts != 3 || !i.Due.IsZero() {
			t.Errorf("%+v, want attempt %d", i, want)
		}
	}
	waitForState(t, db, "discarded")
}

func TestDiscardGivesUp(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := client(t, db, nil)
	Handle(c, func(context.Context, greet) error { return Discard(errors.New("gone for good")) })
	start(t, c)
	if err := c.Enqueue(t.Context(), greet{}); err != nil {
		t.Fatal(err)
	}
	waitForState(t, db, "cancelled")
}

func TestInsertAtGoesByTheClock(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tenant := pgtest.Tenant(t, db)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	sys := clock.System{}
	c := client(t, db, clock.Scaled{Epoch: sys.Now(), Start: noon, Speed: 60})
	if err := db.Tx(t.Context(), tenant, func(tx pgx.Tx) error {
		return c.InsertAt(t.Context(), tx, noon.Add(time.Hour), greet{})
	}); err != nil {
		t.Fatal(err)
	}
	var in time.Duration
	if err := db.Pool.QueryRow(t.Context(), "select scheduled_at - created_at from river_job").Scan(&in); err != nil {
		t.Fatal(err)
	}
	if in < 50*time.Second || in > 61*time.Second {
		t.Errorf("an hour at 60× is %v", in)
	}
}

func TestStopCutsOffWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := client(t, db, nil)
	running := make(chan struct{})
	Handle(c, func(ctx context.Context, _ greet) error {
		close(running)
		<-ctx.Done()
		return ctx.Err()
	})
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Enqueue(t.Context(), greet{}); err != nil {
		t.Fatal(err)
	}
	<-running
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Stop(ctx); err == nil {
		t.Error("it claims that the job had ended")
	}
}

// waitForState asks until the only job is in a state.
func waitForState(t *testing.T, db *pg.DB, want string) {
	t.Helper()
	for state := ""; state != want; {
		if err := db.Pool.QueryRow(t.Context(), "select state::text from river_job").Scan(&state); err != nil {
			t.Fatal(err)
		}
	}
}

package people

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/sim/rappi"
)

// Credentials are those of a member of the staff who may create zones, stores and riders.
type Credentials struct{ Tenant, Email, Password string }

// ReplayOptions say what to replay, where, and how.
type ReplayOptions struct {
	Dir      string // with orders.csv and couriers.csv
	From, To string // "HH:MM" of the recorded day; "" is its beginning or end
	URL      string // of the server
	Staff    Credentials
	// Clock is the server's; nil asks the server for its time and speed.
	Clock clock.Clock
	Seed  uint64
	Out   io.Writer // progress; nil is silent
	Log   *slog.Logger
	// Policy is the zone's, nil the server's default.
	Policy map[string]any
	// Patience is how long a merchant waits for a rider, the food being ready, before it cancels; 0 is 90 minutes.
	Patience time.Duration
	// Drain is how long after the window the replay waits for open orders; then those without a rider are cancelled;
	// 0 is two hours.
	Drain time.Duration
	// Ready is closed, when not nil, as soon as the day begins: stores and riders are there.
	Ready chan<- struct{}
}

func (o *ReplayOptions) defaults() {
	if o.Patience == 0 {
		o.Patience = 90 * time.Minute
	}
	if o.Drain == 0 {
		o.Drain = 2 * time.Hour
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
}

// replay is a run.
type replay struct {
	*world
	o        ReplayOptions
	day      rappi.Day
	from, to time.Duration
	origin   time.Time // the recorded midnight on the server's clock
	speed    float64
	run      string // distinguishes the run's names from those of others on the same server
	staff    *client.Staff
	shop     *client.Merchant
	zone     string
	stores   map[rappi.Site]string
	riders   []*client.Rider // parallel to day.Couriers
	time     *timeline
	bar      *progress
	orders   []*job // parallel to day.Orders
	faults   faults
}

// Replay plays the recorded day through the public API until all orders have ended, or Drain has passed, and reports.
func Replay(ctx context.Context, o ReplayOptions) (Report, error) {
	o.defaults()
	from, to, err := rappi.ParseWindow(o.From, o.To)
	if err != nil {
		return Report{}, err
	}
	whole, err := rappi.Read(o.Dir)
	if err != nil {
		return Report{}, err
	}
	from, to = trim(whole, o, from, to)
	r := &replay{o: o, day: whole.Window(from, to), from: from, to: to}
	if len(r.day.Orders) == 0 {
		return Report{}, errors.New("no orders are placed in the window")
	}
	if err := r.connect(ctx); err != nil {
		return Report{}, err
	}
	defer r.client.Close()
	r.bar = newProgress(o.Out, r)
	defer r.bar.close()
	begin := time.Now()
	if err := r.setUp(ctx); err != nil {
		return Report{}, fmt.Errorf("set up: %w", err)
	}
	if err := r.play(ctx); err != nil {
		return Report{}, err
	}
	r.bar.phase("reading results", 0)
	rep, err := r.report(ctx)
	rep.WallS = time.Since(begin).Seconds()
	return rep, err
}

// connect signs in and learns the server's clock.
func (r *replay) connect(ctx context.Context) error {
	c := r.o.Clock
	if c == nil {
		probe := client.New(client.Options{URL: r.o.URL})
		staff, err := probe.LoginStaff(ctx, r.o.Staff.Tenant, r.o.Staff.Email, r.o.Staff.Password)
		if err != nil {
			return err
		}
		s, err := staff.Settings(ctx)
		if err != nil {
			return err
		}
		c = clock.Scaled{Epoch: time.Now(), Start: s.Now, Speed: max(s.ClockSpeed, 1)}
		probe.Close()
	}
	r.speed = float64(time.Hour) / float64(c.Real(time.Hour))
	r.world = newWorld(c, client.New(client.Options{URL: r.o.URL, Clock: c}), r.o.Log)
	r.time = newTimeline(c)
	staff, err := r.client.LoginStaff(ctx, r.o.Staff.Tenant, r.o.Staff.Email, r.o.Staff.Password)
	r.staff = staff
	return err
}

// shopHands is how many orders and kitchen reports are under way at once.
const shopHands = 64

// play lets the day happen.
func (r *replay) play(ctx context.Context) error {
	r.begin()
	if r.o.Ready != nil {
		close(r.o.Ready)
	}
	day, stop := context.WithCancel(ctx)
	defer stop()
	var g errgroup.Group
	g.Go(func() error { return r.time.run(day, shopHands) })
	g.Go(func() error { return r.bar.run(day) })
	riders := r.sendRiders(day)

	err := r.watch(day)
	close(r.closing)
	if err == nil {
		err = r.goHome(ctx, riders)
	}
	stop()
	<-riders
	_ = g.Wait() // both end with the day
	return err
}

// goHome waits until all riders have ended their shifts, which those with food on board may not be able to.
func (r *replay) goHome(ctx context.Context, riders <-chan struct{}) error {
	limit, stop := r.clock.After(30 * time.Minute)
	defer stop()
	select {
	case <-riders:
	case <-limit:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

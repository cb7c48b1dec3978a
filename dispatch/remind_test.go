package dispatch

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// reminded is a city whose riders are off shift and book the dinner that begins at 18:00 UTC, in Shanghai 2:00 of the day after; it keeps who was told what.
type reminded struct {
	*city
	template rider.Template
	mu       sync.Mutex
	told     []rider.Notice
}

var (
	dinner    = time.Date(2026, 3, 2, 18, 0, 0, 0, time.UTC)
	dinnerDay = time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)
)

func newReminded(t *testing.T, riders int, change ...func(*Policy)) (*reminded, []id.Rider) {
	t.Helper()
	w := &reminded{city: newCity(t, change...)}
	w.s.Waking(func(_ context.Context, _ pgx.Tx, _ id.Tenant, list []rider.Notice, _ time.Time) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.told = append(w.told, list...)
		return nil
	})
	list := make([]rider.New, riders)
	for i := range list {
		list[i] = rider.New{Zone: w.zone.ID, Name: fmt.Sprintf("Rider %d", i), Phone: fmt.Sprintf("+39055%07d", i), Vehicle: "ebike"}
	}
	created, err := rider.CreateRiders(t.Context(), w.db, w.tenant, w.clock.Now(), list)
	must(t, err)
	ids := make([]id.Rider, riders)
	for i, c := range created {
		ids[i] = c.Rider.ID
	}
	w.tx(func(tx pgx.Tx) (err error) {
		w.template, err = rider.CreateTemplate(t.Context(), tx, w.tenant, rider.Template{
			Zone: w.zone.ID, Name: "Dinner", Weekdays: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, From: 2 * 60, To: 5 * 60, Places: 1000, FirstDay: dinnerDay,
		}, w.clock.Now())
		return err
	})
	return w, ids
}

func (w *reminded) tx(fn func(pgx.Tx) error) {
	w.t.Helper()
	must(w.t, w.db.Tx(context.Background(), w.tenant, fn))
}

func (w *reminded) book(r id.Rider, by id.User) (b rider.Booking) {
	w.t.Helper()
	w.tx(func(tx pgx.Tx) (err error) {
		now := w.clock.Now()
		b, _, err = rider.Book(context.Background(), tx, w.tenant, rider.Want{Rider: r, Template: w.template.ID, Day: dinnerDay, By: by, Until: now.AddDate(0, 0, 14)}, now)
		return err
	})
	return b
}

// at has the clock say so, and everybody reminded.
func (w *reminded) at(when time.Time) []rider.Notice {
	w.t.Helper()
	w.clock.Advance(when.Sub(w.clock.Now()))
	must(w.t, w.s.Remind(context.Background(), w.tenant))
	out := w.told
	w.told = nil
	for i := range out {
		out[i].ExpiresAt = out[i].ExpiresAt.UTC()
	}
	return out
}

func (w *reminded) expect(when time.Time, want ...rider.Notice) {
	w.t.Helper()
	got := w.at(when)
	for i, n := range want { // the database keeps the order of one kind to itself
		if !slices.Contains(got, n) {
			w.t.Errorf("at %s: %d: %+v is not among %+v", when.Format(time.TimeOnly), i, n, got)
		}
	}
	if len(got) != len(want) {
		w.t.Errorf("at %s: told %+v, want %+v", when.Format(time.TimeOnly), got, want)
	}
}

func TestRidersAreRemindedOfTheirShifts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w, riders := newReminded(t, 6)
	user := id.NewUser()
	w.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into users (tenant_id, id, email, name, role, password_hash, created_at) values ($1, $2, 'd@example.com', 'Dan', 'dispatcher', '', $3)`,
			w.tenant, user, w.clock.Now())
		return err
	})
	comes, late, gives, works, hasty, sent := riders[0], riders[1], riders[2], riders[3], riders[4], riders[5]
	soon := func(b rider.Booking) rider.Notice {
		return rider.Notice{Rider: b.Rider, Kind: rider.NoticeShift, Booking: b.ID, ExpiresAt: dinner}
	}
	missed := func(b rider.Booking) rider.Notice {
		return rider.Notice{Rider: b.Rider, Kind: rider.NoticeShiftLate, Booking: b.ID, ExpiresAt: dinner.Add(30 * time.Minute)}
	}
	ofComes, ofLate, ofGives, ofWorks := w.book(comes, id.User{}), w.book(late, id.User{}), w.book(gives, id.User{}), w.book(works, id.User{})
	w.clock.Advance(3 * time.Hour)
	w.tx(func(tx pgx.Tx) error { return rider.CancelBooking(ctx, tx, w.tenant, ofGives, 0, w.clock.Now()) })
	start := func(r id.Rider) {
		t.Helper()
		_, _, err := w.s.StartShift(ctx, w.tenant, r, w.clock.Now().Add(time.Hour), w.action())
		must(t, err)
	}
	w.clock.Advance(time.Hour) // 16:00
	start(works)               // until 17:00, which is not dinner

	w.expect(dinner.Add(-time.Hour - time.Second))
	w.expect(dinner.Add(-time.Hour), soon(ofComes), soon(ofLate))
	w.expect(dinner.Add(-time.Hour))
	w.clock.Advance(20 * time.Minute)
	w.book(hasty, id.User{}) // knows
	ofSent := w.book(sent, user)
	_, _, err := w.s.EndShift(ctx, w.tenant, works, w.action())
	must(t, err)
	w.expect(dinner.Add(-40*time.Minute), soon(ofSent), soon(ofWorks))
	w.expect(dinner.Add(-time.Minute))
	start(comes)
	start(works)
	w.tx(func(tx pgx.Tx) error { return rider.CancelBooking(ctx, tx, w.tenant, ofSent, 0, w.clock.Now()) })
	w.expect(dinner)
	w.expect(dinner.Add(5*time.Minute - time.Second))
	start(hasty)
	w.expect(dinner.Add(5*time.Minute), missed(ofLate))
	w.expect(dinner.Add(6 * time.Minute))
	start(late)
	w.expect(dinner.Add(40 * time.Minute))
}

// Many nodes ask in the same minute, and each rider is told once; a transaction that fails has told nobody; and after a long outage only what is of use is told.
func TestRemindersAreGivenOnce(t *testing.T) {
	t.Parallel()
	w, riders := newReminded(t, 40)
	for _, r := range riders {
		w.book(r, id.User{})
	}
	w.clock.Advance(dinner.Add(-30 * time.Minute).Sub(w.clock.Now()))
	notify := w.s.notify
	w.s.notify = func(context.Context, pgx.Tx, id.Tenant, []rider.Notice, time.Time) error {
		return context.DeadlineExceeded
	}
	if err := w.s.Remind(t.Context(), w.tenant); err == nil {
		t.Error("it is not told that nobody could be woken")
	}
	w.s.notify = notify
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := w.s.Remind(context.Background(), w.tenant); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, r := range riders {
		if n := len(slices.DeleteFunc(slices.Clone(w.told), func(x rider.Notice) bool { return x.Rider != r })); n != 1 {
			t.Errorf("told %d times", n)
		}
	}
	w.told = nil
	w.expect(dinner.Add(31 * time.Minute)) // too late for either
}

// Who runs a zone may want no reminders, and no word of absence.
func TestZonesMayNotRemind(t *testing.T) {
	t.Parallel()
	w, riders := newReminded(t, 1, func(p *Policy) { p.Shifts.RemindS, p.Shifts.LateS = 0, 0 })
	w.book(riders[0], id.User{})
	for m := range 40 {
		w.expect(dinner.Add(time.Duration(3*m-60) * time.Minute))
	}
}

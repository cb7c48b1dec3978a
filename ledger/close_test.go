package ledger

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

func (f *firm) closeDays(now time.Time) []Day {
	f.Helper()
	days, err := CloseDays(f.Context(), f.db, f.tenant, now)
	if err != nil {
		f.Fatal(err)
	}
	return days
}

func (f *firm) settlements(filter SettlementFilter) (out []Settlement) {
	f.Helper()
	f.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		out, err = Settlements(ctx, tx, f.tenant, filter)
		return err
	})
	return out
}

func (f *firm) correct(a Account, amount int64, at time.Time) {
	f.Helper()
	f.tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := Adjust(ctx, tx, f.tenant, Correction{Client: uuid.New(), Account: a, Amount: amount, Currency: "CNY", Reason: "-1+1", User: f.user, At: at})
		return err
	})
}

func TestDaysAreClosedOnce(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	if got := f.closeDays(noon); len(got) != 0 {
		t.Errorf("nothing happened, and %v are closed", got)
	}
	midnight := time.Date(2026, 3, 3, 0, 0, 0, 0, shanghai)
	f.ended(noon, f.riders[0], order.EventDelivered)
	f.ended(midnight.Add(-time.Microsecond), f.riders[1], order.EventReturned)
	f.ended(midnight, f.riders[0], order.EventDelivered) // the next day's
	f.correct(OfMerchant(f.merchant), -100, noon)
	if got := f.closeDays(midnight.Add(-time.Microsecond)); len(got) != 0 {
		t.Errorf("the day is not over, and %v are closed", got)
	}
	if got := f.closeDays(midnight); !slices.Equal(got, []Day{"2026-03-02"}) {
		t.Fatalf("closed %v", got)
	}
	if got := f.closeDays(midnight.Add(time.Hour)); len(got) != 0 {
		t.Errorf("again: %v", got)
	}
	of := map[Account]Settlement{}
	for _, s := range f.settlements(SettlementFilter{}) {
		of[s.Account] = s
	}
	for a, want := range map[Account]struct {
		total int64
		lines int
	}{OfMerchant(f.merchant): {500 + 400 - 100, 3}, OfRider(f.riders[0]): {500, 1}, OfRider(f.riders[1]): {500, 1}} {
		if s := of[a]; s.Total != want.total || s.Lines != want.lines || s.Day != "2026-03-02" || s.Currency != "CNY" || s.Name == "" {
			t.Errorf("%+v, want %+v", s, want)
		}
	}
	if len(of) != 3 {
		t.Errorf("%d settlements", len(of))
	}
	// A late posting of the closed day, and two days in which nobody looked.
	f.correct(OfRider(f.riders[1]), 70, noon.Add(time.Hour))
	if got := f.closeDays(midnight.AddDate(0, 0, 3)); !slices.Equal(got, []Day{"2026-03-03", "2026-03-04", "2026-03-05"}) {
		t.Errorf("closed %v", got)
	}
	late := f.settlements(SettlementFilter{Rider: f.riders[1], From: "2026-03-03"})
	if len(late) != 1 || late[0].Total != 70 || late[0].Day != "2026-03-03" {
		t.Errorf("the late one: %+v", late)
	}
	if got := f.settlements(SettlementFilter{Kind: RiderAccount, To: "2026-03-02"}); len(got) != 2 {
		t.Errorf("riders' of the first day: %+v", got)
	}
	if got := f.settlements(SettlementFilter{Merchant: f.merchant, From: "2026-03-03", To: "2026-03-05"}); len(got) != 1 || got[0].Total != 500 {
		t.Errorf("the merchant's next: %+v", got)
	}
	if b := f.booksAgree(); b.Settlements != 6 || b.Transactions != 5 {
		t.Errorf("%+v", b)
	}
}

// Of many nodes that close at once, while orders go on being delivered, each posting is settled once.
func TestClosersRace(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	for range 5 {
		f.ended(noon, f.riders[0], order.EventDelivered)
	}
	closed := make([]int, 6)
	var all sync.WaitGroup
	for i := range closed {
		all.Go(func() {
			days, err := CloseDays(t.Context(), f.db, f.tenant, noon.AddDate(0, 0, 2))
			if err != nil {
				t.Error(err)
			}
			closed[i] = len(days)
		})
	}
	for range 3 {
		all.Go(func() { // late, all of them
			err := f.try(func(ctx context.Context, tx pgx.Tx) error {
				_, err := Adjust(ctx, tx, f.tenant, Correction{
					Client: uuid.New(), Account: OfRider(f.riders[0]), Amount: 1, Currency: "CNY", Reason: "x", User: f.user, At: noon,
				})
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	sum := 0
	for _, n := range closed {
		sum += n
	}
	if sum != 2 {
		t.Errorf("two days were closed %d times", sum)
	}
	f.closeDays(noon.AddDate(0, 0, 3)) // takes what came too late for both
	f.booksAgree()
	var total int64
	for _, s := range f.settlements(SettlementFilter{Rider: f.riders[0]}) {
		total += s.Total
	}
	if total != 5*500+3 {
		t.Errorf("settled %d", total)
	}
}

func TestLinesPage(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	var want []id.Order
	for range 5 {
		want = append(want, f.ended(noon, f.riders[0], order.EventDelivered).ID)
	}
	f.closeDays(noon.AddDate(0, 0, 1))
	s := f.settlements(SettlementFilter{Rider: f.riders[0]})[0]
	var got []id.Order
	var last LinePlace
	for range 3 {
		f.tx(func(ctx context.Context, tx pgx.Tx) error {
			page, err := Lines(ctx, tx, f.tenant, s.ID, last, 2)
			for _, l := range page {
				got, last = append(got, l.Order), l.Place()
				if l.Amount != 500 || l.Kind != Delivered {
					t.Errorf("%+v", l)
				}
			}
			return err
		})
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
}

func TestEarnings(t *testing.T) {
	t.Parallel()
	f := newFirm(t)
	today := DayOf(noon, shanghai)
	f.ended(noon.AddDate(0, 0, -1), f.riders[0], order.EventDelivered)
	f.ended(noon, f.riders[0], order.EventDelivered)
	f.ended(noon, f.riders[0], order.EventCancelled) // no pay
	f.ended(noon, f.riders[1], order.EventDelivered) // another's
	f.correct(OfRider(f.riders[0]), -20, noon)
	var got []Earned
	f.tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		got, err = Earnings(ctx, tx, f.tenant, f.riders[0], today.Start(shanghai), today.Next().Start(shanghai))
		return err
	})
	if !slices.Equal(got, []Earned{{"CNY", 480, 1}}) {
		t.Errorf("%+v", got)
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	summer := Day("2026-03-29") // the clocks go forward: 23 hours
	if d := summer.Next().Start(rome).Sub(summer.Start(rome)); d != 23*time.Hour {
		t.Errorf("it has %v", d)
	}
	if got := Day("2028-02-28").Next(); got != "2028-02-29" {
		t.Errorf("then comes %s", got)
	}
	if got := DayOf(time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC), rome); got != "2027-01-01" {
		t.Errorf("in Rome it is %s", got)
	}
}

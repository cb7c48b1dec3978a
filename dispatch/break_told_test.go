package dispatch

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// A shift with its breaks, recorded and told in any order, some of it twice, ends as it was: what is refused for the time being is sent again.
func TestBreaksToldInAnyOrder(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	ctx := t.Context()
	rng := rand.New(rand.NewPCG(5, 0))
	for range 30 {
		who := c.rider(north(100))
		if _, _, err := c.s.EndShift(ctx, c.tenant, who, Action{}); err != nil {
			t.Fatal(err)
		}
		c.clock.Advance(3 * time.Hour)
		begin := c.clock.Now().Add(-2 * time.Hour)
		act := func(minute int, kind ActKind) Act {
			return Act{Kind: kind, EndsAt: begin.Add(8 * time.Hour), Action: Action{ID: uuid.New(), At: begin.Add(time.Duration(minute) * time.Minute), Recorded: true}}
		}
		log := []Act{act(0, ActStartShift)}
		breaks := []rider.Period{}
		minute := 0
		for range rng.IntN(4) {
			from := minute + 1 + rng.IntN(15)
			minute = from + 1 + rng.IntN(15)
			log = append(log, act(from, ActStartBreak), act(minute, ActEndBreak))
			breaks = append(breaks, rider.Period{From: log[len(log)-2].At, To: log[len(log)-1].At})
		}
		var since, ended *time.Time
		switch rng.IntN(3) {
		case 0:
			log = append(log, act(minute+1, ActStartBreak))
			since = &log[len(log)-1].At
		case 1:
			log = append(log, act(minute+1, ActEndShift))
			ended = &log[len(log)-1].At
		}
		want := toldBreaks{Breaks: breaks, Since: since, Ended: ended}

		queue := append(append([]Act(nil), log...), log[:rng.IntN(len(log)+1)]...)
		rng.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
		arrival := make([]string, len(queue))
		for i, a := range queue {
			arrival[i] = string(a.Kind) + a.At.Format(" 15:04")
		}
		for len(queue) > 0 {
			var again []Act
			for _, a := range queue {
				if _, _, err := c.s.Act(ctx, c.tenant, who, a); err != nil {
					again = append(again, a)
				}
			}
			if len(again) == len(queue) {
				t.Fatalf("%v: %v is always refused", arrival, again)
			}
			queue = again
		}
		if diff := cmp.Diff(want, c.toldBreaks(who)); diff != "" {
			t.Fatalf("%v\nas it was (-), as it came (+):\n%s", arrival, diff)
		}
	}
	c.clean()
}

// A break that was to begin with the last drop did so, whichever of the drop, the wish and the end is told first; but an end that comes between the wish and
// the drop takes the wish back.
func TestABreakAfterTheLastDropToldInAnyOrder(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	ctx := t.Context()
	for _, turn := range [][]int{{0, 1, 2}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		who := c.rider(north(100))
		o := c.place(north(-500), 0)
		if _, err := c.s.Assign(ctx, c.tenant, o, who, 0, dispatcher); err != nil {
			t.Fatal(err)
		}
		c.step(who, o, order.EventPickedUp)
		begin := c.clock.Now()
		c.clock.Advance(time.Hour)
		act := func(minute int, kind ActKind) Act {
			return Act{Kind: kind, Order: o, Action: Action{ID: uuid.New(), At: begin.Add(time.Duration(minute) * time.Minute), AfterLastDrop: kind == ActStartBreak, Recorded: true}}
		}
		log := []Act{act(5, ActStartBreak), act(10, ActDeliver), act(30, ActEndBreak)}
		for _, i := range turn {
			if _, _, err := c.s.Act(ctx, c.tenant, who, log[i]); err != nil {
				t.Fatalf("%v: %s: %v", turn, log[i].Kind, err)
			}
		}
		want := toldBreaks{Breaks: []rider.Period{{From: log[1].At, To: log[2].At}}}
		if diff := cmp.Diff(want, c.toldBreaks(who)); diff != "" {
			t.Errorf("%v\nas it was (-), as it came (+):\n%s", turn, diff)
		}
	}
	c.clean()
}

// toldBreaks is what remains of a shift's breaks.
type toldBreaks struct {
	Breaks       []rider.Period
	Since, Ended *time.Time
}

func (c *city) toldBreaks(who id.Rider) (out toldBreaks) {
	c.t.Helper()
	ctx := context.Background()
	must(c.t, c.db.Read(ctx, c.tenant, func(tx pgx.Tx) error {
		s, err := rider.LastShift(ctx, tx, c.tenant, who)
		if err != nil {
			return err
		}
		out.Since, out.Ended = s.BreakSince, s.EndedAt
		rows, err := tx.Query(ctx, "select started_at, ended_at from shift_breaks where tenant_id = $1 and shift_id = $2 order by 1", c.tenant, s.ID)
		if err != nil {
			return err
		}
		out.Breaks, err = pgx.CollectRows(rows, pgx.RowToStructByPos[rider.Period])
		return err
	}))
	return out
}

package webhook

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
)

// However little is due while PostgreSQL looks at the table, attempts are recorded by the rows' key: read by what is due, each row would cost
// as much as all that is due when there is a rush.
func TestRecordsFindRowsByKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, clock.NewManual(noon))
	e, _ := w.create("https://shop.example/")
	for range 6 {
		w.place(fanOutPage)
		w.until("the events are passed", func() bool {
			if _, err := fanOut(t.Context(), w.db, w.tenant, noon); err != nil {
				t.Fatal(err)
			}
			return len(w.list(e.ID, Pending)) == fanOutPage
		})
		w.tx(func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, "update webhook_deliveries set state = 'delivered', next_at = null")
			return err
		})
	}
	owner, err := pgx.Connect(t.Context(), w.url)
	if err != nil {
		t.Fatal(err)
	}
	_, err = owner.Exec(t.Context(), "vacuum (analyze) webhook_deliveries")
	if err := owner.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	var b book
	for _, d := range w.list(e.ID, Delivered)[:width] {
		b.add(result{parcel{event: d.Event}, attempt{status: 200}}, verdict{delivery: status{state: Delivered}})
	}
	w.tx(func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "explain "+settleDeliveries,
			w.tenant, e.ID, b.events, b.version, b.states, b.tries, b.nextAts, b.ats, b.status, b.errors, b.bodies, b.took)
		if err != nil {
			return err
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if plan := strings.Join(lines, "\n"); !strings.Contains(plan, "webhook_deliveries_pkey") {
			t.Errorf("%v\n%s", err, plan)
		}
		return err
	})
}

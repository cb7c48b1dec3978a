package api

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// A rider sees how offers were answered, by the rule that the page tells, and which orders wait without asking again.
func TestOfferStatistics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	if got := w.ok(t, c.phone, "GET", "/v1/rider/offers/statistics", nil); got.at("periods").([]any)[0].(m)["acceptance_rate"] != nil {
		t.Errorf("nothing was offered: %s", got.raw)
	}
	c.onShift(t)
	end := func(state rider.OfferState) {
		t.Helper()
		offer := c.offer(t, c.place(t))
		err := w.db.Tx(t.Context(), c.tenant, func(tx pgx.Tx) error {
			_, err := rider.CloseOffers(t.Context(), tx, c.tenant, []id.Offer{offer}, state, "", w.clock.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	end(rider.OfferDeclined) // long ago
	w.clock.Advance(10 * 24 * time.Hour)
	for _, state := range []rider.OfferState{rider.OfferAccepted, rider.OfferAccepted, rider.OfferExpired, rider.OfferWithdrawn} {
		end(state)
	}
	c.newToken(t)
	oid := c.place(t)
	w.ok(t, c.phone, "POST", "/v1/rider/offers/"+c.offer(t, oid).String()+"/decline", w.act())

	got := w.ok(t, c.phone, "GET", "/v1/rider/offers/statistics", nil)
	week, month := got.at("periods").([]any)[0].(m), got.at("periods").([]any)[1].(m)
	if week["days"] != 7.0 || week["accepted"] != 2.0 || week["declined"] != 1.0 || week["expired"] != 1.0 || week["withdrawn"] != 1.0 || week["acceptance_rate"] != 0.5 {
		t.Errorf("the week: %v", week)
	}
	if month["days"] != 28.0 || month["declined"] != 2.0 || month["acceptance_rate"] != 0.4 {
		t.Errorf("four weeks: %v", month)
	}
	refused := got.at("refused").([]any)
	if len(refused) != 1 || refused[0].(m)["order_id"] != oid || refused[0].(m)["until"] != w.clock.Now().Add(10*time.Minute).Format(time.RFC3339) || got.at("refusal_s") != 600.0 {
		t.Errorf("refused: %s", got.raw)
	}
	w.clock.Advance(10 * time.Minute)
	if got := w.ok(t, c.phone, "GET", "/v1/rider/offers/statistics", nil); len(got.at("refused").([]any)) != 0 {
		t.Errorf("ten minutes later: %s", got.raw)
	}
}

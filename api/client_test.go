package api

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	paidan "github.com/paidan/paidan/client"
	"github.com/paidan/paidan/order"
)

// What the Go client knows of prices is what the API says.
func TestClientAsksForAQuote(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	co := w.company(t)
	co.onShift(t)
	c := paidan.New(paidan.Options{URL: w.url})
	t.Cleanup(c.Close)
	staff, err := c.LoginStaff(t.Context(), co.slug, "finance@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	zone := co.zone.String()
	if have, err := staff.Tariff(t.Context(), zone); err != nil || have.Version != 0 {
		t.Fatalf("%+v, %v", have, err)
	}
	if made, err := staff.PutTariff(t.Context(), zone, 0, tariffJSON()); err != nil || made.Version != 1 {
		t.Fatalf("%+v, %v", made, err)
	}
	_, secret, err := order.CreateKey(t.Context(), w.db, co.tenant, order.NewKey{Merchant: co.merchant, Name: "client"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	till := c.Merchant(secret)
	q, err := till.Quote(t.Context(), paidan.NewQuote{StoreID: co.store.String(), Dropoff: paidan.Place{Location: uffizi}, WeightG: 6000})
	if err != nil || q.Fee.Amount != 400 || len(q.Fee.Terms) != 3 || q.Delivery.P90At.Before(q.Pickup.P50At) || q.PromiseAt.IsZero() {
		t.Fatalf("%+v, %v", q, err)
	}
	o, err := till.PlaceOrder(t.Context(), "k", paidan.NewOrder{StoreID: co.store.String(), QuoteID: q.ID, WeightG: 5500, Dropoff: paidan.Dropoff{Location: uffizi}})
	if err != nil || o.Fee == nil || o.Fee.Amount != 400 || !o.PromiseAt.Equal(q.PromiseAt) {
		t.Errorf("%+v, %v", o, err)
	}
}

// The client knows handovers: who could take an order, asking, declining, calling off, taking over.
func TestClientHandsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	co := w.company(t)
	co.onShift(t)
	to := co.colleague(t)
	for i, x := range []*company{co, to} {
		w.ok(t, x.phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 1, "at": noon, "lat": duomo.Lat + 0.001*float64(i), "lng": duomo.Lng, "accuracy_m": 5}}})
	}
	c := paidan.New(paidan.Options{URL: w.url})
	t.Cleanup(c.Close)
	pair := func(x *company) *paidan.Rider {
		t.Helper()
		r, err := c.Enrol(t.Context(), w.ok(t, co.dispatcher, "POST", "/v1/console/riders/"+x.rider.ID.String()+"/enrolment-code", nil).text("enrolment_code"))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	giver, taker := pair(co), pair(to)
	act := func() paidan.Action { return paidan.Action{ID: uuid.NewString(), At: noon, Reason: "flat tyre"} }
	oid := co.place(t)
	co.take(t, oid)
	near, err := giver.Colleagues(t.Context(), oid)
	if err != nil || len(near) != 1 || near[0].ID != to.rider.ID.String() {
		t.Fatalf("%+v, %v", near, err)
	}
	ask := func() paidan.Handover {
		t.Helper()
		h, err := giver.HandOver(t.Context(), near[0].ID, []string{oid}, nil, act())
		if err != nil || h.State != paidan.HandoverOpen || !h.Mine || h.Reason != "flat tyre" {
			t.Fatalf("%+v, %v", h, err)
		}
		return h
	}
	first := ask()
	if err := taker.SeenHandover(t.Context(), first.ID, act()); err != nil {
		t.Error(err)
	}
	if err := taker.DeclineHandover(t.Context(), first.ID, act()); err != nil {
		t.Error(err)
	}
	var refused *paidan.Problem
	if _, err := taker.AcceptHandover(t.Context(), first.ID, act()); !errors.As(err, &refused) || refused.Code != paidan.CodeHandoverClosed {
		t.Errorf("%v", err)
	}
	if h, err := giver.CancelHandover(t.Context(), ask().ID, act()); err != nil || h.State != paidan.HandoverCancelled {
		t.Errorf("%+v, %v", h, err)
	}
	third := ask()
	if _, err := giver.HandOver(t.Context(), near[0].ID, []string{oid}, nil, act()); !errors.As(err, &refused) || refused.Code != paidan.CodeNoHandover || refused.Reason != "in_handover" {
		t.Errorf("%v", err)
	}
	if plan, err := taker.AcceptHandover(t.Context(), third.ID, act()); err != nil || len(plan.Stops) != 2 {
		t.Errorf("%+v, %v", plan, err)
	}
	all, err := taker.Handovers(t.Context())
	if err != nil || len(all) != 3 || all[0].State != paidan.HandoverDone || all[2].State != paidan.HandoverDeclined {
		t.Errorf("%+v, %v", all, err)
	}

	staff, err := c.LoginStaff(t.Context(), co.slug, "admin@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	preview, err := staff.PreviewHandover(t.Context(), oid) // and back again
	if err != nil || preview.Giver.ID != to.rider.ID.String() || len(preview.Takers) != 1 || preview.Takers[0].RiderID != co.rider.ID.String() || len(preview.Takers[0].Doors) != 1 {
		t.Fatalf("%+v, %v", preview, err)
	}
	asked, err := staff.HandOver(t.Context(), uuid.NewString(), preview.Takers[0].RiderID, []string{oid}, "she asked for it")
	if err != nil || asked.State != paidan.HandoverOpen || asked.Taker.ID != co.rider.ID.String() {
		t.Fatalf("%+v, %v", asked, err)
	}
	if off, err := staff.CancelHandover(t.Context(), asked.ID, "she stays"); err != nil || off.State != paidan.HandoverCancelled || off.EndReason != "she stays" {
		t.Errorf("%+v, %v", off, err)
	}
}

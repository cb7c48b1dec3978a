package api

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/relay"
)

// exchange lends numbers and remembers for whom; closed, it lends none.
type exchange struct {
	wishes []relay.Wish
	closed bool
}

func (e *exchange) Lend(_ context.Context, w relay.Wish) (relay.Line, error) {
	if e.closed {
		return relay.Line{}, errors.New("all lines are busy")
	}
	e.wishes = append(e.wishes, w)
	return relay.Line{Number: "+39 800 1", Until: w.Until}, nil
}

// A rider reaches the customer without seeing the number: their own order's, while they carry it out and for an hour afterwards.
func TestMaskedCalls(t *testing.T) {
	t.Parallel()
	lines := &exchange{}
	w := newWorld(t, func(d *Deps) { d.Lines = lines })
	c := w.company(t)
	c.onShift(t)
	hers := m{"dropoff": m{"location": m{"lat": uffizi.Lat, "lng": uffizi.Lng}, "contact_phone": "+39 055 284361"}}
	oid, others, mute := c.place(t, hers), c.place(t, hers), c.place(t)
	path := "/v1/rider/orders/" + oid + "/call"
	w.refused(t, c.phone, "POST", path, nil, codeNotFound) // not the rider's yet
	c.take(t, oid)
	c.take(t, mute)
	w.refused(t, c.phone, "POST", path, nil, codeNoCall) // the zone shows numbers as they are
	c.policy(t, m{"privacy": m{"courier_phone": "masked", "courier_position": true, "customer_phone": "relay"}})
	w.refused(t, c.phone, "POST", "/v1/rider/orders/"+mute+"/call", nil, codeNoCall)
	w.refused(t, c.phone, "POST", "/v1/rider/orders/"+others+"/call", nil, codeNotFound)

	orders := map[any]m{}
	for _, o := range w.ok(t, c.phone, "GET", "/v1/rider/plan", nil).at("orders").([]any) {
		orders[o.(m)["id"]] = o.(m)
	}
	if shown := (reply{body: orders[oid]}); shown.at("masked_call") != true || shown.text("dropoff", "contact_phone") != "" || orders[mute]["masked_call"] != false {
		t.Errorf("%v", orders)
	}
	lines.closed = true
	w.refused(t, c.phone, "POST", path, nil, codeUnavailable)
	lines.closed = false
	first := w.ok(t, c.phone, "POST", path, nil)
	again := w.ok(t, c.phone, "POST", path, nil)
	if len(lines.wishes) != 1 || first.text("number") != "+39 800 1" || string(first.raw) != string(again.raw) ||
		lines.wishes[0].Rider != c.rider.Phone || lines.wishes[0].Customer != "+39 055 284361" || !lines.wishes[0].Until.Equal(noon.Add(lineLife)) {
		t.Errorf("%s, %s, %+v", first.raw, again.raw, lines.wishes)
	}
	w.clock.Advance(lineLife - lineLeft + time.Second) // too little is left of it for a call
	c.newToken(t)
	w.ok(t, c.phone, "POST", path, nil)
	if len(lines.wishes) != 2 || lines.wishes[1].ID != lines.wishes[0].ID {
		t.Errorf("%+v", lines.wishes)
	}
	c.w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/pickup", w.act())
	c.w.ok(t, c.phone, "POST", "/v1/rider/orders/"+oid+"/deliver", w.act())
	w.ok(t, c.phone, "POST", path, nil) // something was forgotten
	w.clock.Advance(afterDoor + time.Second)
	c.newToken(t)
	w.refused(t, c.phone, "POST", path, nil, codeNoCall)
}

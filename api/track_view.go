package api

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// TrackView is what the tracking page shows, in the customer's language and time zone.
type TrackView struct {
	State    order.State  `json:"state"`
	Headline string       `json:"headline"`
	Eta      string       `json:"eta"` // "12:15–12:20", "by 12:40", or nothing
	Store    string       `json:"store"`
	Address  string       `json:"address"`
	Steps    []TrackStep  `json:"steps"`
	Rider    *TrackRider  `json:"rider"`
	Map      *TrackMap    `json:"map"`
	PIN      string       `json:"pin"`
	Rating   *TrackRating `json:"rating"` // once delivered
	Tip      *TrackTip    `json:"tip"`
	Over     bool         `json:"over"` // nothing will change any more
}

// TrackStep is a step of the delivery, done or to come.
type TrackStep struct {
	Text string `json:"text"`
	Time string `json:"time"`
	Done bool   `json:"done"`
	Now  bool   `json:"now"` // the last one done
}

// TrackRider is who brings it.
type TrackRider struct {
	Name    string `json:"name"`
	Vehicle string `json:"vehicle"`
	Phone   string `json:"phone"`
}

// TrackRating is what the customer has said.
type TrackRating struct {
	Stars int `json:"stars"` // 0: nothing yet
}

// TrackTip is what the rider gets beside.
type TrackTip struct {
	Given   string        `json:"given"` // as told; empty: nothing yet
	Choices []TrackChoice `json:"choices"`
}

// TrackChoice is an amount to choose.
type TrackChoice struct {
	Amount int64  `json:"amount"` // minor units
	Text   string `json:"text"`
}

// trackView reads an order as its customer may see it.
func (s *Server) trackView(ctx context.Context, tenant id.Tenant, oid id.Order, lang string) (v TrackView, err error) {
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		o, err := s.readTracked(ctx, tx, tenant, oid)
		if err != nil {
			return err
		}
		full, err := s.full(ctx, tx, tenant, []order.Order{o})
		if err != nil {
			return err
		}
		stores, err := order.StoresByID(ctx, tx, tenant, []id.Store{o.Store})
		if err != nil {
			return err
		}
		var zone string
		if err := tx.QueryRow(ctx, "SELECT timezone FROM tenants WHERE id = $1", tenant).Scan(&zone); err != nil {
			return fmt.Errorf("read the time zone: %w", err)
		}
		where, err := time.LoadLocation(zone)
		if err != nil {
			return fmt.Errorf("time zone: %w", err)
		}
		v = viewOf(o, full[0], stores[o.Store].Name, trackWords[lang], where)
		return nil
	})
	return v, err
}

// viewOf puts an order into words. full is what its merchant would see.
func viewOf(o order.Order, full Order, store string, w words, where *time.Location) TrackView {
	clock := func(t time.Time) string { return t.In(where).Format("15:04") }
	v := TrackView{
		State: o.State, Headline: w.states[o.State], Store: store, Address: o.Dropoff.Address, Steps: stepsOf(o, w.steps, clock), Over: o.State.Ended(),
	}
	switch e := full.Eta.v; {
	case v.Over || o.State == order.Returning:
	case e == nil:
		v.Eta = fmt.Sprintf(w.By, clock(o.PromiseAt))
	case clock(e.P50) == clock(e.P90):
		v.Eta = clock(e.P50)
	default:
		v.Eta = clock(e.P50) + "–" + clock(e.P90)
	}
	if r := full.Rider.v; r != nil && o.State.Active() {
		v.Rider = &TrackRider{r.Name, w.vehicles[r.Vehicle], r.Phone}
	}
	if !v.Over {
		var at *geo.LatLng
		if full.Rider.v != nil {
			at = full.Rider.v.Location
		}
		v.Map = new(drawMap(o.Pickup, o.Dropoff.At, at, wayOf(o, at)))
		if o.State != order.Returning {
			v.PIN = o.Demand.PIN
		}
	}
	if o.State == order.Delivered {
		v.Rating, v.Tip = &TrackRating{}, tipOf(o, w)
		if r := full.Rating.v; r != nil {
			v.Rating.Stars = r.Stars
		}
	}
	return v
}

// wayOf is what lies ahead of the food.
func wayOf(o order.Order, rider *geo.LatLng) []geo.LatLng {
	switch {
	case rider == nil:
		return []geo.LatLng{o.Pickup, o.Dropoff.At}
	case o.State == order.Returning:
		return []geo.LatLng{*rider, o.Pickup}
	case o.State.OnBoard():
		return []geo.LatLng{*rider, o.Dropoff.At}
	}
	return []geo.LatLng{*rider, o.Pickup, o.Dropoff.At}
}

// stepsOf lists what has happened and what will.
func stepsOf(o order.Order, w trackSteps, clock func(time.Time) string) []TrackStep {
	var out []TrackStep
	add := func(text string, at *time.Time, passed bool) {
		step := TrackStep{Text: text, Done: at != nil || passed}
		if at != nil {
			step.Time = clock(*at)
		}
		out = append(out, step)
	}
	add(w.placed, &o.PlacedAt, true)
	switch o.State {
	case order.Cancelled:
		add(w.cancelled, o.EndedAt, true)
	default:
		picked := o.PickedUpAt != nil
		add(w.assigned, o.AssignedAt, picked)
		add(w.ready, o.ReadyAt, picked)
		add(w.pickedUp, o.PickedUpAt, false)
		if o.State == order.Returning || o.State == order.Returned {
			add(w.returned, o.EndedAt, false)
			break
		}
		add(w.atDoor, o.AtDoorAt, o.State == order.Delivered)
		var delivered *time.Time
		if o.State == order.Delivered {
			delivered = o.EndedAt
		}
		add(w.delivered, delivered, false)
	}
	for i := len(out) - 1; i >= 0; i-- {
		if out[i].Done {
			out[i].Now = true
			break
		}
	}
	return out
}

package api

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// OrderEvent is one thing that happened to an order.
type OrderEvent struct {
	Version  int64           `json:"version"`
	Type     order.EventType `json:"type"`
	State    order.State     `json:"state" doc:"Of the order, after the event."`
	At       time.Time       `json:"at"`
	ClientAt *time.Time      `json:"client_at" doc:"The actor's own time, where it told one."`
	Actor    EventActor      `json:"actor"`
	Data     json.RawMessage `json:"data" doc:"What else the event tells."`
}

// EventActor is who did it.
type EventActor struct {
	Kind order.ActorKind `json:"kind" enum:"merchant,customer,rider,dispatcher,engine,system"`
	ID   string          `json:"id" doc:"Empty for the engine and the system."`
	Name string          `json:"name,omitempty"`
}

// eventsOf shows a history; names tells actors' names where the reader may see them.
func eventsOf(history []order.RecordedEvent, names map[string]string) []OrderEvent {
	out := make([]OrderEvent, len(history))
	for i, e := range history {
		a := EventActor{Kind: e.Actor.Kind, ID: actorID(e.Actor)}
		a.Name = names[a.ID]
		out[i] = OrderEvent{Version: e.Version, Type: e.Type, State: e.State, At: e.At, ClientAt: e.ClientAt, Actor: a, Data: e.Data()}
	}
	return out
}

func actorID(a order.Actor) string {
	switch a.Kind {
	case order.ActorMerchant:
		return id.Merchant(a.ID).String()
	case order.ActorRider:
		return id.Rider(a.ID).String()
	case order.ActorDispatcher:
		return id.User(a.ID).String()
	}
	return ""
}

// ownOrder reads an order of the merchant. Another's is not found.
func ownOrder(ctx context.Context, tx pgx.Tx, who merchant, oid id.Order) (order.Order, error) {
	o, err := order.Get(ctx, tx, who.Tenant, oid)
	if err == nil && o.Merchant != who.Merchant {
		err = order.ErrNotFound
	}
	return o, err
}

// full adds to orders what other packages know of them, for their merchant: riders, as far as the zone shows them, and when they will arrive.
func (s *Server) full(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []order.Order) ([]Order, error) {
	return s.fullFor(ctx, tx, tenant, orders, false)
}

// fullFor is full, for staff where told: they see all of riders, and not what only the customer should know.
func (s *Server) fullFor(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []order.Order, staff bool) ([]Order, error) {
	var ids []id.Rider
	var zones []id.Zone
	for _, o := range orders {
		if !slices.Contains(zones, o.Zone) {
			zones = append(zones, o.Zone)
		}
		if !o.Rider.IsZero() {
			ids = append(ids, o.Rider)
		}
	}
	var shows map[id.Zone]dispatch.Privacy
	riders := make(map[id.Rider]rider.Rider)
	plans := make(map[id.Rider][]rider.Stop)
	if len(ids) > 0 {
		found, err := rider.GetMany(ctx, tx, tenant, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			riders[r.ID] = r
		}
		if plans, err = s.liveStops(ctx, tx, tenant, found); err != nil {
			return nil, err
		}
		if shows, err = dispatch.PrivacyOf(ctx, tx, tenant, zones); err != nil {
			return nil, err
		}
	}
	ratings, err := s.ratings(ctx, tx, tenant, orders)
	if err != nil {
		return nil, err
	}
	out := make([]Order, len(orders))
	for i, o := range orders {
		out[i] = orderOf(o)
		out[i].TrackingURL = s.trackingURL(o)
		if r, ok := ratings[o.ID]; ok {
			out[i].Rating = some(Rating{r.Stars, r.Comment, r.At})
		}
		stops := bringing(o, func(r id.Rider) []rider.Stop { return plans[r] })
		out[i].EtaAt, out[i].Eta = etaOf(o, stops), bandOf(o, stops)
		show := shows[o.Zone]
		if staff {
			show = dispatch.Privacy{CourierPhone: dispatch.ShownFull, CourierPosition: true}
			out[i].Proof.PIN = ""
		}
		if r, ok := riders[o.Rider]; ok {
			out[i].Rider = some(s.shownRider(o, r, show))
			if staff {
				out[i].Rider.v.Name = r.Name
			}
		}
	}
	return out, nil
}

// ratings reads those of orders that can have one.
func (s *Server) ratings(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []order.Order) (map[id.Order]order.Rating, error) {
	var delivered []id.Order
	for _, o := range orders {
		if o.State == order.Delivered {
			delivered = append(delivered, o.ID)
		}
	}
	if len(delivered) == 0 {
		return nil, nil
	}
	return order.Ratings(ctx, tx, tenant, delivered)
}

// shownRider is what others see of an order's rider: phone and position only while the rider has the order.
func (s *Server) shownRider(o order.Order, r rider.Rider, show dispatch.Privacy) OrderRider {
	j := OrderRider{ID: r.ID, Name: shortName(r.Name), Vehicle: r.Vehicle}
	if !o.State.Active() {
		return j
	}
	switch show.CourierPhone {
	case dispatch.ShownFull:
		j.Phone = r.Phone
	case dispatch.ShownMasked:
		j.Phone = maskPhone(r.Phone)
	}
	if fix, ok := s.index.Last(o.Tenant, r.ID); ok && show.CourierPosition {
		j.Location, j.LocatedAt = &geo.LatLng{Lat: fix.Lat, Lng: fix.Lng}, new(fix.At.UTC())
	}
	return j
}

func (s *Server) getOrder(ctx context.Context, in *ByOrder) (*out[Order], error) {
	who := merchantOf(ctx)
	var full []Order
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		o, err := ownOrder(ctx, tx, who, in.ID)
		if err != nil {
			return err
		}
		full, err = s.full(ctx, tx, who.Tenant, []order.Order{o})
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(full[0]), nil
}

type ordersQuery struct {
	Page
	State      []string  `query:"state" enum:"scheduled,pending,offered,assigned,at_store,picked_up,at_door,delivered,returning,returned,cancelled" doc:"One or several, with commas between."`
	StoreID    string    `query:"store_id" pattern:"^sto_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	ExternalID string    `query:"external_id" maxLength:"128"`
	JobID      string    `query:"job_id" pattern:"^job_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	From       time.Time `query:"from" doc:"Placed at or after."`
	To         time.Time `query:"to" doc:"Placed before."`
}

func (s *Server) listOrders(ctx context.Context, in *ordersQuery) (*list[Order], error) {
	who := merchantOf(ctx)
	f := order.Filter{Merchant: who.Merchant, ExternalID: in.ExternalID, From: in.From, To: in.To, Limit: in.Limit + 1}
	for _, st := range in.State {
		f.States = append(f.States, order.State(st))
	}
	var err error
	if in.StoreID != "" {
		var store id.Store
		if err = store.UnmarshalText([]byte(in.StoreID)); err != nil { // the schema has checked it
			return nil, invalid(FieldFault{"query.store_id", err.Error(), nil})
		}
		f.Stores = []id.Store{store}
	}
	if err = f.Job.UnmarshalText([]byte(in.JobID)); err != nil { // the schema has checked it
		return nil, invalid(FieldFault{"query.job_id", err.Error(), nil})
	}
	if f.After, err = after[id.Order](in.Page); err != nil {
		return nil, err
	}
	var data []Order
	var next string
	err = s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		found, err := order.List(ctx, tx, who.Tenant, f)
		if err != nil {
			return err
		}
		found, next = cut(found, in.Limit, func(o order.Order) id.Order { return o.ID })
		data, err = s.full(ctx, tx, who.Tenant, found)
		return err
	})
	if err != nil {
		return nil, err
	}
	return listOf(data, next), nil
}

func (s *Server) listOrderEvents(ctx context.Context, in *ByOrder) (*list[OrderEvent], error) {
	who := merchantOf(ctx)
	var history []order.RecordedEvent
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		_, err := ownOrder(ctx, tx, who, in.ID)
		if err != nil {
			return err
		}
		history, err = order.Events(ctx, tx, who.Tenant, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return listOf(eventsOf(history, nil), ""), nil
}

package api

import (
	"context"
	"errors"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/order"
)

// The façade of DoorDash's Drive API, version 2: its paths behind /doordash.
//
//	facade_doordash_auth.go      its tokens
//	facade_doordash_request.go   what may be sent, and the order that it means
//	facade_doordash_delivery.go  what is shown of an order
//	facade_doordash_error.go     errors

const doordashTag = "DoorDash Drive façade"

func (s *Server) doordashRoutes(a huma.API, merchant, drive scope) {
	drive.tag = doordashTag
	of := func(o huma.Operation) huma.Operation { return speaks(a, o, doordashError, DoorDashError{}) }
	const deliveries, quotes = "/doordash/drive/v2/deliveries", "/doordash/drive/v2/quotes"
	huma.Register(a, merchant.get("/v1/doordash-credentials", "get-doordash-credentials", "Credentials for the DoorDash Drive façade"), s.doordashCredentials)
	huma.Register(a, of(drive.post(quotes, "doordash-create-quote", "Ask for a price and times")), s.doordashQuote)
	huma.Register(a, of(drive.post(quotes+"/{external_delivery_id}/accept", "doordash-accept-quote", "Place the order that was quoted")), s.doordashAccept)
	huma.Register(a, of(drive.post(deliveries, "doordash-create-delivery", "Place an order")), s.doordashCreate)
	huma.Register(a, of(drive.get(deliveries+"/{external_delivery_id}", "doordash-get-delivery", "Read an order")), s.doordashGet)
	huma.Register(a, of(drive.patch(deliveries+"/{external_delivery_id}", "doordash-update-delivery", "Change an order")), s.doordashUpdate)
	huma.Register(a, of(drive.put(deliveries+"/{external_delivery_id}/cancel", "doordash-cancel-delivery", "Cancel an order")), s.doordashCancel)
}

// DoorDashPath is an order in a path, by the merchant's own id.
type DoorDashPath struct {
	External string `path:"external_delivery_id" pattern:"^[^/]+$" maxLength:"128"`
}

// findExternal is the merchant's order of its own id. order.ErrNotFound.
func (s *Server) findExternal(ctx context.Context, external string) (o order.Order, err error) {
	who := merchantOf(ctx)
	err = s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		found, err := order.List(ctx, tx, who.Tenant, order.Filter{Merchant: who.Merchant, ExternalID: external, Limit: 1})
		if err == nil && len(found) == 0 {
			err = order.ErrNotFound
		}
		if err == nil {
			o = found[0]
		}
		return err
	})
	return o, err
}

// doordashShown is an order that one of our operations has answered.
func (s *Server) doordashShown(ctx context.Context, o Order) (*out[DoorDashDelivery], error) {
	st, err := s.storeOfOrder(ctx, merchantOf(ctx), o)
	if err != nil {
		return nil, err
	}
	return answer(doordashDeliveryOf(o, st)), nil
}

// doordashWant is the order that a request means, and its store.
func (s *Server) doordashWant(ctx context.Context, r DoorDashRequest) (NewOrder, order.Store, error) {
	who := merchantOf(ctx)
	st, err := s.pickupStore(ctx, who, r.PickupStore, nil, "pickup_external_store_id", "")
	if err != nil {
		return NewOrder{}, st, err
	}
	n, err := r.order()
	if err != nil {
		return n, st, err
	}
	n.StoreID = st.ID
	for field, x := range map[string]struct {
		amount *int64
		to     **Money
	}{"order_value": {r.OrderValue, &n.Value}, "tip": {r.Tip, &n.Tip}, "dropoff_cash_on_delivery": {r.Cash, &n.Cash}} {
		if *x.to, err = s.currency(ctx, who, st, field, x.amount); err != nil {
			return n, st, err
		}
	}
	return n, st, nil
}

func (s *Server) doordashCreate(ctx context.Context, in *struct{ Body DoorDashRequest }) (*out[DoorDashDelivery], error) {
	n, st, err := s.doordashWant(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	o, err := s.createOrder(ctx, &createOrderInput{Body: n})
	if err != nil {
		return nil, err
	}
	return answer(doordashDeliveryOf(o.Body, st)), nil
}

// doordashQuote keeps what was asked for with the quote: who accepts it says only which.
func (s *Server) doordashQuote(ctx context.Context, in *struct{ Body DoorDashRequest }) (*out[DoorDashDelivery], error) {
	n, st, err := s.doordashWant(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	_, err = s.findExternal(ctx, n.ExternalID)
	if err == nil {
		return nil, refuse(codeExternalID, "Another order has the external_delivery_id.")
	}
	if !errors.Is(err, order.ErrNotFound) {
		return nil, err
	}
	q, err := s.createQuote(ctx, &struct{ Body NewQuote }{n.quote()})
	if err != nil {
		return nil, err
	}
	n.QuoteID = q.Body.ID
	who := merchantOf(ctx)
	err = s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error { return keepWanted(ctx, tx, who, q.Body.ID, n) })
	if err != nil {
		return nil, err
	}
	return answer(doordashQuoteOf(q.Body, n, st)), nil
}

// quote is what to ask of an order.
func (n NewOrder) quote() NewQuote {
	return NewQuote{
		StoreID: n.StoreID, Dropoff: Place{n.Dropoff.Location}, WeightG: n.WeightG, Load: n.Load, Vehicles: n.Vehicles, ReadyAt: n.ReadyAt, DeliverAfter: n.DeliverAfter,
	}
}

// DoorDashAccept is what may still be said when a quote is accepted.
type DoorDashAccept struct {
	Tip   *int64 `json:"tip,omitempty" minimum:"0" maximum:"1000000000000"`
	Phone string `json:"dropoff_phone_number,omitempty" maxLength:"50"`
}

func (s *Server) doordashAccept(ctx context.Context, in *struct {
	DoorDashPath
	Body *DoorDashAccept `required:"false"`
}) (*out[DoorDashDelivery], error) {
	who := merchantOf(ctx)
	var n NewOrder
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) (err error) {
		n, err = readWanted(ctx, tx, who, in.External)
		return err
	})
	if err != nil {
		return nil, err
	}
	st, err := s.findStore(ctx, who, n.StoreID)
	if err != nil {
		return nil, err
	}
	if b := in.Body; b != nil {
		if b.Phone != "" {
			n.Dropoff.ContactPhone = b.Phone
		}
		if b.Tip != nil {
			if n.Tip, err = s.currency(ctx, who, st, "tip", b.Tip); err != nil {
				return nil, err
			}
		}
	}
	o, err := s.createOrder(ctx, &createOrderInput{Body: n})
	if err != nil {
		return nil, err
	}
	return answer(doordashDeliveryOf(o.Body, st)), nil
}

func (s *Server) doordashGet(ctx context.Context, in *DoorDashPath) (*out[DoorDashDelivery], error) {
	o, err := s.findExternal(ctx, in.External)
	if err != nil {
		return nil, err
	}
	shown, err := s.getOrder(ctx, &ByOrder{o.ID})
	if err != nil {
		return nil, err
	}
	return s.doordashShown(ctx, shown.Body)
}

func (s *Server) doordashUpdate(ctx context.Context, in *struct {
	DoorDashPath
	Body DoorDashChange
}) (*out[DoorDashDelivery], error) {
	o, err := s.findExternal(ctx, in.External)
	if err != nil {
		return nil, err
	}
	change, err := in.Body.change()
	if err != nil {
		return nil, err
	}
	who := merchantOf(ctx)
	st, err := s.findStore(ctx, who, o.Store)
	if err != nil {
		return nil, err
	}
	if change.Tip, err = s.currency(ctx, who, st, "tip", in.Body.Tip); err != nil {
		return nil, err
	}
	done, err := s.updateOrder(ctx, &updateOrderInput{ByOrder: ByOrder{o.ID}, Body: change})
	if err != nil {
		return nil, err
	}
	return answer(doordashDeliveryOf(done.Body.Order, st)), nil
}

func (s *Server) doordashCancel(ctx context.Context, in *DoorDashPath) (*out[DoorDashDelivery], error) {
	o, err := s.findExternal(ctx, in.External)
	if err != nil {
		return nil, err
	}
	if o.State == order.Cancelled { // there it is no success twice
		return nil, &order.TransitionError{Order: o.ID, State: o.State, Event: order.EventCancelled}
	}
	cancel := cancelInput{ByOrder: ByOrder{o.ID}}
	cancel.Body.Reason, cancel.Body.Fault = "cancelled through the DoorDash Drive façade", string(order.ActorMerchant)
	done, err := s.cancelOrder(ctx, &cancel)
	if err != nil {
		return nil, err
	}
	return s.doordashShown(ctx, done.Body.Order)
}

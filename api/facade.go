package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/order"
)

// A façade is another company's API over ours: who has integrated with that one changes the address and the credentials. It translates
// requests, answers and errors, and does nothing by itself: every act is that of an operation of ours. docs/facades.md tells what becomes
// of each field.
//
//	facade_uber*.go      Uber Direct
//	facade_doordash*.go  DoorDash Drive

// dialect is how a façade's operations tell errors. It is in the operation's metadata.
type dialect func(*Problem) huma.StatusError

const dialectOf = "dialect"

// speaks makes an operation one of a façade, whose errors look like the sample.
func speaks(a huma.API, o huma.Operation, d dialect, sample any) huma.Operation {
	t := reflect.TypeOf(sample)
	schema := a.OpenAPI().Components.Schemas.Schema(t, true, t.Name())
	o.Metadata = map[string]any{dialectOf: d}
	o.Responses = map[string]*huma.Response{"default": {Description: "Error", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}}
	return o
}

// translated is a problem as the operation's callers know errors; ours are left as they are.
func translated(o *huma.Operation, p *Problem) huma.StatusError {
	if o != nil {
		if d, ok := o.Metadata[dialectOf].(dialect); ok {
			return d(p)
		}
	}
	return p
}

// fieldsAs names the faults' fields as a façade's callers do. What has no name there is told as it is.
func fieldsAs(p *Problem, names map[string]string) {
	for i, f := range p.Errors {
		for ours, theirs := range names {
			if f.Field == ours || strings.HasPrefix(f.Field, ours+".") || strings.HasPrefix(f.Field, ours+"[") {
				p.Errors[i].Field = theirs + strings.TrimPrefix(f.Field, ours)
			}
		}
	}
}

// atStore is how near a pick-up must be to a store of the merchant to be at it, in metres: a map's pin is rarely set twice at the same place.
const atStore = 150

// pickupStore is the merchant's store that a façade's request means: by its external id, or by where it is.
func (s *Server) pickupStore(ctx context.Context, who merchant, external string, at *geo.LatLng, idField, placeField string) (order.Store, error) {
	stores, err := order.ListStores(ctx, s.db, who.Tenant, order.StoreFilter{Merchant: who.Merchant, ExternalID: external})
	switch {
	case err != nil:
		return order.Store{}, err
	case external != "" && len(stores) == 1:
		return stores[0], nil
	case external != "":
		return order.Store{}, invalid(FieldFault{idField, "names none of your stores: create one with this external_id (POST /v1/stores)", external})
	case at == nil:
		return order.Store{}, invalid(FieldFault{idField, "is needed: the external_id of one of your stores" + placeField, nil})
	}
	var nearest order.Store
	best := float64(atStore)
	for _, st := range stores {
		if d := geo.Distance(st.At, *at); d <= best {
			nearest, best = st, d
		}
	}
	if nearest.ID.IsZero() {
		return nearest, invalid(FieldFault{idField, "none of your stores is within 150 m of the pick-up: create it (POST /v1/stores), or name its external_id", nil})
	}
	return nearest, nil
}

// currency is that of a store's zone. A façade's requests have amounts without one.
func (s *Server) currency(ctx context.Context, who merchant, st order.Store, field string, amount *int64) (*Money, error) {
	if amount == nil || *amount == 0 {
		return nil, nil
	}
	p, err := s.pricing(ctx, who.Tenant, st.Zone)
	if err != nil {
		return nil, err
	}
	if p.Number == 0 {
		return nil, invalid(FieldFault{field, "needs a currency, which the zone's tariff tells, and it has none: leave it out, or have a tariff set", *amount})
	}
	return &Money{*amount, p.Tariff.Currency}, nil
}

// storeOfOrder is where an order is picked up.
func (s *Server) storeOfOrder(ctx context.Context, who merchant, o Order) (order.Store, error) {
	st, err := s.findStore(ctx, who, o.StoreID)
	if errors.Is(err, order.ErrNotFound) { // it was there when the order was placed
		return order.Store{ID: o.StoreID, At: o.Pickup.Location}, nil
	}
	return st, err
}

// plainError is a façade's error: a status, and a body of its own.
type plainError struct {
	status int
	body   any
	header http.Header
}

func (e *plainError) Error() string                { return http.StatusText(e.status) }
func (e *plainError) GetStatus() int               { return e.status }
func (e *plainError) MarshalJSON() ([]byte, error) { return json.Marshal(e.body) }

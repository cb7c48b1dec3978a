package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// Store is where food is picked up.
type Store struct {
	ID         id.Store    `json:"id"`
	MerchantID id.Merchant `json:"merchant_id"`
	ZoneID     id.Zone     `json:"zone_id"`
	ExternalID string      `json:"external_id"`
	Name       string      `json:"name"`
	Address    string      `json:"address"`
	Location   geo.LatLng  `json:"location"`
	Prep       Seconds     `json:"prep" doc:"From placing an order to food ready."`
	Handoff    Seconds     `json:"handoff" doc:"From the rider's arrival to leaving, when the food is ready: parking, finding the counter, handing over."`
	CreatedAt  time.Time   `json:"created_at"`
}

// NewStore is a store as a merchant sends it.
type NewStore struct {
	Name       string     `json:"name" minLength:"1" maxLength:"200"`
	Address    string     `json:"address" maxLength:"500"`
	Location   geo.LatLng `json:"location"`
	ExternalID string     `json:"external_id,omitempty" maxLength:"128" doc:"Your own id, unique among your stores."`
	Prep       *Seconds   `json:"prep,omitempty" nullable:"false" doc:"From placing an order to food ready."`
	Handoff    *Seconds   `json:"handoff,omitempty" nullable:"false" doc:"From the rider's arrival to leaving, when the food is ready: parking, finding the counter, handing over."`
}

// StoreChange is what may change of a store; what is left out stays.
type StoreChange struct {
	Name       *string     `json:"name,omitempty" minLength:"1" maxLength:"200"`
	Address    *string     `json:"address,omitempty" maxLength:"500"`
	Location   *geo.LatLng `json:"location,omitempty" nullable:"false"`
	ExternalID *string     `json:"external_id,omitempty" maxLength:"128"`
	Prep       *Seconds    `json:"prep,omitempty" nullable:"false"`
	Handoff    *Seconds    `json:"handoff,omitempty" nullable:"false"`
}

func storeOf(s order.Store) Store {
	return Store{
		ID: s.ID, MerchantID: s.Merchant, ZoneID: s.Zone, ExternalID: s.ExternalID, Name: s.Name, Address: s.Address, Location: s.At,
		Prep: Seconds(s.Prep), Handoff: Seconds(s.Handoff), CreatedAt: s.CreatedAt,
	}
}

func rangeOf(s order.Seconds) eta.Range {
	return eta.Range{P50: time.Duration(s.P50) * time.Second, P90: time.Duration(s.P90) * time.Second}
}

func (s Seconds) check(field string) []FieldFault {
	if s.P90 < s.P50 {
		return []FieldFault{{field + ".p90_s", "must be at least p50_s", s.P90}}
	}
	return nil
}

// secondsOr takes what was sent, or the model's usual.
func secondsOr(sent *Seconds, usual eta.Range) order.Seconds {
	if sent != nil {
		return order.Seconds(*sent)
	}
	return order.Seconds{P50: int(usual.P50 / time.Second), P90: int(usual.P90 / time.Second)}
}

func (s *Server) createStore(ctx context.Context, in *struct{ Body NewStore }) (*out[Store], error) {
	who, n := merchantOf(ctx), in.Body
	var faults []FieldFault
	if n.Prep != nil {
		faults = n.Prep.check("prep")
	}
	if n.Handoff != nil {
		faults = append(faults, n.Handoff.check("handoff")...)
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	zone, err := s.zoneAt(ctx, who.Tenant, n.Location)
	if err != nil {
		return nil, err
	}
	usual := s.eta.Params()
	made, err := order.CreateStores(ctx, s.db, who.Tenant, []order.Store{{
		Merchant: who.Merchant, Zone: zone, ExternalID: n.ExternalID, Name: n.Name, Address: n.Address, At: n.Location,
		Prep: secondsOr(n.Prep, usual.DefaultPrep), Handoff: secondsOr(n.Handoff, usual.DefaultHandoff), CreatedAt: s.clock.Now(),
	}})
	if err != nil {
		return nil, err
	}
	return answer(storeOf(made[0])), nil
}

func (s *Server) zoneAt(ctx context.Context, tenant id.Tenant, at geo.LatLng) (zone id.Zone, err error) {
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		zone, err = dispatch.ZoneAt(ctx, tx, tenant, at)
		return err
	})
	return zone, err
}

type storesQuery struct {
	Page
	ExternalID string `query:"external_id" maxLength:"128"`
}

func (s *Server) listStores(ctx context.Context, in *storesQuery) (*list[Store], error) {
	who := merchantOf(ctx)
	return s.storePage(ctx, who.Tenant, in.Page, order.StoreFilter{Merchant: who.Merchant, ExternalID: in.ExternalID})
}

func (s *Server) storePage(ctx context.Context, tenant id.Tenant, p Page, f order.StoreFilter) (*list[Store], error) {
	var err error
	if f.After, err = after[id.Store](p); err != nil {
		return nil, err
	}
	f.Limit = p.Limit + 1
	found, err := order.ListStores(ctx, s.db, tenant, f)
	if err != nil {
		return nil, err
	}
	found, next := cut(found, p.Limit, func(x order.Store) id.Store { return x.ID })
	data := make([]Store, len(found))
	for i, x := range found {
		data[i] = storeOf(x)
	}
	return listOf(data, next), nil
}

func (s *Server) getStore(ctx context.Context, in *ByStore) (*out[Store], error) {
	st, err := s.ownStore(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(storeOf(st)), nil
}

// ownStore reads a store of the merchant, past the cache.
func (s *Server) ownStore(ctx context.Context, store id.Store) (order.Store, error) {
	who := merchantOf(ctx)
	st, err := order.GetStore(ctx, s.db, who.Tenant, store)
	if err == nil && st.Merchant != who.Merchant {
		err = order.ErrNotFound
	}
	return st, err
}

// findStore reads a store of the merchant from memory while it is fresh.
func (s *Server) findStore(ctx context.Context, who merchant, store id.Store) (order.Store, error) {
	st, err := s.stores.get(storeKey{who.Tenant, store}, func() (order.Store, error) { return order.GetStore(ctx, s.db, who.Tenant, store) })
	if err == nil && st.Merchant != who.Merchant {
		return order.Store{}, order.ErrNotFound
	}
	return st, err
}

func (s *Server) updateStore(ctx context.Context, in *struct {
	ByStore
	Body StoreChange
}) (*out[Store], error) {
	who, c := merchantOf(ctx), in.Body
	st, err := s.ownStore(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	var faults []FieldFault
	if c.Prep != nil {
		faults = c.Prep.check("prep")
		st.Prep = order.Seconds(*c.Prep)
	}
	if c.Handoff != nil {
		faults = append(faults, c.Handoff.check("handoff")...)
		st.Handoff = order.Seconds(*c.Handoff)
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	set(&st.Name, c.Name)
	set(&st.Address, c.Address)
	set(&st.ExternalID, c.ExternalID)
	if c.Location != nil {
		st.At = *c.Location
		if st.Zone, err = s.zoneAt(ctx, who.Tenant, st.At); err != nil {
			return nil, err
		}
	}
	st, err = order.UpdateStore(ctx, s.db, who.Tenant, st)
	if err != nil {
		return nil, err
	}
	s.stores.forget(storeKey{who.Tenant, st.ID})
	return answer(storeOf(st)), nil
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

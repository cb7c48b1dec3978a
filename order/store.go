package order

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/audit"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Store is a place where food is picked up.
type Store struct {
	ID         id.Store
	Merchant   id.Merchant
	Zone       id.Zone
	ExternalID string // the merchant's own name for it, unique per merchant; "" = none
	Name       string
	Address    string
	At         geo.LatLng
	Prep       Seconds // from placement to food ready
	Handoff    Seconds // from food and rider being there to the rider leaving
	CreatedAt  time.Time
}

// Seconds is how long something takes: half of the time at most P50, nine times of ten at most P90.
type Seconds struct {
	P50 int `json:"p50_s"`
	P90 int `json:"p90_s"`
}

// ErrStoreTaken means that the merchant has a store of that external id already.
var ErrStoreTaken = errors.New("a store with that external id exists")

type storeRow struct {
	TenantID    id.Tenant   `gorm:"primaryKey;type:uuid"`
	ID          id.Store    `gorm:"primaryKey;type:uuid"`
	MerchantID  id.Merchant `gorm:"type:uuid"`
	ZoneID      id.Zone     `gorm:"type:uuid"`
	ExternalID  *string
	Name        string
	Address     string
	Lat         float64
	Lng         float64
	PrepP50S    int `gorm:"column:prep_p50_s"`
	PrepP90S    int `gorm:"column:prep_p90_s"`
	HandoffP50S int `gorm:"column:handoff_p50_s"`
	HandoffP90S int `gorm:"column:handoff_p90_s"`
	CreatedAt   time.Time
}

func (storeRow) TableName() string { return "stores" }

func rowOf(tenant id.Tenant, s Store) storeRow {
	r := storeRow{
		TenantID: tenant, ID: s.ID, MerchantID: s.Merchant, ZoneID: s.Zone, Name: printable(s.Name), Address: printable(s.Address),
		Lat: s.At.Lat, Lng: s.At.Lng, PrepP50S: s.Prep.P50, PrepP90S: s.Prep.P90, HandoffP50S: s.Handoff.P50, HandoffP90S: s.Handoff.P90,
		CreatedAt: micro(s.CreatedAt),
	}
	if s.ExternalID != "" {
		r.ExternalID = &s.ExternalID
	}
	return r
}

func (r storeRow) store() Store {
	s := Store{
		ID: r.ID, Merchant: r.MerchantID, Zone: r.ZoneID, Name: r.Name, Address: r.Address, At: geo.LatLng{Lat: r.Lat, Lng: r.Lng},
		Prep: Seconds{r.PrepP50S, r.PrepP90S}, Handoff: Seconds{r.HandoffP50S, r.HandoffP90S}, CreatedAt: r.CreatedAt.UTC(),
	}
	if r.ExternalID != nil {
		s.ExternalID = *r.ExternalID
	}
	return s
}

// CreateStores adds stores, all or none, and answers them with their ids. ErrStoreTaken if one's external id exists,
// ErrNotFound if its merchant or zone does not.
func CreateStores(ctx context.Context, db *pg.DB, tenant id.Tenant, stores []Store) ([]Store, error) {
	rs := make([]storeRow, len(stores))
	for i, s := range stores {
		if s.ID.IsZero() {
			s.ID = id.NewStore()
		}
		rs[i] = rowOf(tenant, s)
	}
	if len(rs) == 0 {
		return nil, nil
	}
	audit.Target(ctx, rs[0].ID.String()) // the API makes one at a time
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error { return g.CreateInBatches(&rs, 1000).Error })
	if err != nil {
		return nil, storeError("create stores", err)
	}
	return storesOf(rs), nil
}

// UpdateStore replaces what can change of a store: all but its merchant and the time of its creation.
// ErrNotFound if the tenant has no such store (or zone), ErrStoreTaken if its external id is another's.
func UpdateStore(ctx context.Context, db *pg.DB, tenant id.Tenant, s Store) (Store, error) {
	r := rowOf(tenant, s)
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		res := g.Model(&storeRow{}).Where("tenant_id = ? AND id = ?", tenant, s.ID).
			Select("ZoneID", "ExternalID", "Name", "Address", "Lat", "Lng", "PrepP50S", "PrepP90S", "HandoffP50S", "HandoffP90S").Updates(&r)
		if res.Error == nil && res.RowsAffected == 0 {
			return ErrNotFound
		}
		return res.Error
	})
	if err != nil {
		return Store{}, storeError("update store "+s.ID.String(), err)
	}
	return GetStore(ctx, db, tenant, s.ID)
}

func storeError(doing string, err error) error {
	switch {
	case pg.IsUnique(err, ""):
		return ErrStoreTaken
	case pg.IsForeignKey(err, ""):
		return fmt.Errorf("%s: merchant or zone: %w", doing, ErrNotFound)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// GetStore reads one store; ErrNotFound if the tenant has no such store.
func GetStore(ctx context.Context, db *pg.DB, tenant id.Tenant, store id.Store) (Store, error) {
	var r storeRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		return g.Where("tenant_id = ? AND id = ?", tenant, store).Take(&r).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Store{}, ErrNotFound
	}
	if err != nil {
		return Store{}, fmt.Errorf("read store %s: %w", store, err)
	}
	return r.store(), nil
}

// StoreFilter chooses stores; zero fields choose all.
type StoreFilter struct {
	Merchant   id.Merchant
	ExternalID string
	After      id.Store // the last store of the page before
	Limit      int      // 0 = no limit
}

// ListStores reads stores, the oldest first by id.
func ListStores(ctx context.Context, db *pg.DB, tenant id.Tenant, f StoreFilter) ([]Store, error) {
	var rs []storeRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		q := g.Where("tenant_id = ?", tenant).Order("id")
		if !f.Merchant.IsZero() {
			q = q.Where("merchant_id = ?", f.Merchant)
		}
		if f.ExternalID != "" {
			q = q.Where("external_id = ?", f.ExternalID)
		}
		if !f.After.IsZero() {
			q = q.Where("id > ?", f.After)
		}
		if f.Limit > 0 {
			q = q.Limit(f.Limit)
		}
		return q.Find(&rs).Error
	})
	if err != nil {
		return nil, fmt.Errorf("list stores: %w", err)
	}
	return storesOf(rs), nil
}

func storesOf(rs []storeRow) []Store {
	out := make([]Store, len(rs))
	for i, r := range rs {
		out[i] = r.store()
	}
	return out
}

// Stores reads a zone's stores within a pgx transaction, for a dispatch round's snapshot, by id.
func Stores(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) ([]Store, error) {
	rows, err := tx.Query(ctx, `select id, merchant_id, zone_id, external_id, name, address, lat, lng, prep_p50_s, prep_p90_s,
		handoff_p50_s, handoff_p90_s, created_at from stores where tenant_id = $1 and zone_id = $2 order by id`, tenant, zone)
	if err != nil {
		return nil, fmt.Errorf("read the stores of zone %s: %w", zone, err)
	}
	rs, err := pgx.CollectRows(rows, scanStore)
	if err != nil {
		return nil, fmt.Errorf("read the stores of zone %s: %w", zone, err)
	}
	return storesOf(rs), nil
}

// StoresByID reads those of the stores that the tenant has, within a pgx transaction.
func StoresByID(ctx context.Context, tx pgx.Tx, tenant id.Tenant, stores []id.Store) (map[id.Store]Store, error) {
	rows, err := tx.Query(ctx, `select id, merchant_id, zone_id, external_id, name, address, lat, lng, prep_p50_s, prep_p90_s,
		handoff_p50_s, handoff_p90_s, created_at from stores where tenant_id = $1 and id = any($2)`, tenant, stores)
	if err != nil {
		return nil, fmt.Errorf("read %d stores: %w", len(stores), err)
	}
	rs, err := pgx.CollectRows(rows, scanStore)
	if err != nil {
		return nil, fmt.Errorf("read %d stores: %w", len(stores), err)
	}
	out := make(map[id.Store]Store, len(rs))
	for _, s := range storesOf(rs) {
		out[s.ID] = s
	}
	return out, nil
}

func scanStore(row pgx.CollectableRow) (storeRow, error) {
	var r storeRow
	err := row.Scan(&r.ID, &r.MerchantID, &r.ZoneID, &r.ExternalID, &r.Name, &r.Address, &r.Lat, &r.Lng, &r.PrepP50S, &r.PrepP90S,
		&r.HandoffP50S, &r.HandoffP90S, &r.CreatedAt)
	return r, err
}

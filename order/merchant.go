package order

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/audit"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Merchant is who sells.
type Merchant struct {
	ID        id.Merchant
	Name      string
	CreatedAt time.Time
}

type merchantRow struct {
	TenantID  id.Tenant   `gorm:"primaryKey;type:uuid"`
	ID        id.Merchant `gorm:"primaryKey;type:uuid"`
	Name      string
	CreatedAt time.Time
}

func (merchantRow) TableName() string { return "merchants" }

func (r merchantRow) merchant() Merchant { return Merchant{r.ID, r.Name, r.CreatedAt.UTC()} }

// CreateMerchant adds a merchant at time now.
func CreateMerchant(ctx context.Context, db *pg.DB, tenant id.Tenant, name string, now time.Time) (Merchant, error) {
	r := merchantRow{TenantID: tenant, ID: id.NewMerchant(), Name: printable(name), CreatedAt: micro(now)}
	audit.Target(ctx, r.ID.String())
	if err := db.Reference(ctx, tenant, func(g *gorm.DB) error { return g.Create(&r).Error }); err != nil {
		return Merchant{}, fmt.Errorf("create a merchant: %w", err)
	}
	return r.merchant(), nil
}

// GetMerchant reads one merchant; ErrNotFound if the tenant has no such merchant.
func GetMerchant(ctx context.Context, db *pg.DB, tenant id.Tenant, merchant id.Merchant) (Merchant, error) {
	var r merchantRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		return g.Where("tenant_id = ? AND id = ?", tenant, merchant).Take(&r).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Merchant{}, ErrNotFound
	}
	if err != nil {
		return Merchant{}, fmt.Errorf("read merchant %s: %w", merchant, err)
	}
	return r.merchant(), nil
}

// ListMerchants reads a tenant's merchants, the oldest first.
func ListMerchants(ctx context.Context, db *pg.DB, tenant id.Tenant) ([]Merchant, error) {
	var rs []merchantRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		return g.Where("tenant_id = ?", tenant).Order("id").Find(&rs).Error
	})
	if err != nil {
		return nil, fmt.Errorf("list merchants: %w", err)
	}
	out := make([]Merchant, len(rs))
	for i, r := range rs {
		out[i] = r.merchant()
	}
	return out, nil
}

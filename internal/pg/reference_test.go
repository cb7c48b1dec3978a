package pg_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

type merchantRow struct {
	TenantID  id.Tenant
	ID        id.Merchant `gorm:"primaryKey"`
	Name      string
	CreatedAt time.Time
}

func (merchantRow) TableName() string { return "merchants" }

func TestReferenceKeepsTenantsApart(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	a, b := pgtest.Tenant(t, db), pgtest.Tenant(t, db)
	want := merchantRow{TenantID: a, ID: id.NewMerchant(), Name: "面馆"}
	if err := db.Reference(t.Context(), a, func(g *gorm.DB) error { return g.Create(&want).Error }); err != nil {
		t.Fatal(err)
	}
	var got merchantRow
	if err := db.Reference(t.Context(), a, func(g *gorm.DB) error { return g.First(&got, "id = ?", want.ID).Error }); err != nil {
		t.Fatal(err)
	}
	if got.Name != want.Name || got.ID != want.ID || got.TenantID != a || got.CreatedAt.IsZero() {
		t.Errorf("%+v", got)
	}
	err := db.Reference(t.Context(), b, func(g *gorm.DB) error { return g.First(&got, "id = ?", want.ID).Error })
	if !errors.Is(err, gorm.ErrRecordNotFound) {
		t.Errorf("another tenant's merchant: %v", err)
	}
	_ = db.Read(t.Context(), b, func(tx pgx.Tx) error { // the connection kept no tenant
		if n := countZones(t, tx); n != 0 {
			t.Errorf("%d", n)
		}
		return nil
	})
}

func TestReferenceRollsBack(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tenant := pgtest.Tenant(t, db)
	row := merchantRow{TenantID: tenant, ID: id.NewMerchant(), Name: "x"}
	err := db.Reference(t.Context(), tenant, func(g *gorm.DB) error {
		if err := g.Create(&row).Error; err != nil {
			return err
		}
		again := merchantRow{TenantID: tenant, ID: row.ID, Name: "y"}
		return g.Create(&again).Error
	})
	if !pg.IsUnique(err, "merchants_pkey") {
		t.Errorf("%v", err)
	}
	var n int64
	if err := db.Reference(t.Context(), tenant, func(g *gorm.DB) error { return g.Model(&merchantRow{}).Count(&n).Error }); err != nil || n != 0 {
		t.Errorf("%d merchants, %v", n, err)
	}
}

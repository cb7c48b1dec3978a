package rider

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Filter narrows a List.
type Filter struct {
	Zone  id.Zone  // zero: all zones
	After id.Rider // cursor: the last id of the page before
	Limit int      // 0 means 200
}

const defaultLimit = 200

// List lists riders by id, that is, in the order of their creation.
func List(ctx context.Context, db *pg.DB, tenant id.Tenant, f Filter) ([]Rider, error) {
	var rows []profileRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		q := g.Where("tenant_id = ?", tenant).Order("id").Limit(defaultLimit)
		if f.Limit > 0 {
			q = q.Limit(f.Limit)
		}
		if !f.Zone.IsZero() {
			q = q.Where("zone_id = ?", f.Zone)
		}
		if !f.After.IsZero() {
			q = q.Where("id > ?", f.After)
		}
		return q.Find(&rows).Error
	})
	if err != nil {
		return nil, wrap("list riders", err)
	}
	out := make([]Rider, len(rows))
	for i, r := range rows {
		out[i] = r.rider()
	}
	return out, nil
}

// Get is one rider's profile. ErrNotFound.
func Get(ctx context.Context, db *pg.DB, tenant id.Tenant, rider id.Rider) (Rider, error) {
	var row profileRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		return g.Where("tenant_id = ? and id = ?", tenant, rider).Take(&row).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Rider{}, ErrNotFound
	}
	return row.rider(), wrap("read the rider", err)
}

// changeable are the columns that Update writes.
var changeable = []string{"zone_id", "external_id", "name", "phone", "vehicle", "capacity", "max_orders", "skills", "password_hash", "disabled_at"}

// Change is what Update changes; nil leaves a field as it is.
type Change struct {
	Zone       *id.Zone
	ExternalID *string
	Name       *string
	Phone      *string
	Vehicle    *Vehicle
	Capacity   *int
	MaxOrders  *int
	Skills     *[]string
	Password   *string // "" removes it
	Disabled   *bool   // true also signs all devices out
}

func (c Change) apply(r *profileRow, now time.Time) {
	set(&r.ZoneID, c.Zone)
	set(&r.Name, c.Name)
	set(&r.Phone, c.Phone)
	set(&r.Vehicle, c.Vehicle)
	set(&r.Capacity, c.Capacity)
	set(&r.MaxOrders, c.MaxOrders)
	if c.ExternalID != nil {
		r.ExternalID = optional(*c.ExternalID)
	}
	if c.Skills != nil {
		r.Skills = *c.Skills
	}
	if c.Disabled != nil && *c.Disabled != (r.DisabledAt != nil) {
		r.DisabledAt = nil
		if *c.Disabled {
			r.DisabledAt = &now
		}
	}
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// Update changes a profile and returns it. A changed zone counts from the next shift. A new password, or being disabled, signs all
// devices out. ErrNotFound, *InvalidError, ErrPhoneTaken, ErrZoneNotFound.
func Update(ctx context.Context, db *pg.DB, tenant id.Tenant, rider id.Rider, now time.Time, c Change) (Rider, error) {
	var hash *string
	if c.Password != nil && *c.Password != "" {
		if err := validPassword(*c.Password); err != nil {
			return Rider{}, err
		}
		h := hashPassword(*c.Password)
		hash = &h
	}
	var row profileRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		at := func() *gorm.DB { return g.Where("tenant_id = ? and id = ?", tenant, rider) }
		if err := at().Clauses(clause.Locking{Strength: "UPDATE"}).Take(&row).Error; err != nil {
			return err
		}
		c.apply(&row, now)
		if c.Password != nil {
			row.PasswordHash = hash
		}
		if err := validProfile(row.rider()); err != nil {
			return err
		}
		if err := at().Model(&profileRow{}).Select(changeable).Updates(&row).Error; err != nil {
			return err
		}
		if c.Phone != nil || row.DisabledAt != nil { // a code under way is in the wrong hands
			if err := g.Exec("update rider_codes set code_hash = null where tenant_id = ? and rider_id = ?", tenant, rider).Error; err != nil {
				return err
			}
		}
		if c.Password == nil && row.DisabledAt == nil {
			return nil
		}
		return g.Exec("delete from rider_devices where tenant_id = ? and rider_id = ?", tenant, rider).Error
	})
	var invalid *InvalidError
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return Rider{}, ErrNotFound
	case errors.As(err, &invalid):
		return Rider{}, invalid
	case err != nil:
		return Rider{}, profileFault("update the rider", err)
	}
	return row.rider(), nil
}

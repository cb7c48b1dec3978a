package rider

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// MaxCreate is how many riders CreateRiders takes at once.
const MaxCreate = 1000

// Defaults of a new rider whose field is zero.
const (
	DefaultCapacity  = 5
	DefaultMaxOrders = 5
)

const (
	maxCapacity  = 1000
	maxMaxOrders = 50
	maxText      = 200
	// minPassword follows NIST SP 800-63B §5.1.1.2.
	minPassword = 8
	maxPassword = 1000 // bounds the hash's work
)

// New is a rider to be created.
type New struct {
	Zone       id.Zone
	ExternalID string // optional
	Name       string
	Phone      string
	Vehicle    Vehicle
	Capacity   int // 0 means DefaultCapacity
	MaxOrders  int // 0 means DefaultMaxOrders
	Skills     []string
	Password   string // optional: without one the rider enrols by code only
}

// Created is a new rider with the one-time code that pairs their phone. The code is not stored and can't be shown again.
type Created struct {
	Rider         Rider
	EnrolmentCode string
}

// InvalidError says what is wrong with the profile at Index of a call's list.
type InvalidError struct {
	Index          int
	Field, Message string
}

func (e *InvalidError) Error() string {
	return fmt.Sprintf("rider: profile %d: %s %s", e.Index, e.Field, e.Message)
}

// CreateRiders adds up to MaxCreate riders in one insert, all or none. *InvalidError, ErrPhoneTaken, ErrZoneNotFound.
func CreateRiders(ctx context.Context, db *pg.DB, tenant id.Tenant, now time.Time, list []New) ([]Created, error) {
	if len(list) == 0 {
		return nil, nil
	}
	if len(list) > MaxCreate {
		return nil, fmt.Errorf("create riders: %d at once, at most %d", len(list), MaxCreate)
	}
	rows := make([]profileRow, len(list))
	codes := make([]string, len(list))
	var hashes errgroup.Group // outside the transaction: 1,000 passwords take many seconds
	hashes.SetLimit(cap(hashing))
	for i, n := range list {
		n = n.withDefaults()
		if err := n.validate(); err != nil {
			err.Index = i
			return nil, err
		}
		secret := newSecret()
		codes[i] = showCode(secret)
		rows[i] = profileRow{
			TenantID: tenant, ID: id.NewRider(), ZoneID: n.Zone, Name: n.Name, Phone: n.Phone, Vehicle: n.Vehicle, Capacity: n.Capacity,
			MaxOrders: n.MaxOrders, Skills: n.Skills, EnrolmentHash: hashSecret(secret), CreatedAt: now, ExternalID: optional(n.ExternalID),
		}
	}
	for i, n := range list {
		if n.Password == "" {
			continue
		}
		hashes.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			h := hashPassword(n.Password)
			rows[i].PasswordHash = &h
			return nil
		})
	}
	if err := hashes.Wait(); err != nil {
		return nil, err
	}
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error { return g.Create(&rows).Error })
	if err != nil {
		return nil, profileFault("create riders", err)
	}
	out := make([]Created, len(rows))
	for i, r := range rows {
		out[i] = Created{Rider: r.rider(), EnrolmentCode: codes[i]}
	}
	return out, nil
}

func (n New) withDefaults() New {
	if n.Capacity == 0 {
		n.Capacity = DefaultCapacity
	}
	if n.MaxOrders == 0 {
		n.MaxOrders = DefaultMaxOrders
	}
	return n
}

func (n New) validate() *InvalidError {
	r := Rider{Zone: n.Zone, Name: n.Name, Phone: n.Phone, Vehicle: n.Vehicle, Capacity: n.Capacity, MaxOrders: n.MaxOrders}
	if err := validProfile(r); err != nil || n.Password == "" {
		return err
	}
	return validPassword(n.Password)
}

func validProfile(r Rider) *InvalidError {
	switch {
	case r.Zone.IsZero():
		return &InvalidError{Field: "zone_id", Message: "is required"}
	case r.Name == "" || utf8.RuneCountInString(r.Name) > maxText:
		return &InvalidError{Field: "name", Message: fmt.Sprintf("must have 1 to %d characters", maxText)}
	case r.Phone == "" || len(r.Phone) > maxText:
		return &InvalidError{Field: "phone", Message: fmt.Sprintf("must have 1 to %d characters", maxText)}
	case !r.Vehicle.Valid():
		return &InvalidError{Field: "vehicle", Message: fmt.Sprintf("must be one of %v", Vehicles())}
	case r.Capacity < 1 || r.Capacity > maxCapacity:
		return &InvalidError{Field: "capacity", Message: fmt.Sprintf("must be 1 to %d", maxCapacity)}
	case r.MaxOrders < 1 || r.MaxOrders > maxMaxOrders:
		return &InvalidError{Field: "max_orders", Message: fmt.Sprintf("must be 1 to %d", maxMaxOrders)}
	}
	return nil
}

func validPassword(p string) *InvalidError {
	if len(p) < minPassword || len(p) > maxPassword {
		return &InvalidError{Field: "password", Message: fmt.Sprintf("must have %d to %d bytes", minPassword, maxPassword)}
	}
	return nil
}

func profileFault(what string, err error) error {
	switch {
	case pg.IsUnique(err, "riders_tenant_id_phone_key"):
		return ErrPhoneTaken
	case pg.IsForeignKey(err, ""):
		return ErrZoneNotFound
	}
	return wrap(what, err)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Role is what a member of staff may do.
type Role string

// The roles. Each may also read.
const (
	Admin      Role = "admin"      // everything
	Dispatcher Role = "dispatcher" // orders and riders of the day
	Viewer     Role = "viewer"     // reads
	Finance    Role = "finance"    // prices and the ledger
)

// Valid reports whether r is a role.
func (r Role) Valid() bool { return r == Admin || r == Dispatcher || r == Viewer || r == Finance }

// User is a member of a tenant's staff.
type User struct {
	Tenant   id.Tenant
	ID       id.User
	Email    string
	Name     string
	Role     Role
	Disabled bool
}

// What can be wrong with a user.
var (
	ErrEmailTaken   = errors.New("a user with this e-mail address exists")
	ErrBadUser      = errors.New("a user needs an e-mail address, a role, and a password of at least 8 characters")
	ErrUserNotFound = errors.New("no such user")
)

type userRow struct {
	TenantID     id.Tenant `gorm:"primaryKey;type:uuid"`
	ID           id.User   `gorm:"primaryKey;type:uuid"`
	Email        string
	Name         string
	Role         Role
	PasswordHash string
	DisabledAt   *time.Time
	CreatedAt    time.Time
}

func (userRow) TableName() string { return "users" }

func (r userRow) user() User {
	return User{Tenant: r.TenantID, ID: r.ID, Email: r.Email, Name: r.Name, Role: r.Role, Disabled: r.DisabledAt != nil}
}

// CreateUser adds a member of staff. ErrBadUser, ErrEmailTaken.
func CreateUser(ctx context.Context, db *pg.DB, u User, password string, now time.Time) (User, error) {
	u.Email = strings.ToLower(strings.TrimSpace(u.Email))
	if !strings.Contains(u.Email, "@") || !u.Role.Valid() || len(password) < 8 {
		return User{}, ErrBadUser
	}
	u.ID = id.NewUser()
	if u.Name == "" {
		u.Name = u.Email
	}
	row := userRow{
		TenantID: u.Tenant, ID: u.ID, Email: u.Email, Name: u.Name, Role: u.Role, PasswordHash: hashPassword(password), CreatedAt: now,
	}
	err := db.Reference(ctx, u.Tenant, func(g *gorm.DB) error { return g.Create(&row).Error })
	if pg.IsUnique(err, "users_tenant_id_email_key") {
		return User{}, ErrEmailTaken
	}
	if err != nil {
		return User{}, fmt.Errorf("create user: %w", err)
	}
	return u, nil
}

// SetPassword changes a user's password and ends all of the user's sessions. ErrUserNotFound, ErrBadUser.
func SetPassword(ctx context.Context, db *pg.DB, tenant id.Tenant, email, password string) error {
	if len(password) < 8 {
		return ErrBadUser
	}
	hash := hashPassword(password)
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		var row userRow
		if err := g.Where("tenant_id = ? AND email = ?", tenant, strings.ToLower(email)).Take(&row).Error; err != nil {
			return err
		}
		if err := g.Model(&row).Where("tenant_id = ?", tenant).Update("password_hash", hash).Error; err != nil {
			return err
		}
		return g.Where("tenant_id = ? AND user_id = ?", tenant, row.ID).Delete(&sessionRow{}).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ErrUserNotFound
	}
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}

// tenantBySlug asks before the tenant is known. The zero id means that there is none.
func tenantBySlug(ctx context.Context, db *pg.DB, slug string) (id.Tenant, error) {
	var t id.Tenant
	if err := db.Pool.QueryRow(ctx, "SELECT tenant_by_slug($1)", slug).Scan(&t); err != nil {
		return t, fmt.Errorf("tenant of slug: %w", err)
	}
	return t, nil
}

// checkUser returns the user whose e-mail and password these are; false when there is none. It takes as long either way.
func checkUser(ctx context.Context, db *pg.DB, tenant id.Tenant, email, password string) (u User, ok bool, err error) {
	row := userRow{PasswordHash: nobody}
	if !tenant.IsZero() {
		err = db.Reference(ctx, tenant, func(g *gorm.DB) error {
			return g.Where("tenant_id = ? AND email = ? AND disabled_at IS NULL", tenant, strings.ToLower(email)).Take(&row).Error
		})
		if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return User{}, false, fmt.Errorf("read user: %w", err)
		}
	}
	err = withHashing(ctx, func() (err error) {
		ok, err = checkPassword(row.PasswordHash, password)
		return err
	})
	if err != nil {
		return User{}, false, fmt.Errorf("check password: %w", err)
	}
	return row.user(), ok && !row.ID.IsZero(), nil
}

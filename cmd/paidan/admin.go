package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/api"
	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/app"
	"github.com/paidan/paidan/internal/audit"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
)

type adminCmd struct {
	CreateTenant  createTenantCmd  `cmd:"" help:"Add a company."`
	CreateUser    createUserCmd    `cmd:"" help:"Add a member of a tenant's staff."`
	CreateKey     createKeyCmd     `cmd:"" help:"Give a merchant an API key; the merchant is created where it is new."`
	CreateZone    createZoneCmd    `cmd:"" help:"Add an area that is dispatched as one."`
	EraseCustomer eraseCustomerCmd `cmd:"" help:"Delete what orders that have ended tell of a customer."`
	Check         checkCmd         `cmd:"" help:"Verify the books: histories, plans, offers, the ledger and its settlements. Exit status 1 and a list where they do not agree."`
}

// storage is where a command finds the database.
type storage struct {
	DatabaseURL string `help:"The PostgreSQL of the platform, as its owner." placeholder:"URL"`
	DataDir     string `help:"The platform's data folder, used without --database-url. The platform may be running." default:"${data_dir}" type:"path"`
}

// with opens the database for fn.
func (s storage) with(ctx context.Context, fn func(*pg.DB) error) (err error) {
	log := app.NewLogger(os.Stderr, "text", "warn")
	d, err := app.AttachDatabase(ctx, app.Config{DatabaseURL: s.DatabaseURL, DataDir: s.DataDir}, clock.System{}, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close(context.WithoutCancel(ctx))) }()
	return fn(d.DB)
}

// exists refuses a mistyped folder, which must not get a new database: its books are fine.
func (s storage) exists() error {
	if s.DatabaseURL != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(s.DataDir, "pg")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--data-dir: there is no database in %s", s.DataDir)
	}
	return nil
}

type ofTenant struct {
	storage
	Tenant string `required:"" help:"The tenant's short name."`
}

// of opens the database for who reads what the tenant has.
func (o ofTenant) of(ctx context.Context, fn func(*pg.DB, id.Tenant) error) error {
	return o.storage.with(ctx, func(db *pg.DB) error {
		tenant, err := app.FindTenant(ctx, db, o.Tenant)
		if err != nil {
			return fmt.Errorf("--tenant: %w", err)
		}
		return fn(db, tenant)
	})
}

// with opens the database for an act on the tenant, which its audit log will have.
func (o ofTenant) with(ctx context.Context, act string, fn func(context.Context, *pg.DB, id.Tenant) error) error {
	return o.of(ctx, func(db *pg.DB, tenant id.Tenant) error {
		return onRecord(ctx, db, act, func(ctx context.Context) (id.Tenant, error) { return tenant, fn(ctx, db, tenant) })
	})
}

// onRecord does something that an operator wants, and writes it into the audit log of the tenant that it was about, failed or not.
func onRecord(ctx context.Context, db *pg.DB, act string, do func(context.Context) (id.Tenant, error)) error {
	who := "?" // a system without users' names
	if u, err := user.Current(); err == nil {
		who = u.Username
	}
	within, pen := audit.Begin(ctx, clock.System{}, audit.Act{Actor: audit.Actor{Kind: audit.Operator, ID: who}, Operation: "admin " + act})
	tenant, err := do(within)
	if tenant.IsZero() {
		return err
	}
	outcome := audit.OK
	if err != nil {
		outcome = "failed"
	}
	return errors.Join(err, pen.End(context.WithoutCancel(within), db, tenant, outcome))
}

type createTenantCmd struct {
	storage
	Slug     string `arg:"" help:"Short name: lower-case letters, digits, hyphens. Staff and riders type it when they log in."`
	Name     string `help:"Full name." placeholder:"NAME"`
	Timezone string `help:"IANA name of the time zone of its days." default:"UTC"`
}

func (c *createTenantCmd) Run(ctx context.Context) error {
	return c.with(ctx, func(db *pg.DB) error {
		name := c.Name
		if name == "" {
			name = c.Slug
		}
		var tenant id.Tenant
		err := onRecord(ctx, db, "create-tenant", func(ctx context.Context) (_ id.Tenant, err error) {
			tenant, err = app.CreateTenant(ctx, db, c.Slug, name, c.Timezone, time.Now().UTC())
			return tenant, err
		})
		if err != nil {
			return err
		}
		fmt.Printf("tenant %s: %s\n", c.Slug, tenant)
		return nil
	})
}

type createUserCmd struct {
	ofTenant
	Email    string `arg:"" help:"Address, used as the log-in."`
	Name     string `help:"Full name." placeholder:"NAME"`
	Role     string `help:"admin, dispatcher, viewer or finance." default:"dispatcher" enum:"admin,dispatcher,viewer,finance"`
	Password string `help:"At least 8 characters; better through PAIDAN_PASSWORD. Without it one is made and printed." env:"PAIDAN_PASSWORD" placeholder:"WORD"`
}

func (c *createUserCmd) Run(ctx context.Context) error {
	return c.with(ctx, "create-user", func(ctx context.Context, db *pg.DB, tenant id.Tenant) error {
		password := c.Password
		if password == "" {
			password = rand.Text()
		}
		u, err := api.CreateUser(ctx, db, api.User{Tenant: tenant, Email: c.Email, Name: c.Name, Role: api.Role(c.Role)}, password, time.Now().UTC())
		if err != nil {
			return err
		}
		fmt.Printf("user %s: %s, %s\n", u.Email, u.ID, u.Role)
		if c.Password == "" {
			fmt.Printf("password: %s\n", password)
		}
		return nil
	})
}

type createKeyCmd struct {
	ofTenant
	Merchant string   `arg:"" help:"The merchant's name."`
	Name     string   `help:"What the key is for." default:"default"`
	Test     bool     `help:"A key for the sandbox: the same API, orders that a robot delivers."`
	Scopes   []string `help:"What it may do: ${key_scopes}. None: everything." placeholder:"SCOPE"`
}

func (c *createKeyCmd) Run(ctx context.Context) error {
	for _, s := range c.Scopes {
		if !slices.Contains(api.KeyScopes(), api.KeyScope(s)) {
			return fmt.Errorf("--scopes: %q is none of %s", s, keyScopes())
		}
	}
	return c.with(ctx, "create-key", func(ctx context.Context, db *pg.DB, tenant id.Tenant) error {
		now := time.Now().UTC()
		merchants, err := order.ListMerchants(ctx, db, tenant)
		if err != nil {
			return err
		}
		var merchant order.Merchant
		for _, m := range merchants {
			if m.Name == c.Merchant {
				merchant = m
			}
		}
		if merchant.ID.IsZero() {
			if merchant, err = order.CreateMerchant(ctx, db, tenant, c.Merchant, now); err != nil {
				return err
			}
		}
		key, secret, err := order.CreateKey(ctx, db, tenant, order.NewKey{Merchant: merchant.ID, Name: c.Name, Test: c.Test, Scopes: c.Scopes}, now)
		if err != nil {
			return err
		}
		fmt.Printf("merchant %s: %s\nkey %s: %s\nsecret (shown only now): %s\n", merchant.Name, merchant.ID, key.Name, key.ID, secret)
		return nil
	})
}

type createZoneCmd struct {
	ofTenant
	Name   string  `arg:"" help:"The zone's name."`
	Center string  `required:"" help:"Its middle." placeholder:"LAT,LNG"`
	Radius float64 `help:"Metres around the middle." default:"5000"`
	Policy string  `help:"JSON file with the policy; fields left out have their defaults." type:"existingfile"`
}

func (c *createZoneCmd) Run(ctx context.Context) error {
	center, err := parseLatLng(c.Center)
	if err != nil {
		return fmt.Errorf("--center: %w", err)
	}
	if !(c.Radius >= 0 && c.Radius <= 100_000) {
		return errors.New("--radius: 0 to 100000 metres")
	}
	policy := dispatch.DefaultPolicy()
	if c.Policy != "" {
		data, err := os.ReadFile(c.Policy)
		if err != nil {
			return err
		}
		if policy, err = dispatch.ParsePolicy(data); err != nil {
			return fmt.Errorf("%s: %w", c.Policy, err)
		}
	}
	return c.with(ctx, "create-zone", func(ctx context.Context, db *pg.DB, tenant id.Tenant) error {
		cells := geo.Around(center, c.Radius, geo.ZoneRes)
		z, err := dispatch.CreateZone(ctx, db, tenant, dispatch.Zone{Name: c.Name, Cells: cells, Policy: policy}, time.Now().UTC())
		if err != nil {
			return err
		}
		fmt.Printf("zone %s: %s, %d cells\n", z.Name, z.ID, len(cells))
		return nil
	})
}

type eraseCustomerCmd struct {
	ofTenant
	Phone string `arg:"" help:"The customer's number, as it was written in the orders."`
}

func (c *eraseCustomerCmd) Run(ctx context.Context) error {
	return c.with(ctx, "erase-customer", func(ctx context.Context, db *pg.DB, tenant id.Tenant) error {
		var erased, open []id.Order
		err := db.Tx(ctx, tenant, func(tx pgx.Tx) (err error) {
			erased, open, err = order.EraseCustomer(ctx, tx, tenant, c.Phone, time.Now().UTC())
			return err
		})
		if err != nil {
			return err
		}
		fmt.Printf("%d orders erased; the server deletes their pictures within the hour\n", len(erased))
		for _, o := range open {
			fmt.Printf("%s is under way: repeat this once it has ended\n", o)
		}
		return nil
	})
}

func parseLatLng(text string) (geo.LatLng, error) {
	lat, lng, ok := strings.Cut(text, ",")
	var p geo.LatLng
	var errLat, errLng error
	p.Lat, errLat = strconv.ParseFloat(strings.TrimSpace(lat), 64)
	p.Lng, errLng = strconv.ParseFloat(strings.TrimSpace(lng), 64)
	if !ok || errLat != nil || errLng != nil || !p.Valid() {
		return p, fmt.Errorf("%q is not a place: want degrees as LAT,LNG, like 43.77,11.25", text)
	}
	return p, nil
}

type checkCmd struct {
	storage
	Tenant string `help:"Only this tenant."`
}

func (c *checkCmd) Run(ctx context.Context) error {
	if err := c.exists(); err != nil {
		return err
	}
	faults := 0
	err := c.with(ctx, func(db *pg.DB) error {
		tenants, err := app.Tenants(ctx, db)
		if c.Tenant != "" {
			tenants = make([]id.Tenant, 1)
			tenants[0], err = app.FindTenant(ctx, db, c.Tenant)
		}
		if err != nil {
			return err
		}
		for _, t := range tenants {
			b, err := dispatch.CheckBooks(ctx, db, t)
			if err != nil {
				return err
			}
			money, err := ledger.CheckBooks(ctx, db, t)
			if err != nil {
				return err
			}
			found := append(b.Faults, money.Faults...)
			for _, f := range found {
				fmt.Println(f)
			}
			fmt.Printf("tenant %s: %d orders with %d events, %d plans, %d offered orders, %d to be handed over, %d transactions, %d settlements: %d faults\n",
				t, b.Orders, b.Events, b.Plans, b.Offers, b.Handovers, money.Transactions, money.Settlements, len(found))
			faults += len(found)
		}
		return nil
	})
	if err == nil && faults > 0 {
		return exitError(1)
	}
	return err
}

// keyScopes are those that a key may have, for people.
func keyScopes() string {
	words := make([]string, 0, len(api.KeyScopes()))
	for _, s := range api.KeyScopes() {
		words = append(words, string(s))
	}
	return strings.Join(words, ", ")
}

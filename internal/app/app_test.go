package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/api"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg/pgtest"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestTenants(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx, now := t.Context(), clock.System{}.Now()
	made, err := CreateTenant(ctx, db, "florence", "Florence", "Europe/Rome", now)
	if err != nil {
		t.Fatal(err)
	}
	if found, err := FindTenant(ctx, db, "florence"); err != nil || found != made {
		t.Errorf("found %v, %v", found, err)
	}
	if _, err := FindTenant(ctx, db, "pisa"); !errors.Is(err, ErrTenantNotFound) {
		t.Error(err)
	}
	if _, err := CreateTenant(ctx, db, "florence", "Again", "UTC", now); !errors.Is(err, ErrTenantTaken) {
		t.Error(err)
	}
	for _, slug := range []string{"", "-x", "Florence", "a b", "佛罗伦萨"} {
		if _, err := CreateTenant(ctx, db, slug, "x", "UTC", now); !errors.Is(err, ErrBadTenant) {
			t.Errorf("%q: %v", slug, err)
		}
	}
	if _, err := CreateTenant(ctx, db, "mars", "x", "Mars/Base", now); err == nil {
		t.Error("a tenant lives on Mars")
	}
	if all, err := Tenants(ctx, db); err != nil || len(all) != 1 || all[0] != made {
		t.Errorf("all are %v, %v", all, err)
	}
}

func TestBootstrapTwiceSetsThePassword(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for _, password := range []string{"the first one", "the second one"} {
		if err := Bootstrap(t.Context(), db, clock.System{}, "demo", "Demo", "UTC", "boss@example.com", password); err != nil {
			t.Fatal(err)
		}
	}
	if err := Bootstrap(t.Context(), db, clock.System{}, "demo", "Demo", "UTC", "boss@example.com", "short"); err == nil {
		t.Error("a short password was taken")
	}
}

// Two processes' worth of parts live in one test binary; each stops within its time and leaves nothing running.
func TestStartAndStop(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	conf := Config{Listen: "127.0.0.1:0", DatabaseURL: url, PositionDays: 30, ProofDays: 90, CustomerDays: 365, StopTimeout: 10 * time.Second, LogLevel: "warn", LogFormat: "text"}
	for _, roles := range [][]string{{RoleAPI, RoleIngest, RoleDispatch, RoleJobs}, {RoleDispatch}} {
		conf.Roles = roles
		a, err := Start(t.Context(), conf, t.Output())
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := a.Stop(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
			http.DefaultClient.CloseIdleConnections()
		}()
		for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200} {
			if got := statusOf(t, a.URL()+path); got != want {
				t.Errorf("%v: %s answers %d", roles, path, got)
			}
		}
		conf := conf
		conf.Listen = a.listener.Addr().String()
		if b, err := Start(t.Context(), conf, t.Output()); err == nil {
			_ = b.Stop(t.Context())
			t.Error("two servers on one port")
		}
	}
}

func statusOf(t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// Every tenant's days are closed, by its own midnight.
func TestDaysAreClosedByTheTenantsMidnight(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	now := clock.NewManual(time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC)) // 18:00 in Rome, 01:00 of the third in Shanghai
	a := &App{database: &Database{DB: db}, clock: now, log: slog.New(slog.DiscardHandler)}
	tenants := map[string]id.Tenant{}
	for slug, zone := range map[string]string{"rome": "Europe/Rome", "shanghai": "Asia/Shanghai"} {
		tenant, err := CreateTenant(t.Context(), db, slug, slug, zone, now.Now())
		if err != nil {
			t.Fatal(err)
		}
		tenants[slug] = tenant
		u, err := api.CreateUser(t.Context(), db, api.User{Tenant: tenant, Email: "f@example.com", Role: api.Finance}, "correct horse", now.Now())
		if err != nil {
			t.Fatal(err)
		}
		m, err := order.CreateMerchant(t.Context(), db, tenant, "Noodles", now.Now())
		if err != nil {
			t.Fatal(err)
		}
		err = db.Tx(t.Context(), tenant, func(tx pgx.Tx) error {
			_, err := ledger.Adjust(t.Context(), tx, tenant, ledger.Correction{
				Client: uuid.New(), Account: ledger.OfMerchant(m.ID), Amount: 5, Currency: "EUR", Reason: "x", User: u.ID, At: now.Now().Add(-2 * time.Hour),
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	days := func(slug string) (n int) {
		t.Helper()
		err := db.Read(t.Context(), tenants[slug], func(tx pgx.Tx) error {
			list, err := ledger.Settlements(t.Context(), tx, tenants[slug], ledger.SettlementFilter{})
			n = len(list)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, want := range []struct{ rome, shanghai int }{{0, 1}, {1, 1}} {
		if err := a.closeDays(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r, s := days("rome"), days("shanghai"); r != want.rome || s != want.shanghai {
			t.Errorf("at %v: %d in Rome, %d in Shanghai; want %+v", now.Now(), r, s, want)
		}
		now.Advance(6 * time.Hour)
	}
}

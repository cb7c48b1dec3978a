package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/app"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
)

type benchAPICmd struct {
	Seconds float64 `help:"How long each of the three measurements lasts." default:"10"`
	Clients int     `help:"Orders placed at once." default:"32"`
	JSON    string  `name:"json" help:"Write what was measured here as JSON; - is the standard output, instead of the table." placeholder:"FILE"`
}

// apiReport is what placing orders over HTTP was measured to take, beside the same rows written by pgbench.
type apiReport struct {
	Go       string  `json:"go"`
	Cores    int     `json:"cores"`
	Postgres string  `json:"postgres"`
	Clients  int     `json:"clients"`
	Seconds  float64 `json:"seconds"`

	RequestsPerS float64 `json:"requests_per_s"` // as many as the clients can
	P50MS        float64 `json:"p50_ms"`         // at that load
	P99MS        float64 `json:"p99_ms"`
	HalfPerS     float64 `json:"half_requests_per_s"` // asked for at even intervals
	HalfP50MS    float64 `json:"half_p50_ms"`         // from when each was due, so that a stall counts for all who waited
	HalfP99MS    float64 `json:"half_p99_ms"`

	PgbenchTPS     float64 `json:"pgbench_tps"`
	RatioToPgbench float64 `json:"ratio_to_pgbench"` // requests_per_s over pgbench_tps
}

func (c *benchAPICmd) Run(ctx context.Context) error {
	switch {
	case !(c.Seconds > 0 && c.Seconds <= 3600):
		return errors.New("--seconds: more than 0, at most 3600")
	case c.Clients < 1 || c.Clients > 64:
		return errors.New("--clients: 1 to 64")
	}
	r, err := c.measure(ctx, os.Stderr)
	if err != nil {
		return err
	}
	return c.report(r, os.Stdout)
}

func (c *benchAPICmd) measure(ctx context.Context, progress io.Writer) (r apiReport, err error) {
	pgbench, err := pg.Tool(ctx, "pgbench") // before anything is started
	if err != nil {
		return r, err
	}
	dir, err := os.MkdirTemp("", "paidan-bench-")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL may run as another user
		return r, err
	}
	a, err := app.Start(ctx, app.Config{
		Listen: "127.0.0.1:0", Roles: []string{app.RoleAPI}, DataDir: dir, PositionDays: 1, ProofDays: 2, CustomerDays: 1, LogLevel: "warn", LogFormat: "text", StopTimeout: 10 * time.Second,
	}, os.Stderr)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, a.Stop(context.WithoutCancel(ctx))) }()
	url := pg.RunningURL(ctx, dir)
	var shop benchShop
	if err := (storage{DataDir: dir}).with(ctx, func(db *pg.DB) error {
		shop, err = openBenchShop(ctx, db, c.Clients)
		return err
	}); err != nil {
		return r, err
	}
	limit := time.Duration(c.Seconds * float64(time.Second))
	r = apiReport{Go: runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU(), Clients: c.Clients, Seconds: c.Seconds}
	l := newLoad(a.URL(), shop)
	defer l.close()
	if err := l.warmUp(ctx); err != nil {
		return r, err
	}
	if err := analyze(ctx, url); err != nil {
		return r, err
	}
	fmt.Fprintf(progress, "as many orders as %d clients can place, %.0f s…\n", c.Clients, c.Seconds)
	full, err := l.closed(ctx, limit)
	if err != nil {
		return r, err
	}
	r.RequestsPerS, r.P50MS, r.P99MS = float64(full.Count())/c.Seconds, ms(full.Quantile(0.5)), ms(full.Quantile(0.99))
	fmt.Fprintf(progress, "half of that, evenly, %.0f s…\n", c.Seconds)
	half, err := l.open(ctx, limit, r.RequestsPerS/2)
	if err != nil {
		return r, err
	}
	r.HalfPerS, r.HalfP50MS, r.HalfP99MS = r.RequestsPerS/2, ms(half.Quantile(0.5)), ms(half.Quantile(0.99))
	fmt.Fprintf(progress, "pgbench: the same rows, %.0f s…\n", c.Seconds)
	if r.PgbenchTPS, r.Postgres, err = runPgbench(ctx, pgbench, url, shop, c.Clients, limit); err != nil {
		return r, err
	}
	r.RatioToPgbench = r.RequestsPerS / r.PgbenchTPS
	return r, nil
}

// analyze has PostgreSQL look at the tables, as it does by itself some seconds after they have begun to fill. Without, both sides would be
// measured by how lucky the plans are that it makes for empty ones.
func analyze(ctx context.Context, url string) (err error) {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	_, err = c.Exec(ctx, "analyze")
	return err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// benchShop is a merchant with a store and a key for each client: a key's rate is limited.
type benchShop struct {
	tenant   id.Tenant
	zone     id.Zone
	merchant id.Merchant
	store    order.Store
	secrets  []string
}

func openBenchShop(ctx context.Context, db *pg.DB, keys int) (s benchShop, err error) {
	now, at := clock.System{}.Now(), geo.LatLng{Lat: 43.7731, Lng: 11.2560}
	if s.tenant, err = app.CreateTenant(ctx, db, "bench", "Bench", "UTC", now); err != nil {
		return s, err
	}
	z, err := dispatch.CreateZone(ctx, db, s.tenant, dispatch.Zone{Name: "Centro", Cells: geo.Around(at, 3000, geo.ZoneRes), Policy: dispatch.DefaultPolicy()}, now)
	if err != nil {
		return s, err
	}
	m, err := order.CreateMerchant(ctx, db, s.tenant, "Bench", now)
	if err != nil {
		return s, err
	}
	s.zone, s.merchant = z.ID, m.ID
	stores, err := order.CreateStores(ctx, db, s.tenant, []order.Store{{
		Merchant: m.ID, Zone: z.ID, Name: "Bench", At: at, Prep: order.Seconds{P50: 600, P90: 900}, Handoff: order.Seconds{P50: 60, P90: 120}, CreatedAt: now,
	}})
	if err != nil {
		return s, err
	}
	s.store = stores[0]
	for range keys {
		_, secret, err := order.CreateKey(ctx, db, s.tenant, order.NewKey{Merchant: m.ID, Name: "bench"}, now)
		if err != nil {
			return s, err
		}
		s.secrets = append(s.secrets, secret)
	}
	return s, nil
}

func (c *benchAPICmd) report(r apiReport, out io.Writer) error {
	if err := writeJSON(c.JSON, r); err != nil || c.JSON == "-" {
		return err
	}
	_, err := fmt.Fprintf(out, `placing orders over HTTP, %d clients, %s, PostgreSQL %s, %d cores
  at most          %8.0f requests/s   p50 %.1f ms   p99 %.1f ms
  at half of that  %8.0f requests/s   p50 %.1f ms   p99 %.1f ms
  pgbench          %8.0f transactions/s of the same rows
  ratio            %8.2f
`, r.Clients, r.Go, r.Postgres, r.Cores, r.RequestsPerS, r.P50MS, r.P99MS, r.HalfPerS, r.HalfP50MS, r.HalfP99MS, r.PgbenchTPS, r.RatioToPgbench)
	return err
}

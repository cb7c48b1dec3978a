package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/paidan/paidan/internal/app"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/pg"
)

type benchPositionsCmd struct {
	Riders  int     `help:"Riders on the move." default:"100000"`
	Seconds float64 `help:"How long each of the measurements lasts." default:"5"`
	JSON    string  `name:"json" help:"Write what was measured here as JSON; - is the standard output, instead of the table." placeholder:"FILE"`
}

// positionsReport is what positions cost. Rates per core are per second of the server's own CPU time, so that what runs beside it (clients,
// PostgreSQL, others) does not count.
type positionsReport struct {
	Go      string  `json:"go"`
	Cores   int     `json:"cores"`
	Riders  int     `json:"riders"`
	Seconds float64 `json:"seconds"`

	BytesPerRider float64         `json:"bytes_per_rider"` // index and filter
	InProcess     []batchRate     `json:"in_process"`      // to index and bus
	Nearest       nearestRate     `json:"nearest"`         // meanwhile
	Stored        storedRate      `json:"stored"`          // in process, to PostgreSQL too
	HTTP          []httpRate      `json:"http"`            // to index, bus and PostgreSQL
	Redis         *redisRate      `json:"redis,omitempty"` // GEOADD and GEOSEARCH of the same riders
	RedisMissing  string          `json:"redis_missing,omitempty"`
	Ratios        *positionRatios `json:"ratios,omitempty"`
}

type batchRate struct {
	Batch        int     `json:"batch"` // fixes at once
	PerCoreS     float64 `json:"fixes_per_core_second"`
	MicrosPerFix float64 `json:"us_per_fix"`
}

type nearestRate struct {
	N        int     `json:"n"`
	WithinM  float64 `json:"within_m"`
	PerS     float64 `json:"per_second"` // by one goroutine
	MeanUS   float64 `json:"mean_us"`    // on the wall, as are the quantiles
	P50US    float64 `json:"p50_us"`
	P99US    float64 `json:"p99_us"`
	AloneUS  float64 `json:"alone_us"`       // mean without updates meanwhile
	UpdatesS float64 `json:"updates_second"` // meanwhile
}

type storedRate struct {
	Rows int     `json:"rows"`
	PerS float64 `json:"rows_per_second"` // on the wall, until the last is committed
}

type httpRate struct {
	Form         string  `json:"form"`
	Batch        int     `json:"batch"`
	PerCoreS     float64 `json:"fixes_per_core_second"`
	MicrosPerFix float64 `json:"us_per_fix"`
	PerS         float64 `json:"fixes_per_second"` // on the wall, clients and PostgreSQL on the same cores
	P50MS        float64 `json:"p50_ms"`
	P99MS        float64 `json:"p99_ms"`
}

// positionRatios say how many times more work Redis does for the same.
type positionRatios struct {
	Update float64 `json:"update"`
	Search float64 `json:"search"`
}

func (c *benchPositionsCmd) Run(ctx context.Context) error {
	switch {
	case c.Riders < 1000 || c.Riders > 2_000_000:
		return errors.New("--riders: 1000 to 2000000")
	case !(c.Seconds >= 0.1 && c.Seconds <= 600):
		return errors.New("--seconds: 0.1 to 600")
	}
	r, err := c.measure(ctx, os.Stderr)
	if err != nil {
		return err
	}
	if err := writeJSON(c.JSON, r); err != nil || c.JSON == "-" {
		return err
	}
	return r.write(os.Stdout)
}

func (c *benchPositionsCmd) measure(ctx context.Context, progress io.Writer) (r positionsReport, err error) {
	limit := time.Duration(c.Seconds * float64(time.Second))
	r = positionsReport{Go: runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU(), Riders: c.Riders, Seconds: c.Seconds}
	dir, err := os.MkdirTemp("", "paidan-bench-")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL may run as another user
		return r, err
	}

	fmt.Fprintf(progress, "%d riders in memory: updates, nearest…\n", c.Riders)
	if err := r.inMemory(ctx, limit); err != nil {
		return r, err
	}
	fmt.Fprintln(progress, "into PostgreSQL…")
	log := app.NewLogger(os.Stderr, "text", "warn")
	d, err := app.OpenDatabase(ctx, app.Config{DataDir: dir}, clock.System{}, log)
	if err != nil {
		return r, err
	}
	town, err := openBenchShop(ctx, d.DB, 0)
	if err == nil {
		err = r.stored(ctx, d.Engine, town, limit)
	}
	secret, secretErr := pg.Secret(ctx, d.OwnerURL, "jwt")
	if err := errors.Join(err, secretErr, d.Close(context.WithoutCancel(ctx))); err != nil {
		return r, err
	}
	fmt.Fprintln(progress, "over HTTP…")
	if err := r.overHTTP(ctx, dir, secret, town, limit); err != nil {
		return r, err
	}
	return r, r.redis(ctx, progress, limit)
}

func (r *positionsReport) write(out io.Writer) error {
	p := &linePrinter{out: out}
	p.line("positions, %d riders, %s, %d cores; per core: per second of the server's own CPU time", r.Riders, r.Go, r.Cores)
	p.line("  memory             %8.0f bytes a rider", r.BytesPerRider)
	for _, x := range r.InProcess {
		p.line("  in process, by %-4d%8.0f fixes/s a core   %.2f µs each", x.Batch, x.PerCoreS, x.MicrosPerFix)
	}
	n := r.Nearest
	p.line("  nearest %d in %.0f km %7.0f queries/s   mean %.1f µs   p50 %.1f   p99 %.1f   (%.1f alone) beside %.0f updates/s", n.N, n.WithinM/1000, n.PerS, n.MeanUS, n.P50US, n.P99US, n.AloneUS, n.UpdatesS)
	p.line("  stored             %8.0f rows/s on the wall, all %d found", r.Stored.PerS, r.Stored.Rows)
	for _, x := range r.HTTP {
		p.line("  HTTP %-8s by %-4d%8.0f fixes/s a core, storing included   %.2f µs each   %.0f/s on the wall   p50 %.1f ms   p99 %.1f ms",
			x.Form, x.Batch, x.PerCoreS, x.MicrosPerFix, x.PerS, x.P50MS, x.P99MS)
	}
	if r.Redis == nil {
		p.line("  Redis              skipped: %s", r.RedisMissing)
		return p.err
	}
	p.line("  Redis %-12s %8.2f µs an update, %.0f µs a search: %.0f and %.0f times ours", r.Redis.Version, r.Redis.UpdateUS, r.Redis.SearchUS, r.Ratios.Update, r.Ratios.Search)
	return p.err
}

// linePrinter keeps the first error.
type linePrinter struct {
	out io.Writer
	err error
}

func (p *linePrinter) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format+"\n", args...)
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/app"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/sim"
	"github.com/paidan/paidan/sim/backtest"
)

type backtestCmd struct {
	ofTenant
	Zone       string `required:"" help:"The zone's name or id." placeholder:"NAME|ID"`
	From       string `required:"" help:"First time of the window: RFC 3339, or 2026-11-22 or \"2026-11-22 11:00\" in the tenant's time zone." placeholder:"TIME"`
	To         string `required:"" help:"Time before which the window ends, likewise; at most 31 days later." placeholder:"TIME"`
	Policy     string `help:"JSON or YAML file with the other policy; fields left out are the zone's. Without it the simulation under the zone's policy is compared with the record." type:"existingfile"`
	Iterations int    `help:"Of improvement in each round, at most." default:"500"`
	Patience   int    `help:"Iterations without improvement that end a round sooner, 0 for none." default:"200"`
	Seed       uint64 `help:"Of the search." default:"1"`
	JSON       string `name:"json" help:"Write the report here; - is the standard output, instead of the table." placeholder:"FILE"`
}

func (c *backtestCmd) Run(ctx context.Context) error {
	err := c.run(ctx)
	if err != nil && ctx.Err() != nil {
		fmt.Fprintln(os.Stderr, "stopped")
		return exitError(130)
	}
	return err
}

func (c *backtestCmd) run(ctx context.Context) error {
	if c.Iterations < 1 || c.Patience < 0 {
		return errors.New("--iterations: at least 1; --patience: at least 0")
	}
	if err := c.exists(); err != nil {
		return err
	}
	var history *backtest.History
	var other *backtest.Other
	err := c.of(ctx, func(db *pg.DB, tenant id.Tenant) error {
		zone, err := findZone(ctx, db, tenant, c.Zone)
		if err != nil {
			return fmt.Errorf("--zone: %w", err)
		}
		if other, err = c.other(zone.Policy); err != nil {
			return err
		}
		loc, err := app.Location(ctx, db, tenant)
		if err != nil {
			return err
		}
		from, to, err := c.window(loc)
		if err != nil {
			return err
		}
		history, err = backtest.Read(ctx, db, tenant, zone, from, to)
		return err
	})
	if err != nil {
		return err
	}
	if len(history.Orders) == 0 {
		if history.Cancelled > 0 {
			return fmt.Errorf("--from, --to: all %d orders that zone %s had in this time were cancelled before pickup", history.Cancelled, history.Zone.Name)
		}
		return fmt.Errorf("--from, --to: zone %s had no orders in this time", history.Zone.Name)
	}
	report, err := history.Play(ctx, other, sim.Options{Iterations: c.Iterations, Patience: c.Patience, Seed: c.Seed}, os.Stderr)
	if err != nil {
		return err
	}
	if c.JSON != "-" {
		if err := report.Write(os.Stdout); err != nil {
			return err
		}
	}
	return writeJSON(c.JSON, report)
}

// findZone looks a zone up by its name or id.
func findZone(ctx context.Context, db *pg.DB, tenant id.Tenant, name string) (dispatch.Zone, error) {
	zones, err := dispatch.ListZones(ctx, db, tenant)
	if err != nil {
		return dispatch.Zone{}, err
	}
	names := make([]string, len(zones))
	for i, z := range zones {
		if z.Name == name || z.ID.String() == name {
			return z, nil
		}
		names[i] = z.Name
	}
	if len(zones) == 0 {
		return dispatch.Zone{}, fmt.Errorf("%q: the tenant has no zones", name)
	}
	return dispatch.Zone{}, fmt.Errorf("%w: %q; there are: %s", dispatch.ErrZoneNotFound, name, strings.Join(names, ", "))
}

// other reads the policy file over the zone's policy, as a PATCH of the zone would; nil where there is none.
func (c *backtestCmd) other(over dispatch.Policy) (*backtest.Other, error) {
	if c.Policy == "" {
		return nil, nil //nolint:nilnil // there is none
	}
	p, err := dispatch.ReadPolicy(over, c.Policy)
	if err != nil {
		return nil, fmt.Errorf("--policy: %w", err)
	}
	base := filepath.Base(c.Policy)
	return &backtest.Other{Name: strings.TrimSuffix(base, filepath.Ext(base)), Policy: p}, nil
}

func (c *backtestCmd) window(loc *time.Location) (from, to time.Time, err error) {
	if from, err = parseTime(c.From, loc); err != nil {
		return from, to, fmt.Errorf("--from: %w", err)
	}
	if to, err = parseTime(c.To, loc); err != nil {
		return from, to, fmt.Errorf("--to: %w", err)
	}
	switch {
	case !from.Before(to):
		return from, to, fmt.Errorf("--to: must be later than --from (%s)", from.Format(time.RFC3339))
	case to.After(from.AddDate(0, 0, backtest.MaxDays)):
		return from, to, fmt.Errorf("--to: at most %d days after --from", backtest.MaxDays)
	}
	return from, to, nil
}

// parseTime reads a time; without an offset it is one of loc.
func parseTime(text string, loc *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.In(loc), nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, text, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time: want 2026-11-22, \"2026-11-22 11:00\" or 2026-11-22T11:00:00Z", text)
}

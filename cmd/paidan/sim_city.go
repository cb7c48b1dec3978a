package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/paidan/paidan/sim"
)

type simCityCmd struct {
	Riders int     `help:"Riders at work." default:"150"`
	Stores int     `help:"Stores." default:"60"`
	Demand float64 `help:"Orders a minute, on average over an hour." default:"22" placeholder:"PER_MINUTE"`
	Hours  float64 `help:"For how long customers order." default:"4"`
	Days   int     `help:"Days, of the seeds from --seed on." default:"1"`
	simSearch
	Against string `help:"A second policy, played on the same days and compared with the first." placeholder:"FILE|greedy"`
	JSON    string `name:"json" help:"Write reports and differences here; - is the standard output, instead of the tables." placeholder:"FILE"`
}

// cityReport is what --json writes.
type cityReport struct {
	Series      []sim.Series     `json:"series"`
	Differences []sim.Difference `json:"differences,omitempty"` // the second policy less the first
}

func (c *simCityCmd) Run(ctx context.Context) error {
	city := sim.CityOptions{Riders: c.Riders, Stores: c.Stores, PerMinute: c.Demand, Hours: c.Hours}
	if err := city.Validate(); err != nil {
		return err
	}
	if c.Days < 1 || c.Days > 10_000 {
		return errors.New("--days: 1 to 10000")
	}
	names := []string{c.Policy}
	if c.Against != "" {
		names = append(names, c.Against)
	}
	var ways []sim.Way
	for _, name := range names {
		way, err := c.way(name, city)
		if err != nil {
			return err
		}
		ways = append(ways, way)
	}
	series, err := sim.PlayWays(ctx, ways, c.Seed, c.Days, os.Stderr)
	if series == nil {
		return err
	}
	report := cityReport{Series: series}
	if len(series) > 1 {
		report.Differences = sim.Compare(series[0].Days, series[1].Days)
	}
	if c.JSON != "-" {
		err = errors.Join(err, report.write(os.Stdout))
	}
	return stopped(ctx, errors.Join(err, writeJSON(c.JSON, report)))
}

func (c *simCityCmd) way(name string, city sim.CityOptions) (sim.Way, error) {
	policy, err := c.policy(name)
	if err != nil {
		return sim.Way{}, err
	}
	return sim.Way{Policy: policyName(name), Day: func(seed uint64) (*sim.Day, sim.Options, error) {
		o := c.options()
		o.Seed = seed
		day, err := sim.CityDay(city, policy, seed)
		if err == nil && name == greedy {
			sim.Greedy(day, &o)
		}
		return day, o, err
	}}, nil
}

func policyName(file string) string {
	if file == "" {
		return "default"
	}
	return strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
}

func (r *cityReport) write(w io.Writer) error {
	for _, s := range r.Series {
		if _, err := fmt.Fprintln(w, "policy", s.Policy); err != nil {
			return err
		}
		days := s.Days
		if len(days) > 1 {
			days = append(days[:len(days):len(days)], sim.MeanReport(days))
		}
		if err := sim.WriteReports(w, days...); err != nil {
			return err
		}
	}
	if len(r.Differences) == 0 {
		return nil
	}
	first, second := r.Series[0].Policy, r.Series[1].Policy
	wide := max(9, len(first), len(second))
	_, err := fmt.Fprintf(w, "%-22s  %*s  %*s  %12s  95 %% confidence\n", "on the same days", wide, first, wide, second, "second-first")
	for _, d := range r.Differences {
		span := "unknown: one day"
		if d.Low != nil {
			span = fmt.Sprintf("%+.3f to %+.3f", *d.Low, *d.High)
			if math.Signbit(*d.Low) == math.Signbit(*d.High) && *d.Low != 0 {
				span += "  significant"
			}
		}
		_, e := fmt.Fprintf(w, "%-22s  %*.3f  %*.3f  %+12.3f  %s\n", d.Metric, wide, d.A, wide, d.B, d.Mean, span)
		err = errors.Join(err, e)
	}
	return err
}

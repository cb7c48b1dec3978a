package dispatch

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/rider"
)

// Work is how long riders of a zone may work. 0 is no limit.
type Work struct {
	DayS     int `json:"day_s" minimum:"0" maximum:"86400" doc:"Seconds of work in a day of the tenant's time zone, breaks left out."`
	StretchS int `json:"stretch_s" minimum:"0" maximum:"86400" doc:"Seconds of work without a break."`
	BreakS   int `json:"break_s" minimum:"0" maximum:"14400" doc:"Seconds that a break must have to count as one."`
	RestS    int `json:"rest_s" minimum:"0" maximum:"82800" doc:"Seconds of rest in one piece, within 24 hours from when a rider begins to work."`
	BreaksS  int `json:"breaks_s" required:"false" minimum:"0" maximum:"86400" doc:"Seconds of break in one shift, all breaks together: the break that uses them up ends by itself. Where stretch_s is set, at least break_s. 0: breaks last as long as riders like."`
}

// DefaultWork limits nothing.
func DefaultWork() Work { return Work{BreakS: 900} }

func (w Work) limits() rider.WorkLimits {
	s := func(n int) time.Duration { return time.Duration(n) * time.Second }
	return rider.WorkLimits{Day: s(w.DayS), Stretch: s(w.StretchS), Break: s(w.BreakS), Rest: s(w.RestS), Breaks: s(w.BreaksS)}
}

// Limits reports whether work is limited at all.
func (w Work) Limits() bool { return !w.limits().None() }

// HoursAt is how a rider stands with the limits at a time of a day that begins and ends at two midnights.
func (w Work) HoursAt(worked rider.Worked, now, midnight, next time.Time) rider.Hours {
	return w.limits().HoursOf(worked, now, midnight, next)
}

func (w Work) faults() []Fault {
	var faults []Fault
	for _, f := range []struct {
		field   string
		v, high int
	}{{"day_s", w.DayS, 86_400}, {"stretch_s", w.StretchS, 86_400}, {"break_s", w.BreakS, 14_400}, {"rest_s", w.RestS, 82_800}, {"breaks_s", w.BreaksS, 86_400}} {
		if f.v < 0 || f.v > f.high {
			faults = append(faults, outOfRange("work."+f.field, f.v, 0, f.high))
		}
	}
	if w.StretchS > 0 && w.BreaksS > 0 && w.BreaksS < w.BreakS {
		faults = append(faults, Fault{"work.breaks_s", fmt.Sprintf("must be 0, or at least break_s (%d): else no rider could have the break that stretch_s wants", w.BreakS), w.BreaksS})
	}
	return faults
}

// HoursIn is how riders stand with the limits of a zone.
func HoursIn(ctx context.Context, tx pgx.Tx, tenant id.Tenant, policy Policy, riders []id.Rider, now time.Time) (map[id.Rider]rider.Hours, error) {
	loc, err := pg.TimeZone(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	worked, err := rider.WorkedBy(ctx, tx, tenant, riders, now)
	if err != nil {
		return nil, err
	}
	y, m, d := now.In(loc).Date()
	midnight, next := time.Date(y, m, d, 0, 0, 0, 0, loc), time.Date(y, m, d+1, 0, 0, 0, 0, loc)
	out := make(map[id.Rider]rider.Hours, len(riders))
	for _, r := range riders {
		out[r] = policy.Work.HoursAt(worked[r], now, midnight.UTC(), next.UTC())
	}
	return out, nil
}

// HoursOf is how one rider stands with the limits of the zone where the rider works. rider.ErrNotFound.
func HoursOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, who id.Rider, now time.Time) (rider.Hours, error) {
	zone, err := rider.ZoneOf(ctx, tx, tenant, who)
	if err != nil {
		return rider.Hours{}, err
	}
	z, err := readZone(ctx, tx, tenant, zone)
	if err != nil {
		return rider.Hours{}, err
	}
	all, err := HoursIn(ctx, tx, tenant, z.Policy, []id.Rider{who}, now)
	return all[who], err
}

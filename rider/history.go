package rider

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// ShiftsWithin lists a zone's shifts that were under way at some time of [from, to), by their start. A shift ends here when it was
// meant to or when the rider ended it, whichever came first.
func ShiftsWithin(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, from, to time.Time) ([]OnShift, error) {
	rows, err := tx.Query(ctx, selectOnShift+`
		where s.tenant_id = $1 and s.zone_id = $2 and s.started_at < $4 and least(s.ends_at, s.ended_at) > $3
		order by s.started_at, s.id`, tenant, zone, from, to)
	if err != nil {
		return nil, wrap("read the shifts of a time", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (OnShift, error) {
		var o OnShift
		err := row.Scan(o.fields()...)
		return o, err
	})
	return out, wrap("read the shifts of a time", err)
}

// Span is a part of a rider's time: [From, To).
type Span struct {
	Rider    id.Rider
	From, To time.Time
}

// FirstFixes is the first stored position in each of the spans, by its index; spans without one are absent.
func FirstFixes(ctx context.Context, tx pgx.Tx, tenant id.Tenant, spans []Span) (map[int]Fix, error) {
	out := make(map[int]Fix, len(spans))
	if len(spans) == 0 {
		return out, nil
	}
	riders := make([]id.Rider, len(spans))
	from, to := make([]time.Time, len(spans)), make([]time.Time, len(spans))
	first, last := spans[0].From, spans[0].To // so that other days' partitions are not looked at
	for i, s := range spans {
		riders[i], from[i], to[i] = s.Rider, s.From, s.To
		if s.From.Before(first) {
			first = s.From
		}
		if s.To.After(last) {
			last = s.To
		}
	}
	rows, err := tx.Query(ctx, `
		select distinct on (s.i) s.i, p.at, p.seq, p.lat, p.lng, p.accuracy_m
		from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) with ordinality as s (rider, since, until, i)
		join positions p on p.rider_id = s.rider and p.at >= s.since and p.at < s.until
		where p.tenant_id = $1 and p.at >= $5 and p.at < $6
		order by s.i, p.at, p.seq`, tenant, riders, from, to, first, last)
	if err != nil {
		return nil, wrap("read first positions", err)
	}
	var i int
	var f Fix
	_, err = pgx.ForEachRow(rows, []any{&i, &f.At, &f.Seq, &f.Lat, &f.Lng, &f.AccuracyM}, func() error {
		f.At = f.At.UTC()
		out[i-1] = f
		return nil
	})
	return out, wrap("read first positions", err)
}

// maxTrail is how many fixes a trail may have: a whole shift at one a second.
const maxTrail = 50_000

// Trail is a rider's stored fixes of a time, [from, to], oldest first.
func Trail(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, from, to time.Time) ([]Fix, error) {
	rows, err := tx.Query(ctx, `
		select p.at, p.seq, p.lat, p.lng, p.accuracy_m, p.speed_mps, p.heading_deg
		from positions p where p.tenant_id = $1 and p.rider_id = $2 and p.at >= $3 and p.at <= $4
		order by p.at, p.seq limit $5`, tenant, rider, from, to, maxTrail)
	if err != nil {
		return nil, wrap("read a trail", err)
	}
	fixes, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f Fix, err error) {
		err = row.Scan(&f.At, &f.Seq, &f.Lat, &f.Lng, &f.AccuracyM, &f.SpeedMps, &f.HeadingDeg)
		f.At = f.At.UTC()
		return f, err
	})
	return fixes, wrap("read a trail", err)
}

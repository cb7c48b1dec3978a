package rider

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// loadBack is how far back Load looks. A rider silent for longer is stale anyway, and their phone's next fix is seconds away.
const loadBack = 15 * time.Minute

// Load fills an index with the stored last positions of all riders who were heard of lately, of all tenants: also of those who are not on shift, for whose
// check-in or alarm the last position counts. Follow first: newer positions that arrive meanwhile stay.
func Load(ctx context.Context, db *pg.DB, ix *Index, now time.Time) error {
	rows, err := db.Pool.Query(ctx, "select t from all_tenants() t")
	if err != nil {
		return wrap("list tenants", err)
	}
	tenants, err := pgx.CollectRows(rows, pgx.RowTo[id.Tenant])
	if err != nil {
		return wrap("list tenants", err)
	}
	for _, tenant := range tenants {
		if err := loadTenant(ctx, db, ix, tenant, now); err != nil {
			return err
		}
	}
	return nil
}

func loadTenant(ctx context.Context, db *pg.DB, ix *Index, tenant id.Tenant, now time.Time) error {
	return db.Read(ctx, tenant, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			select distinct on (p.rider_id) p.rider_id, coalesce(s.zone_id, r.zone_id), p.seq, p.at, p.lat, p.lng, p.accuracy_m, p.speed_mps, p.heading_deg
			from positions p
				join riders r on r.tenant_id = p.tenant_id and r.id = p.rider_id
				left join shifts s on s.tenant_id = p.tenant_id and s.rider_id = p.rider_id and s.ended_at is null
			where p.tenant_id = $1 and p.at > $2 and p.at <= $3
			order by p.rider_id, p.at desc, p.seq desc`, tenant, now.Add(-loadBack), now.Add(futureSlack))
		if err != nil {
			return wrap("load positions", err)
		}
		var rider id.Rider
		var zone id.Zone
		var f Fix
		_, err = pgx.ForEachRow(rows, []any{&rider, &zone, &f.Seq, &f.At, &f.Lat, &f.Lng, &f.AccuracyM, &f.SpeedMps, &f.HeadingDeg}, func() error {
			ix.Update(tenant, zone, rider, f)
			return nil
		})
		return wrap("load positions", err)
	})
}

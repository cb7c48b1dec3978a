package rider

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// fixRow is a fix on its way to the table, as the phone told it.
type fixRow struct {
	packedFix
	tenant   id.Tenant
	rider    id.Rider
	received int64 // µs since 1970
}

// storeRows inserts one tenant's rows in one statement.
//
// COPY would be the quicker protocol, but PostgreSQL refuses "COPY FROM with row-level security" to roles that it binds, and
// the wall between tenants is worth more. An INSERT from typed arrays sends the same bytes and is bound by the same policy.
//
// A *doubtError says that the rows may be stored all the same.
func storeRows(ctx context.Context, db *pg.DB, tenant id.Tenant, rows []fixRow) error {
	riders := make([]id.Rider, len(rows))
	at, received := make([]time.Time, len(rows)), make([]time.Time, len(rows))
	seq := make([]int64, len(rows))
	lat, lng := make([]float64, len(rows)), make([]float64, len(rows))
	accuracy := make([]float32, len(rows))
	speed, heading := make([]pgtype.Float4, len(rows)), make([]pgtype.Float4, len(rows))
	for i, r := range rows {
		riders[i], at[i], received[i], seq[i] = r.rider, time.UnixMicro(r.at), time.UnixMicro(r.received), r.seq
		p := r.place.unpack()
		lat[i], lng[i], accuracy[i] = p.Lat, p.Lng, r.accuracy
		speed[i], heading[i] = float4(r.speed), float4(r.heading)
	}
	var xid string
	err := db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			with stored as (
				insert into positions (tenant_id, rider_id, at, received_at, seq, lat, lng, accuracy_m, speed_mps, heading_deg)
				select $1, rider, at, received, seq, lat, lng, accuracy, speed, heading
				from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::bigint[], $6::float8[], $7::float8[], $8::real[], $9::real[], $10::real[])
					as x (rider, at, received, seq, lat, lng, accuracy, speed, heading))
			select pg_current_xact_id()::text`,
			tenant, riders, at, received, seq, lat, lng, accuracy, speed, heading).Scan(&xid)
		return wrap("store positions", err)
	})
	if err != nil && xid != "" {
		return &doubtError{xid, err}
	}
	return err
}

func float4(x float32) pgtype.Float4 {
	return pgtype.Float4{Float32: x, Valid: !math.IsNaN(float64(x))}
}

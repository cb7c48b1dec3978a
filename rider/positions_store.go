package rider

import (
	"context"

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
	arrays := arraysOf(rows)
	values, oids, formats := make([][]byte, 1+len(arrays)), make([]uint32, 1+len(arrays)), make([]int16, 1+len(arrays))
	values[0], oids[0], formats[0] = tenant[:], pgtype.UUIDOID, pgx.BinaryFormatCode
	for i, a := range arrays {
		values[1+i], oids[1+i], formats[1+i] = a.data, a.oid, pgx.BinaryFormatCode
	}
	var xid string
	err := db.Tx(ctx, tenant, func(tx pgx.Tx) error {
		result := tx.Conn().PgConn().ExecParams(ctx, `
			with stored as (
				insert into positions (tenant_id, rider_id, at, received_at, seq, lat, lng, accuracy_m, speed_mps, heading_deg)
				select $1, rider, at, received, seq, lat, lng, accuracy, speed, heading
				from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::bigint[], $6::float8[], $7::float8[], $8::real[], $9::real[], $10::real[])
					as x (rider, at, received, seq, lat, lng, accuracy, speed, heading))
			select pg_current_xact_id()::text`, values, oids, formats, nil).Read()
		if result.Err != nil {
			return wrap("store positions", result.Err)
		}
		xid = string(result.Rows[0][0])
		return nil
	})
	if err != nil && xid != "" {
		return &doubtError{xid, err}
	}
	return err
}

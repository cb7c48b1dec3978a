package tariff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Version is a zone's tariff as it was, or is, for a while.
type Version struct {
	Zone      id.Zone
	Number    int64 // 1, 2, …; 0 = the zone has none
	Tariff    Tariff
	CreatedBy id.User
	CreatedAt time.Time
}

// What can be wrong besides an *InvalidError.
var (
	ErrNone         = errors.New("the zone has no such tariff")
	ErrConflict     = errors.New("the tariff was changed by somebody else")
	ErrZoneNotFound = errors.New("no such zone")
)

// Put makes v.Tariff the zone's, in place of version v.Number (0: it had none). Orders placed before keep theirs.
// *InvalidError, ErrConflict, ErrZoneNotFound.
func Put(ctx context.Context, tx pgx.Tx, tenant id.Tenant, v Version) (Version, error) {
	if err := v.Tariff.Validate(); err != nil {
		return Version{}, err
	}
	body, err := json.Marshal(v.Tariff)
	if err != nil {
		return Version{}, fmt.Errorf("write a tariff: %w", err)
	}
	v.Number++
	// Not only the primary key decides: a number beyond the next would leave a gap.
	tag, err := tx.Exec(ctx, `insert into tariffs (tenant_id, zone_id, version, tariff, created_by, created_at)
		select $1, $2, $3, $4, $5, $6 where $3 = 1 + coalesce((select max(version) from tariffs where tenant_id = $1 and zone_id = $2), 0)
		on conflict (tenant_id, zone_id, version) do nothing`, tenant, v.Zone, v.Number, body, v.CreatedBy, v.CreatedAt)
	switch {
	case pg.IsForeignKey(err, "tariffs_tenant_id_zone_id_fkey"):
		return Version{}, ErrZoneNotFound
	case err != nil:
		return Version{}, fmt.Errorf("store a tariff: %w", err)
	case tag.RowsAffected() == 0:
		return Version{}, ErrConflict
	}
	return v, nil
}

// Current is a zone's tariff now. ErrNone.
func Current(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) (Version, error) {
	return read(tx.QueryRow(ctx, `select zone_id, version, tariff, created_by, created_at from tariffs
		where tenant_id = $1 and zone_id = $2 order by version desc limit 1`, tenant, zone))
}

// Get is a version of a zone's tariff. ErrNone.
func Get(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, number int64) (Version, error) {
	return read(tx.QueryRow(ctx, `select zone_id, version, tariff, created_by, created_at from tariffs
		where tenant_id = $1 and zone_id = $2 and version = $3`, tenant, zone, number))
}

func read(row pgx.Row) (Version, error) {
	var v Version
	var body []byte
	err := row.Scan(&v.Zone, &v.Number, &body, &v.CreatedBy, &v.CreatedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return Version{}, ErrNone
	}
	if err == nil {
		err = json.Unmarshal(body, &v.Tariff)
	}
	if err != nil {
		return Version{}, fmt.Errorf("read a tariff: %w", err)
	}
	v.CreatedAt = v.CreatedAt.UTC()
	return v, nil
}

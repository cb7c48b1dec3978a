package dispatch

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/audit"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Zone is an area dispatched as one.
type Zone struct {
	ID      id.Zone
	Name    string
	Cells   []geo.Cell // resolution geo.ZoneRes
	Policy  Policy
	Version int64
}

// What can be wrong with a zone.
var (
	ErrZoneNotFound  = errors.New("no such zone")
	ErrZoneConflict  = errors.New("the zone was changed by somebody else")
	ErrZoneNameTaken = errors.New("a zone of this name exists")
	ErrOutsideZones  = errors.New("the place is in no zone")
)

type zoneRow struct {
	TenantID  id.Tenant `gorm:"primaryKey;type:uuid"`
	ID        id.Zone   `gorm:"primaryKey;type:uuid"`
	Name      string
	Cells     cellArray `gorm:"type:bigint[]"`
	Policy    []byte    `gorm:"type:jsonb"`
	Version   int64
	CreatedAt time.Time
}

func (zoneRow) TableName() string { return "zones" }

// CreateZone stores a zone. Its policy must be valid. ErrZoneNameTaken.
func CreateZone(ctx context.Context, db *pg.DB, tenant id.Tenant, z Zone, now time.Time) (Zone, error) {
	z.ID, z.Version = id.NewZone(), 1
	row, err := z.row(tenant)
	if err != nil {
		return Zone{}, err
	}
	row.CreatedAt = now
	audit.Target(ctx, z.ID.String())
	err = db.Reference(ctx, tenant, func(g *gorm.DB) error { return g.Create(&row).Error })
	if pg.IsUnique(err, "zones_tenant_id_name_key") {
		return Zone{}, ErrZoneNameTaken
	}
	if err != nil {
		return Zone{}, fmt.Errorf("create zone: %w", err)
	}
	return z, nil
}

// UpdateZone renames a zone or changes its policy, if its version is still the given one.
// ErrZoneNotFound, ErrZoneConflict, ErrZoneNameTaken.
func UpdateZone(ctx context.Context, db *pg.DB, tenant id.Tenant, z Zone) (Zone, error) {
	row, err := z.row(tenant)
	if err != nil {
		return Zone{}, err
	}
	err = db.Reference(ctx, tenant, func(g *gorm.DB) error {
		res := g.Model(&zoneRow{}).Where("tenant_id = ? AND id = ? AND version = ?", tenant, z.ID, z.Version).
			Updates(map[string]any{"name": row.Name, "policy": row.Policy, "version": z.Version + 1})
		if res.Error != nil || res.RowsAffected == 1 {
			return res.Error
		}
		if err := g.Where("tenant_id = ? AND id = ?", tenant, z.ID).Select("id").Take(&zoneRow{}).Error; errors.Is(err, gorm.ErrRecordNotFound) {
			return ErrZoneNotFound
		}
		return ErrZoneConflict
	})
	if pg.IsUnique(err, "zones_tenant_id_name_key") {
		return Zone{}, ErrZoneNameTaken
	}
	if err != nil {
		return Zone{}, fmt.Errorf("update zone: %w", err)
	}
	z.Version++
	return z, nil
}

// ListZones returns a tenant's zones by name.
func ListZones(ctx context.Context, db *pg.DB, tenant id.Tenant) ([]Zone, error) {
	var rows []zoneRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		return g.Where("tenant_id = ?", tenant).Order("name, id").Find(&rows).Error
	})
	if err != nil {
		return nil, fmt.Errorf("list zones: %w", err)
	}
	zones := make([]Zone, len(rows))
	for i, r := range rows {
		if zones[i], err = r.zone(); err != nil {
			return nil, err
		}
	}
	return zones, nil
}

// GetZone reads one zone. ErrZoneNotFound.
func GetZone(ctx context.Context, db *pg.DB, tenant id.Tenant, zone id.Zone) (Zone, error) {
	var row zoneRow
	err := db.Reference(ctx, tenant, func(g *gorm.DB) error {
		return g.Where("tenant_id = ? AND id = ?", tenant, zone).Take(&row).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Zone{}, ErrZoneNotFound
	}
	if err != nil {
		return Zone{}, fmt.Errorf("get zone: %w", err)
	}
	return row.zone()
}

// ZoneAt finds the zone of a place. ErrOutsideZones.
func ZoneAt(ctx context.Context, tx pgx.Tx, tenant id.Tenant, at geo.LatLng) (id.Zone, error) {
	var zone id.Zone
	err := tx.QueryRow(ctx, `SELECT id FROM zones WHERE tenant_id = $1 AND $2 = ANY (cells) ORDER BY id LIMIT 1`,
		tenant, int64(geo.CellOf(at, geo.ZoneRes))).Scan(&zone)
	if errors.Is(err, pgx.ErrNoRows) {
		return zone, ErrOutsideZones
	}
	if err != nil {
		return zone, fmt.Errorf("zone at %v: %w", at, err)
	}
	return zone, nil
}

// InZone reports whether a place lies in a zone. ErrZoneNotFound.
func InZone(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, at geo.LatLng) (inside bool, err error) {
	err = tx.QueryRow(ctx, `SELECT $3 = ANY (cells) FROM zones WHERE tenant_id = $1 AND id = $2`,
		tenant, zone, int64(geo.CellOf(at, geo.ZoneRes))).Scan(&inside)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, ErrZoneNotFound
	}
	if err != nil {
		return false, fmt.Errorf("whether %v is in zone %s: %w", at, zone, err)
	}
	return inside, nil
}

// readZone reads a zone within a snapshot.
func readZone(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) (Zone, error) {
	var r zoneRow
	var cells []int64
	err := tx.QueryRow(ctx, `SELECT id, name, cells, policy, version FROM zones WHERE tenant_id = $1 AND id = $2`, tenant, zone).
		Scan(&r.ID, &r.Name, &cells, &r.Policy, &r.Version)
	if errors.Is(err, pgx.ErrNoRows) {
		return Zone{}, ErrZoneNotFound
	}
	if err != nil {
		return Zone{}, fmt.Errorf("read zone: %w", err)
	}
	for _, c := range cells {
		r.Cells = append(r.Cells, geo.Cell(c))
	}
	return r.zone()
}

// PolicyOf reads a zone's policy. ErrZoneNotFound.
func PolicyOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) (Policy, error) {
	var raw []byte
	err := tx.QueryRow(ctx, `SELECT policy FROM zones WHERE tenant_id = $1 AND id = $2`, tenant, zone).Scan(&raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return Policy{}, ErrZoneNotFound
	}
	if err != nil {
		return Policy{}, fmt.Errorf("read the policy of zone %s: %w", zone, err)
	}
	return ParsePolicy(raw)
}

func (z Zone) row(tenant id.Tenant) (zoneRow, error) {
	if faults := z.Policy.Validate(); len(faults) > 0 {
		return zoneRow{}, &PolicyError{Faults: faults}
	}
	policy, err := json.Marshal(z.Policy)
	if err != nil {
		return zoneRow{}, fmt.Errorf("zone policy: %w", err)
	}
	return zoneRow{TenantID: tenant, ID: z.ID, Name: z.Name, Cells: cellArray(z.Cells), Policy: policy, Version: z.Version}, nil
}

func (r zoneRow) zone() (Zone, error) {
	policy, err := ParsePolicy(r.Policy)
	if err != nil {
		return Zone{}, fmt.Errorf("zone %s: %w", r.ID, err)
	}
	return Zone{ID: r.ID, Name: r.Name, Cells: r.Cells, Policy: policy, Version: r.Version}, nil
}

// cellArray is a bigint[] column: H3 cells fit, their top bit is never set.
type cellArray []geo.Cell

// Value writes PostgreSQL's array literal.
func (a cellArray) Value() (driver.Value, error) {
	b := []byte{'{'}
	for i, c := range a {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(c), 10)
	}
	return string(append(b, '}')), nil
}

// Scan reads it.
func (a *cellArray) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("cells are %T, not an array's text", src)
	}
	*a = nil
	for part := range strings.SplitSeq(strings.Trim(s, "{}"), ",") {
		v, err := strconv.ParseUint(part, 10, 64)
		if err != nil {
			return fmt.Errorf("cells: %w", err)
		}
		*a = append(*a, geo.Cell(v))
	}
	return nil
}

package tariff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Spell is a time in which it rains in a zone, as a dispatcher says.
type Spell struct {
	From  time.Time
	Until *time.Time // nil: until further notice
	SetBy id.User
}

// ErrRaining refuses rain for later while it rains: whoever says so may have looked at an old picture.
var ErrRaining = errors.New("it rains in the zone already")

// Rains tells of the rain in a zone: the spell that lasts, or else the next one; nil where there is none.
func Rains(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time) (*Spell, error) {
	var s Spell
	err := tx.QueryRow(ctx, `select from_at, until_at, set_by from rain_spells
		where tenant_id = $1 and zone_id = $2 and (until_at is null or until_at > $3) order by from_at limit 1`, tenant, zone, now).Scan(&s.From, &s.Until, &s.SetBy)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the rain in zone %s: %w", zone, err)
	}
	s.From = s.From.UTC()
	if s.Until != nil {
		*s.Until = s.Until.UTC()
	}
	return &s, nil
}

// SetRain says that it rains in a zone, or will: from s.From, which is now or later, until s.Until, which is later still. A spell that lasts
// gets the new end; one to come is replaced. Orders that riders were asked about before keep their pay. ErrRaining, ErrZoneNotFound.
func SetRain(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, s Spell, now time.Time) error {
	last, err := lockRain(ctx, tx, tenant, zone, now)
	switch {
	case err != nil:
		return err
	case last != nil && s.From.After(now):
		return ErrRaining
	case last != nil:
		_, err = tx.Exec(ctx, `update rain_spells set until_at = $4, set_by = $5 where tenant_id = $1 and zone_id = $2 and from_at = $3`,
			tenant, zone, last.From, s.Until, s.SetBy)
	default:
		_, err = tx.Exec(ctx, `insert into rain_spells (tenant_id, zone_id, from_at, until_at, set_by) values ($1, $2, $3, $4, $5)`,
			tenant, zone, s.From, s.Until, s.SetBy)
	}
	if err != nil {
		return fmt.Errorf("set the rain in zone %s: %w", zone, err)
	}
	return nil
}

// EndRain says that it rains no more, nor will. Said twice, it is so. ErrZoneNotFound.
func EndRain(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time) error {
	last, err := lockRain(ctx, tx, tenant, zone, now)
	if err != nil || last == nil {
		return err
	}
	if last.From.Equal(now) { // it has not rained for a moment
		_, err = tx.Exec(ctx, `delete from rain_spells where tenant_id = $1 and zone_id = $2 and from_at = $3`, tenant, zone, now)
	} else {
		_, err = tx.Exec(ctx, `update rain_spells set until_at = $4 where tenant_id = $1 and zone_id = $2 and from_at = $3`, tenant, zone, last.From, now)
	}
	if err != nil {
		return fmt.Errorf("end the rain in zone %s: %w", zone, err)
	}
	return nil
}

// lockRain keeps others from the zone's rain, drops what was to come, and answers the spell that lasts.
func lockRain(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time) (*Spell, error) {
	tag, err := tx.Exec(ctx, `select from zones where tenant_id = $1 and id = $2 for no key update`, tenant, zone)
	if err == nil && tag.RowsAffected() == 0 {
		return nil, ErrZoneNotFound
	}
	if err == nil {
		_, err = tx.Exec(ctx, `delete from rain_spells where tenant_id = $1 and zone_id = $2 and from_at > $3`, tenant, zone, now)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the rain in zone %s: %w", zone, err)
	}
	return Rains(ctx, tx, tenant, zone, now)
}

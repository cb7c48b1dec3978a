package rider

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

const incidentColumns = "i.id, i.rider_id, i.zone_id, i.kind, i.order_id, i.action_id, i.at, i.client_at, i.lat, i.lng, i.note, i.released, i.returning_ids, i.acknowledged_at, i.acknowledged_by"

func scanIncident(row pgx.CollectableRow) (Incident, error) {
	var i Incident
	var lat, lng *float64
	err := row.Scan(&i.ID, &i.Rider, &i.Zone, &i.Kind, &i.Order, &i.Action, &i.At, &i.ClientAt, &lat, &lng, &i.Note, &i.Released, &i.Returning,
		&i.AcknowledgedAt, &i.AcknowledgedBy)
	if lat != nil && lng != nil {
		i.Place = &geo.LatLng{Lat: *lat, Lng: *lng}
	}
	return i, err
}

func incidents(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]Incident, error) {
	rows, err := tx.Query(ctx, "select "+incidentColumns+" from incidents i where i.tenant_id = $1 and "+sql, args...)
	if err != nil {
		return nil, wrap("read incidents", err)
	}
	out, err := pgx.CollectRows(rows, scanIncident)
	return out, wrap("read incidents", err)
}

func oneIncident(list []Incident, err error) (Incident, error) {
	switch {
	case err != nil:
		return Incident{}, err
	case len(list) == 0:
		return Incident{}, ErrIncidentNotFound
	}
	return list[0], nil
}

// AddIncident stores a new incident.
func AddIncident(ctx context.Context, tx pgx.Tx, tenant id.Tenant, i Incident) error {
	var lat, lng *float64
	if i.Place != nil {
		lat, lng = &i.Place.Lat, &i.Place.Lng
	}
	_, err := tx.Exec(ctx, `
		insert into incidents (tenant_id, id, rider_id, zone_id, kind, order_id, action_id, at, client_at, lat, lng, note, released, returning_ids)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		tenant, i.ID, i.Rider, i.Zone, i.Kind, i.Order, i.Action, i.At, i.ClientAt, lat, lng, i.Note, notNull(i.Released), notNull(i.Returning))
	return wrap("add the incident", err)
}

// notNull is an array that is not NULL.
func notNull(ids []id.Order) []id.Order {
	if ids == nil {
		return []id.Order{}
	}
	return ids
}

// IncidentOfAction is what a rider reported under the phone's id; ErrIncidentNotFound.
func IncidentOfAction(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, action uuid.UUID) (Incident, error) {
	return oneIncident(incidents(ctx, tx, "i.rider_id = $2 and i.action_id = $3", tenant, rider, action))
}

// OpenIncidents are those of a zone, and the alarms of all zones, that nobody has acknowledged, oldest first; at most 200.
func OpenIncidents(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) ([]Incident, error) {
	return incidents(ctx, tx, "i.acknowledged_at is null and (i.zone_id = $2 or i.kind = $3) order by i.id limit 200", tenant, zone, Alarm)
}

// Incidents lists a tenant's incidents, newest first, from behind after (zero: the newest).
func Incidents(ctx context.Context, tx pgx.Tx, tenant id.Tenant, openOnly bool, after id.Incident, limit int) ([]Incident, error) {
	return incidents(ctx, tx, "(not $2 or i.acknowledged_at is null) and ($3::uuid is null or i.id < $3) order by i.id desc limit $4", tenant, openOnly, after, limit)
}

// Acknowledge notes who took care of an incident, and when. The first to do so stays. ErrIncidentNotFound.
func Acknowledge(ctx context.Context, tx pgx.Tx, tenant id.Tenant, incident id.Incident, by id.User, now time.Time) (Incident, error) {
	_, err := tx.Exec(ctx, `update incidents set acknowledged_at = $4, acknowledged_by = $3 where tenant_id = $1 and id = $2 and acknowledged_at is null`,
		tenant, incident, by, now)
	if err != nil {
		return Incident{}, wrap("acknowledge the incident", err)
	}
	return oneIncident(incidents(ctx, tx, "i.id = $2", tenant, incident))
}

// CutShift has no new orders come to a rider whose shift is open.
func CutShift(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, now time.Time) error {
	_, err := tx.Exec(ctx, `
		update shifts set ends_at = greatest(started_at + interval '1 second', $3)
		where tenant_id = $1 and rider_id = $2 and ended_at is null and ends_at > $3`, tenant, rider, now)
	return wrap("cut the shift short", err)
}

// ZoneOf is where a rider works: the zone of the open shift, or the home zone. ErrNotFound.
func ZoneOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) (zone id.Zone, err error) {
	err = tx.QueryRow(ctx, `
		select coalesce(s.zone_id, r.zone_id) from riders r
		left join shifts s on s.tenant_id = r.tenant_id and s.rider_id = r.id and s.ended_at is null
		where r.tenant_id = $1 and r.id = $2`, tenant, rider).Scan(&zone)
	if errors.Is(err, pgx.ErrNoRows) {
		return zone, ErrNotFound
	}
	return zone, wrap("read where the rider works", err)
}

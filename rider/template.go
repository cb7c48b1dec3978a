package rider

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/audit"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Template is shifts that come again. Its times never change, so that what was booked stays what it was: to change them, end the template and make
// another.
type Template struct {
	ID       id.Template
	Zone     id.Zone
	Name     string
	Weekdays []time.Weekday
	From, To int // minutes after midnight by the clock on the wall; To not after From is of the day after
	Places   int
	Vehicles []Vehicle // empty: any
	// FirstDay and LastDay are days of the tenant's time zone, written as midnight UTC. LastDay nil: until further notice.
	FirstDay time.Time
	LastDay  *time.Time
}

var (
	// ErrTemplateNotFound is an unknown template of this tenant.
	ErrTemplateNotFound = errors.New("rider: no such shift template")
	// ErrLastDay refuses a last day that is more than a day before the first one.
	ErrLastDay = errors.New("rider: the last day is before the first")
)

// on reports whether the template has a slot on a day.
func (t Template) on(day time.Time) bool {
	return !day.Before(t.FirstDay) && (t.LastDay == nil || !day.After(*t.LastDay)) && slices.Contains(t.Weekdays, day.Weekday())
}

// slot is the template's on a day that it is on. Where clocks change, it is shorter or longer by the change; a time of day that is skipped that night
// is that of an hour away.
func (t Template) slot(day time.Time, loc *time.Location) Slot {
	at := func(minutes int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, loc).UTC()
	}
	to := t.To
	if to <= t.From {
		to += 24 * 60
	}
	return Slot{Template: t, Day: day, StartsAt: at(t.From), EndsAt: at(to)}
}

const templateColumns = "id, zone_id, name, weekdays, from_min, to_min, places, vehicles, first_day, last_day"

func scanTemplate(row pgx.CollectableRow) (Template, error) {
	var t Template
	var days []int16
	err := row.Scan(&t.ID, &t.Zone, &t.Name, &days, &t.From, &t.To, &t.Places, &t.Vehicles, &t.FirstDay, &t.LastDay)
	for _, d := range days {
		t.Weekdays = append(t.Weekdays, time.Weekday(d))
	}
	return t, err
}

// CreateTemplate stores a template under a new id. ErrZoneNotFound, ErrLastDay.
func CreateTemplate(ctx context.Context, tx pgx.Tx, tenant id.Tenant, t Template, now time.Time) (Template, error) {
	t.ID = id.NewTemplate()
	audit.Target(ctx, t.ID.String())
	days := make([]int16, len(t.Weekdays))
	for i, d := range t.Weekdays {
		days[i] = int16(d)
	}
	_, err := tx.Exec(ctx, `
		insert into shift_templates (tenant_id, id, zone_id, name, weekdays, from_min, to_min, places, vehicles, first_day, last_day, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		tenant, t.ID, t.Zone, t.Name, days, t.From, t.To, t.Places, vehicleNames(t.Vehicles), t.FirstDay, t.LastDay, now)
	switch {
	case pg.IsForeignKey(err, ""):
		return Template{}, ErrZoneNotFound
	case pg.IsCheck(err, ""):
		return Template{}, ErrLastDay
	}
	return t, wrap("create the shift template", err)
}

// Templates lists those of a zone, or all, oldest first. Those that have ended are among them.
func Templates(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) ([]Template, error) {
	rows, err := tx.Query(ctx, "select "+templateColumns+" from shift_templates where tenant_id = $1 and ($2::uuid is null or zone_id = $2) order by id", tenant, zone)
	if err != nil {
		return nil, wrap("list shift templates", err)
	}
	out, err := pgx.CollectRows(rows, scanTemplate)
	return out, wrap("list shift templates", err)
}

// TemplateChange is what UpdateTemplate changes; nil leaves a field as it is.
type TemplateChange struct {
	Name    *string
	Places  *int       // fewer than are booked: nobody loses a place, and nobody gets one
	LastDay *time.Time // what was booked for later stays booked, for staff to cancel
}

// UpdateTemplate changes a template. ErrTemplateNotFound, ErrLastDay.
func UpdateTemplate(ctx context.Context, tx pgx.Tx, tenant id.Tenant, template id.Template, c TemplateChange) (Template, error) {
	rows, err := tx.Query(ctx, `
		update shift_templates set name = coalesce($3, name), places = coalesce($4, places), last_day = coalesce($5, last_day)
		where tenant_id = $1 and id = $2 returning `+templateColumns, tenant, template, c.Name, c.Places, c.LastDay)
	if err != nil {
		return Template{}, wrap("change the shift template", err)
	}
	t, err := pgx.CollectExactlyOneRow(rows, scanTemplate)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return Template{}, ErrTemplateNotFound
	case pg.IsCheck(err, ""):
		return Template{}, ErrLastDay
	}
	return t, wrap("change the shift template", err)
}

// lockTemplate reads a template so that nobody else books by it until the transaction ends. ErrTemplateNotFound.
func lockTemplate(ctx context.Context, tx pgx.Tx, tenant id.Tenant, template id.Template) (Template, error) {
	rows, err := tx.Query(ctx, "select "+templateColumns+" from shift_templates where tenant_id = $1 and id = $2 for no key update", tenant, template)
	if err != nil {
		return Template{}, wrap("read the shift template", err)
	}
	t, err := pgx.CollectExactlyOneRow(rows, scanTemplate)
	if errors.Is(err, pgx.ErrNoRows) {
		return Template{}, ErrTemplateNotFound
	}
	return t, wrap("read the shift template", err)
}

func vehicleNames(vehicles []Vehicle) []string {
	out := make([]string, len(vehicles))
	for i, v := range vehicles {
		out[i] = string(v)
	}
	return out
}

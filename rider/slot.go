package rider

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Slot is a template's shift on one day.
type Slot struct {
	Template         Template
	Day              time.Time // midnight UTC
	StartsAt, EndsAt time.Time
	Booked           int
}

// Free is how many may still book it.
func (s Slot) Free() int { return max(0, s.Template.Places-s.Booked) }

// Slots lists a zone's slots of so many days from a day on (midnight UTC), the first to start first.
func Slots(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, from time.Time, days int) ([]Slot, error) {
	loc, err := pg.TimeZone(ctx, tx, tenant)
	if err != nil {
		return nil, err
	}
	templates, err := Templates(ctx, tx, tenant, zone)
	if err != nil {
		return nil, err
	}
	booked, err := bookedOf(ctx, tx, tenant, templates, from, from.AddDate(0, 0, days))
	if err != nil {
		return nil, err
	}
	var out []Slot
	for _, t := range templates {
		for d := range days {
			if day := from.AddDate(0, 0, d); t.on(day) {
				s := t.slot(day, loc)
				s.Booked = booked[slotKey{t.ID, day}]
				out = append(out, s)
			}
		}
	}
	slices.SortFunc(out, func(a, b Slot) int {
		return cmp.Or(a.StartsAt.Compare(b.StartsAt), cmp.Compare(a.Template.ID.String(), b.Template.ID.String()))
	})
	return out, nil
}

// slotKey is which slot it is.
type slotKey struct {
	template id.Template
	day      time.Time
}

// bookedOf counts who has booked, by slot, from a day on and before another.
func bookedOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, templates []Template, from, to time.Time) (map[slotKey]int, error) {
	ids := make([]id.Template, len(templates))
	for i, t := range templates {
		ids[i] = t.ID
	}
	rows, err := tx.Query(ctx, `
		select template_id, day, count(*) from shift_bookings
		where tenant_id = $1 and template_id = any($2) and day >= $3 and day < $4 and cancelled_at is null
		group by template_id, day`, tenant, ids, from, to)
	if err != nil {
		return nil, wrap("count bookings", err)
	}
	out := make(map[slotKey]int)
	var k slotKey
	var n int
	_, err = pgx.ForEachRow(rows, []any{&k.template, &k.day, &n}, func() error {
		out[slotKey{k.template, k.day.UTC()}] = n
		return nil
	})
	return out, wrap("count bookings", err)
}

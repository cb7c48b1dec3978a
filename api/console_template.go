package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// NewTemplate is shifts that come again, to be created.
type NewTemplate struct {
	ZoneID   id.Zone         `json:"zone_id" pattern:"^zon_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	Name     string          `json:"name,omitempty" maxLength:"200"`
	Weekdays []string        `json:"weekdays" minItems:"1" maxItems:"7" enum:"mon,tue,wed,thu,fri,sat,sun"`
	From     string          `json:"from" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" example:"11:00" doc:"By the clock on the wall in the tenant's time zone."`
	To       string          `json:"to" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" example:"14:30" doc:"If it is not after from, it is of the day after."`
	Places   int             `json:"places" minimum:"1" maximum:"10000" doc:"How many riders may book a shift."`
	Vehicles []rider.Vehicle `json:"vehicles,omitempty" maxItems:"5" enum:"walking,bicycle,ebike,motorcycle,car" doc:"Who may book; empty: all."`
	FirstDay string          `json:"first_day,omitempty" format:"date" doc:"Left out: today."`
	LastDay  *string         `json:"last_day,omitempty" nullable:"false" format:"date" doc:"Left out: until further notice."`
}

// Template is shifts that come again.
type Template struct {
	ID       id.Template     `json:"id"`
	ZoneID   id.Zone         `json:"zone_id"`
	Name     string          `json:"name"`
	Weekdays []string        `json:"weekdays" enum:"mon,tue,wed,thu,fri,sat,sun"`
	From     string          `json:"from"`
	To       string          `json:"to"`
	Places   int             `json:"places"`
	Vehicles []rider.Vehicle `json:"vehicles" enum:"walking,bicycle,ebike,motorcycle,car" doc:"Empty: all."`
	FirstDay string          `json:"first_day" format:"date"`
	LastDay  *string         `json:"last_day" format:"date" doc:"Null: until further notice. The day before first_day: never."`
}

// weekdays by time.Weekday.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func templateOf(t rider.Template) Template {
	j := Template{
		ID: t.ID, ZoneID: t.Zone, Name: t.Name, Weekdays: []string{}, From: clockText(t.From), To: clockText(t.To), Places: t.Places,
		Vehicles: notNil(t.Vehicles), FirstDay: t.FirstDay.Format(time.DateOnly),
	}
	for _, d := range t.Weekdays {
		j.Weekdays = append(j.Weekdays, weekdays[d])
	}
	if t.LastDay != nil {
		j.LastDay = new(t.LastDay.Format(time.DateOnly))
	}
	return j
}

func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// minutesOf reads a time of day, whose form the schema has checked.
func minutesOf(text string) int {
	at, err := time.Parse("15:04", text)
	if err != nil {
		return 0
	}
	return at.Hour()*60 + at.Minute()
}

// dayOf reads a day of a body or query.
func dayOf(field, text string) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 2000 || day.Year() > 2200 {
		return day, invalid(FieldFault{field, "must be a day like 2026-03-02", text})
	}
	return day, nil
}

// today is the tenant's, as midnight UTC.
func today(now time.Time, loc *time.Location) time.Time {
	y, m, d := now.In(loc).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (s *Server) createTemplate(ctx context.Context, in *struct{ Body NewTemplate }) (*out[Template], error) {
	tenant, b := staffOf(ctx).Tenant, in.Body
	t := rider.Template{Zone: b.ZoneID, Name: b.Name, From: minutesOf(b.From), To: minutesOf(b.To), Places: b.Places, Vehicles: b.Vehicles}
	for _, d := range b.Weekdays {
		if day := time.Weekday(slices.Index(weekdays, d)); !slices.Contains(t.Weekdays, day) {
			t.Weekdays = append(t.Weekdays, day)
		}
	}
	var err error
	if b.FirstDay != "" {
		if t.FirstDay, err = dayOf("first_day", b.FirstDay); err != nil {
			return nil, err
		}
	}
	if b.LastDay != nil {
		last, err := dayOf("last_day", *b.LastDay)
		if err != nil {
			return nil, err
		}
		t.LastDay = &last
	}
	err = s.db.Tx(ctx, tenant, func(tx pgx.Tx) (err error) {
		if t.FirstDay.IsZero() {
			if t.FirstDay, err = s.today(ctx, tx, tenant); err != nil {
				return err
			}
		}
		t, err = rider.CreateTemplate(ctx, tx, tenant, t, s.clock.Now())
		return err
	})
	if errors.Is(err, rider.ErrZoneNotFound) {
		return nil, invalid(FieldFault{"zone_id", "names no zone", b.ZoneID.String()})
	}
	if err != nil {
		return nil, err
	}
	return answer(templateOf(t)), nil
}

type zoneFilter struct {
	ZoneID string `query:"zone_id" pattern:"^zon_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
}

func (s *Server) listTemplates(ctx context.Context, in *zoneFilter) (*list[Template], error) {
	tenant := staffOf(ctx).Tenant
	var zone id.Zone
	if err := parseIDs(idParam{"zone_id", in.ZoneID, &zone}); err != nil {
		return nil, err
	}
	var found []rider.Template
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) (err error) {
		found, err = rider.Templates(ctx, tx, tenant, zone)
		return err
	})
	if err != nil {
		return nil, err
	}
	data := make([]Template, len(found))
	for i, t := range found {
		data[i] = templateOf(t)
	}
	return listOf(data, ""), nil
}

type updateTemplateInput struct {
	ByTemplate
	Body struct {
		Name    *string `json:"name,omitempty" nullable:"false" maxLength:"200"`
		Places  *int    `json:"places,omitempty" nullable:"false" minimum:"1" maximum:"10000" doc:"Fewer than are booked: nobody loses a place, and nobody gets one."`
		LastDay *string `json:"last_day,omitempty" nullable:"false" format:"date" doc:"What is booked for later stays booked until somebody cancels it."`
	}
}

func (s *Server) updateTemplate(ctx context.Context, in *updateTemplateInput) (*out[Template], error) {
	tenant := staffOf(ctx).Tenant
	change := rider.TemplateChange{Name: in.Body.Name, Places: in.Body.Places}
	if in.Body.LastDay != nil {
		last, err := dayOf("last_day", *in.Body.LastDay)
		if err != nil {
			return nil, err
		}
		change.LastDay = &last
	}
	var t rider.Template
	err := s.db.Tx(ctx, tenant, func(tx pgx.Tx) (err error) {
		t, err = rider.UpdateTemplate(ctx, tx, tenant, in.ID, change)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(templateOf(t)), nil
}

package api

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// AlertRow is an incident or alarm that waits for a dispatcher.
type AlertRow struct {
	ID       id.Incident          `json:"id"`
	Kind     rider.IncidentKind   `json:"kind" enum:"alarm,accident,vehicle_broken,customer_absent,wrong_address,damaged,store_closed,long_wait,other"`
	RiderID  id.Rider             `json:"rider_id"`
	Name     string               `json:"name" doc:"The rider's."`
	Phone    string               `json:"phone" doc:"The rider's."`
	ZoneID   id.Zone              `json:"zone_id" doc:"Alarms are told in all zones."`
	OrderID  id.Order             `json:"order_id" doc:"Empty: about none in particular."`
	At       time.Time            `json:"at"`
	Location nullable[geo.LatLng] `json:"location"`
	Note     string               `json:"note"`
}

// AlertsChanged are all open alerts of a zone, oldest first.
type AlertsChanged struct {
	Now  time.Time  `json:"now"`
	Rows []AlertRow `json:"rows"`
}

// repeatAlarm is how often an alarm is told again that nobody has acknowledged: a console that missed it, or its reader, hears of it still.
const repeatAlarm = 15 * time.Second

// alerts is what the consoles were told of a zone's alerts.
type alerts struct {
	rows []AlertRow
	json []byte
	at   time.Time
}

// news takes the open alerts in, and reports whether the consoles should be told: they differ, or an alarm among them has been
// open for a while.
func (a *alerts) news(rows []AlertRow, now time.Time) bool {
	b, err := json.Marshal(rows)
	if err != nil {
		return false
	}
	alarmed := false
	for _, r := range rows {
		alarmed = alarmed || r.Kind == rider.Alarm
	}
	if bytes.Equal(b, a.json) && (!alarmed || now.Sub(a.at) < repeatAlarm) {
		return false
	}
	a.rows, a.json, a.at = rows, b, now
	return true
}

// tellAlerts tells the open alerts where they are news; f.mu is held.
func (f *feed) tellAlerts(rows []AlertRow, now time.Time) error {
	if !f.picture.alerts.news(notNil(rows), now) {
		return nil
	}
	return f.tell("alerts", AlertsChanged{Now: now, Rows: notNil(rows)})
}

func readAlerts(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) ([]AlertRow, error) {
	open, err := rider.OpenIncidents(ctx, tx, tenant, zone)
	if err != nil || len(open) == 0 {
		return []AlertRow{}, err
	}
	who := make([]id.Rider, len(open))
	for i, x := range open {
		who[i] = x.Rider
	}
	riders, err := rider.GetMany(ctx, tx, tenant, who)
	if err != nil {
		return nil, err
	}
	profiles := make(map[id.Rider]rider.Rider, len(riders))
	for _, r := range riders {
		profiles[r.ID] = r
	}
	rows := make([]AlertRow, len(open))
	for i, x := range open {
		r := profiles[x.Rider]
		rows[i] = AlertRow{x.ID, x.Kind, x.Rider, r.Name, r.Phone, x.Zone, x.Order, x.At.UTC(), placeOf(x.Place), x.Note}
	}
	return rows, nil
}

func placeOf(p *geo.LatLng) nullable[geo.LatLng] {
	if p == nil {
		return nullable[geo.LatLng]{}
	}
	return some(*p)
}

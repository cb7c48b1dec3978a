package eta

import (
	"time"

	"github.com/paidan/paidan/internal/geo"
)

// Promise is the time to tell a customer: when the order is in his hands nine times of ten, rounded up to the minute. No rider
// is known yet, so a typical one is assumed at the store, Approach after placement; he leaves when he has been
// to the counter and the food is ready, and rides straight to the door. ready is the food's expected time; prep and handoff are the store's, the defaults when zero.
// A late arrival and a late kitchen overlap: only the later of the two counts.
func (m *Model) Promise(placed, ready time.Time, store, door geo.LatLng, vehicle string, prep, handoff Range) time.Time {
	e := m.Typical(placed, ready, store, door, vehicle, prep, handoff)
	return upToMinute(e.Stops[1].DepartAt.P90)
}

// Typical is the estimate behind a Promise: the visit to the store, then that to the door.
func (m *Model) Typical(placed, ready time.Time, store, door geo.LatLng, vehicle string, prep, handoff Range) Estimate {
	prep = m.prep(prep)
	return m.Estimate(Query{
		Now: placed, Vehicle: vehicle, From: store,
		FreeAt: placed.Add(m.params.Approach.P50), FreeP90: placed.Add(m.params.Approach.P90),
		Stops: []Stop{
			{Kind: Pickup, At: store, ReadyAt: ready, ReadyP90: ready.Add(max(0, prep.P90-prep.P50)), Service: m.handoff(handoff)},
			{Kind: Dropoff, At: door, Service: m.params.DoorHandoff},
		},
	})
}

func upToMinute(t time.Time) time.Time {
	if u := t.Truncate(time.Minute); u.Before(t) {
		return u.Add(time.Minute)
	}
	return t
}

package people

import (
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/sim/florence"
)

// near is the distance at which two points are one place.
const near = 30.0 // metres

// leg is a way from one place to another, driven at an even pace along the straight line.
type leg struct {
	from, to geo.LatLng
	start    time.Time
	drive    time.Duration
	park     time.Duration
	speed    float64 // along the straight line, m/s
}

// newLeg sets out now. Traffic makes each leg a little different. There is no way to go, and nothing to park, between
// two points of one place.
func newLeg(p person, from, to geo.LatLng, now time.Time, d florence.Dice) leg {
	l := leg{from: from, to: to, start: now}
	metres := geo.Distance(from, to)
	if metres < near {
		return l
	}
	seconds := metres * p.detour / p.speed * p.pace * d.Around(0.12)
	l.drive = time.Duration(seconds * float64(time.Second))
	l.park = p.park
	l.speed = metres / seconds
	return l
}

// arrive is when the rider stands at the counter or the door.
func (l leg) arrive() time.Time { return l.start.Add(l.drive + l.park) }

// at is where the rider is at t. Parking happens at the end, at the place itself.
func (l leg) at(t time.Time) geo.LatLng {
	gone := t.Sub(l.start)
	switch {
	case gone <= 0:
		return l.from
	case gone >= l.drive:
		return l.to
	}
	f := float64(gone) / float64(l.drive)
	return geo.LatLng{Lat: l.from.Lat + f*(l.to.Lat-l.from.Lat), Lng: l.from.Lng + f*(l.to.Lng-l.from.Lng)}
}

// moving reports whether the rider is on the road at t.
func (l leg) moving(t time.Time) bool { return !t.Before(l.start) && t.Before(l.start.Add(l.drive)) }

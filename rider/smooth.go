package rider

import (
	"math"

	"github.com/paidan/paidan/internal/geo"
)

// A phone in a pocket says "within 15 m" and wanders about while its rider stands. So the index does not follow a fix at once but as far as it
// is worth, by a Kalman filter of the simplest kind: one variance for the rider's place, which grows with the time since the last fix and
// how fast the rider goes, and shrinks with each fix by how accurate that is. A rider who rides is followed within a few metres; one who stands, stands.
// History keeps what the phone said.

const (
	// assumedAccuracy in metres is a fix's that tells none, and leastAccuracy what no phone in a city beats.
	assumedAccuracy, leastAccuracy = 15, 3
	// assumedSpeed in m/s is a rider's whose phone tells none; restlessness is how much faster than told a rider may go.
	assumedSpeed, restlessness = 6, 1
	// headingFrom is how far, in metres, a rider must have gone for the direction to mean something.
	headingFrom = 10
	// anywhere is the variance of a place that is not known.
	anywhere = 1e12
)

// smooth moves the estimate of a rider's place, with its variance in m², from the last fix towards a newer one. Without a heading from the phone it is
// the direction of that move, or the last one where the move was short.
func smooth(last *packedFix, variance float32, f packedFix) (packedFix, float32) {
	from, to := last.place.unpack(), f.place.unpack()
	perLng := metresPerDegree * math.Cos(from.Lat*radPerDegree)
	dLat, dLng := to.Lat-from.Lat, math.Remainder(to.Lng-from.Lng, 360)

	speed := float64(f.speed)
	if f.speed != f.speed {
		speed = assumedSpeed
	}
	unsure := (speed + restlessness) * float64(f.at-last.at) / 1e6
	before, noise := float64(variance)+unsure*unsure, noiseOf(f.accuracy)
	gain := before / (before + noise)
	dLat, dLng = gain*dLat, gain*dLng

	if f.heading != f.heading {
		f.heading = last.heading
		if east, north := dLng*perLng, dLat*metresPerDegree; east*east+north*north >= headingFrom*headingFrom {
			degrees := math.Atan2(east, north) / radPerDegree
			if degrees < 0 {
				degrees += 360
			}
			f.heading = float32(degrees)
		}
	}
	f.place = pack(geo.LatLng{Lat: from.Lat + dLat, Lng: math.Remainder(from.Lng+dLng, 360)})
	return f, float32((1 - gain) * before)
}

// noiseOf is the variance of a fix that stands alone.
func noiseOf(accuracy float32) float64 {
	a := float64(accuracy)
	if a == 0 {
		a = assumedAccuracy
	}
	a = max(a, leastAccuracy)
	return a * a
}

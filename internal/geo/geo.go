// Package geo is where the earth is: coordinates, distances and H3 cells.
// It is the only importer of h3-go.
package geo

import "math"

// LatLng is a WGS-84 position in degrees.
type LatLng struct {
	Lat float64 `json:"lat" minimum:"-90" maximum:"90" doc:"Latitude, degrees north (WGS-84)."`
	Lng float64 `json:"lng" minimum:"-180" maximum:"180" doc:"Longitude, degrees east (WGS-84)."`
}

// EarthRadius is the mean radius (IUGG) in metres.
const EarthRadius = 6_371_008.8

const radPerDeg = math.Pi / 180

// Valid reports whether p lies on the earth; NaN and infinities do not.
func (p LatLng) Valid() bool {
	return p.Lat >= -90 && p.Lat <= 90 && p.Lng >= -180 && p.Lng <= 180
}

// Distance is the great-circle distance in metres (haversine).
func Distance(a, b LatLng) float64 {
	dLat := (b.Lat - a.Lat) * radPerDeg
	dLng := (b.Lng - a.Lng) * radPerDeg
	s, t := math.Sin(dLat/2), math.Sin(dLng/2)
	h := s*s + math.Cos(a.Lat*radPerDeg)*math.Cos(b.Lat*radPerDeg)*t*t
	return 2 * EarthRadius * math.Asin(math.Sqrt(min(1, h)))
}

// Shift moves p by metres east and north.
func Shift(p LatLng, east, north float64) LatLng {
	const metresPerDegree = EarthRadius * math.Pi / 180
	lat := min(90, max(-90, p.Lat+north/metresPerDegree))
	lng := p.Lng + east/(metresPerDegree*max(0.01, math.Cos(p.Lat*math.Pi/180)))
	return LatLng{Lat: lat, Lng: min(180, max(-180, lng))}
}

package api

import (
	"fmt"
	"math"
	"strings"

	"github.com/paidan/paidan/internal/geo"
)

// TrackMap is the page's map: no streets, only where things are to each other, in the units of its drawing.
type TrackMap struct {
	Store TrackPoint  `json:"store"`
	Door  TrackPoint  `json:"door"`
	Rider *TrackPoint `json:"rider"`
	Way   string      `json:"way"` // still to go, as an SVG path
}

// TrackPoint is a place on the drawing.
type TrackPoint struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// The drawing, and its margin for the marks.
const (
	trackWidth, trackHeight = 340.0, 190.0
	trackMargin             = 36.0
)

// drawMap fits the places into the drawing, north up and true to scale. way is what lies ahead, in order.
func drawMap(store, door geo.LatLng, rider *geo.LatLng, way []geo.LatLng) TrackMap {
	all := []geo.LatLng{store, door}
	if rider != nil {
		all = append(all, *rider)
	}
	squeeze := math.Cos(store.Lat * math.Pi / 180)
	west, east, south, north := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range all {
		x, y := p.Lng*squeeze, p.Lat
		west, east, south, north = min(west, x), max(east, x), min(south, y), max(north, y)
	}
	const least = 0.002 // degrees, some 200 m: the same house is no reason to divide by nothing
	scale := min((trackWidth-2*trackMargin)/max(east-west, least), (trackHeight-2*trackMargin)/max(north-south, least))
	at := func(p geo.LatLng) TrackPoint {
		return TrackPoint{
			X: math.Round(10*(trackWidth/2+(p.Lng*squeeze-(west+east)/2)*scale)) / 10,
			Y: math.Round(10*(trackHeight/2-(p.Lat-(south+north)/2)*scale)) / 10,
		}
	}
	m := TrackMap{Store: at(store), Door: at(door)}
	if rider != nil {
		m.Rider = new(at(*rider))
	}
	var path strings.Builder
	for i, p := range way {
		q := at(p)
		fmt.Fprintf(&path, "%c%g %g", "ML"[min(i, 1)], q.X, q.Y)
	}
	m.Way = path.String()
	return m
}

package people

import "time"

// vehicle is how a kind of vehicle moves: straight-line distance × detour / speed, and a fixed time per leg for
// finding the way out, parking and walking to the door.
type vehicle struct {
	speed  float64 // metres per second on the road, stops at lights included
	detour float64
	park   time.Duration
}

// vehicles are urban averages. They are the server's defaults on purpose: a replay is to test the dispatch, not how
// fast the server learns that all riders are slow. Each rider differs from them (person.go), and so does each leg (leg.go).
var vehicles = map[string]vehicle{
	"walking":    {speed: 1.35, detour: 1.35, park: 30 * time.Second},
	"bicycle":    {speed: 4.2, detour: 1.35, park: 45 * time.Second},
	"ebike":      {speed: 5.2, detour: 1.35, park: 45 * time.Second},
	"motorcycle": {speed: 6.9, detour: 1.4, park: 60 * time.Second},
	"car":        {speed: 6.4, detour: 1.4, park: 60 * time.Second},
}

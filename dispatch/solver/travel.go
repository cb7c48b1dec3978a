package solver

import (
	"math"

	"github.com/paidan/paidan/internal/geo"
)

// maxLeg bounds one leg, in seconds, so that absurd speeds can't overflow a schedule.
const maxLeg = 100_000

// Seconds estimates the ride from a to b: great circle × Detour / Speed + Fixed,
// rounded up to whole Steps, at most 100,000 s; 0 when a and b are the same place. An unknown
// vehicle never arrives (100,000 s).
//
// This is the one definition of travel: the solver, Check and package eta agree
// to the second.
func (t Travel) Seconds(vehicle uint8, a, b geo.LatLng) int32 {
	if int(vehicle) >= len(t.Vehicles) {
		return maxLeg
	}
	return t.Vehicles[vehicle].pace().seconds(vecOf(a), vecOf(b))
}

// vec is a place as a point on the globe, in metres from the earth's centre.
// The distance between two of them costs one square root, and is as good as the
// haversine formula to a micrometre.
type vec struct{ x, y, z float64 }

func vecOf(p geo.LatLng) vec {
	const rad = math.Pi / 180
	sLat, cLat := math.Sincos(p.Lat * rad)
	sLng, cLng := math.Sincos(p.Lng * rad)
	return vec{geo.EarthRadius * cLat * cLng, geo.EarthRadius * cLat * sLng, geo.EarthRadius * sLat}
}

// chordToArc is the second term of asin: arc ≈ chord + chord³/24R².
const chordToArc = 1 / (24 * geo.EarthRadius * geo.EarthRadius)

// nearChord2 is the square of the chord (100 km) up to which that term alone is
// exact to a tenth of a millimetre.
const nearChord2 = 1e5 * 1e5

// pace is a VehicleTravel ready for use.
type pace struct {
	perMetre float64 // seconds
	fixed    int32
	step     int32
	perStep  float64 // steps per second
}

func (v VehicleTravel) pace() pace {
	return pace{v.Detour / v.Speed, v.Fixed, v.Step, 1 / float64(max(1, v.Step))}
}

// hair is the part of a step that a leg may exceed a whole one by: more than rounding errors, less than a metre or so would make.
const hair = 1e-8

// chord2 is the square of the straight distance, through the globe, in metres.
// The conversions to float64 keep compilers from fusing multiply and add, so
// that a stored round replays alike on any machine.
func (a vec) chord2(b vec) float64 {
	x, y, z := a.x-b.x, a.y-b.y, a.z-b.z
	return float64(x*x) + float64(y*y) + float64(z*z)
}

// atLeast is a lower bound, less than a step below, of the seconds between different places so many metres apart through the globe.
func (p *pace) atLeast(metres float64) int32 {
	return int32(min(int64(metres*p.perMetre), int64(maxLeg-p.fixed))) + p.fixed
}

// seconds is Travel.Seconds.
func (p pace) seconds(a, b vec) int32 {
	c2 := a.chord2(b)
	if c2 == 0 {
		return 0
	}
	c := math.Sqrt(c2)
	arc := c + float64(c*float64(c2*chordToArc))
	if c2 > nearChord2 {
		arc = 2 * geo.EarthRadius * math.Asin(min(1, c/(2*geo.EarthRadius)))
	}
	s := arc * p.perMetre
	if s >= maxLeg {
		return maxLeg
	}
	if p.step > 1 {
		s = (s+float64(p.fixed))*p.perStep - hair
		t := int32(s)
		if float64(t) < s {
			t++
		}
		return min(p.step*t, maxLeg)
	}
	t := int32(s)
	if float64(t) < s {
		t++
	}
	return min(t+p.fixed, maxLeg)
}

// Package florence is a lively city: its quarters, stores, riders and customers, as the demonstration has them and the simulator
// plays them. All of it is drawn from dice, so a seed gives the same city each time.
package florence

import (
	"slices"

	"github.com/paidan/paidan/internal/geo"
)

// Quarter is a neighbourhood of Florence: where it is, how far it spreads, and how many eat and cook there.
type Quarter struct {
	Name   string
	At     geo.LatLng
	Spread float64 // metres
	Shops  int     // weight
}

// Quarters are those of Florence.
var Quarters = []Quarter{
	{"Duomo", geo.LatLng{Lat: 43.7731, Lng: 11.2560}, 300, 6},
	{"San Lorenzo", geo.LatLng{Lat: 43.7768, Lng: 11.2536}, 250, 5},
	{"Santa Maria Novella", geo.LatLng{Lat: 43.7746, Lng: 11.2490}, 300, 4},
	{"Santa Croce", geo.LatLng{Lat: 43.7690, Lng: 11.2620}, 300, 5},
	{"Sant'Ambrogio", geo.LatLng{Lat: 43.7708, Lng: 11.2685}, 250, 4},
	{"Santo Spirito", geo.LatLng{Lat: 43.7662, Lng: 11.2482}, 280, 4},
	{"San Frediano", geo.LatLng{Lat: 43.7690, Lng: 11.2420}, 280, 3},
	{"Porta al Prato", geo.LatLng{Lat: 43.7775, Lng: 11.2390}, 300, 2},
	{"San Jacopino", geo.LatLng{Lat: 43.7823, Lng: 11.2390}, 350, 3},
	{"Statuto", geo.LatLng{Lat: 43.7880, Lng: 11.2490}, 350, 2},
	{"Novoli", geo.LatLng{Lat: 43.7910, Lng: 11.2220}, 500, 4},
	{"Rifredi", geo.LatLng{Lat: 43.7965, Lng: 11.2390}, 450, 3},
	{"Careggi", geo.LatLng{Lat: 43.8045, Lng: 11.2460}, 400, 2},
	{"Peretola", geo.LatLng{Lat: 43.7945, Lng: 11.2010}, 400, 1},
	{"Le Cure", geo.LatLng{Lat: 43.7893, Lng: 11.2665}, 350, 3},
	{"Campo di Marte", geo.LatLng{Lat: 43.7795, Lng: 11.2790}, 450, 3},
	{"Coverciano", geo.LatLng{Lat: 43.7780, Lng: 11.3010}, 400, 2},
	{"Bellariva", geo.LatLng{Lat: 43.7688, Lng: 11.2930}, 350, 2},
	{"Gavinana", geo.LatLng{Lat: 43.7575, Lng: 11.2850}, 450, 3},
	{"Viale Europa", geo.LatLng{Lat: 43.7560, Lng: 11.3010}, 400, 1},
	{"Isolotto", geo.LatLng{Lat: 43.7693, Lng: 11.2190}, 450, 2},
	{"Legnaia", geo.LatLng{Lat: 43.7645, Lng: 11.2240}, 350, 2},
	{"Poggio Imperiale", geo.LatLng{Lat: 43.7535, Lng: 11.2470}, 350, 1},
	{"Galluzzo", geo.LatLng{Lat: 43.7380, Lng: 11.2280}, 350, 1},
}

var duomo = Quarters[0].At

// The zones: the old town, and the city around it cut in two.
const (
	ZoneCentre = "Firenze Centro"
	ZoneNorth  = "Firenze Nord-Ovest"
	ZoneSouth  = "Firenze Sud-Est"

	centreRadius = 2_000.0
	cityRadius   = 6_500.0
)

// ZoneOf is the zone of a place, "" beyond the city.
func ZoneOf(p geo.LatLng) string {
	switch d := geo.Distance(p, duomo); {
	case d > cityRadius:
		return ""
	case d <= centreRadius:
		return ZoneCentre
	}
	east, north := (p.Lng-duomo.Lng)*0.722, p.Lat-duomo.Lat // cos 43.77°
	if north > east {
		return ZoneNorth
	}
	return ZoneSouth
}

// ZoneCells are the cells of each zone. A cell belongs where its centre is.
func ZoneCells() map[string][]string {
	const steps = 12 // centres of neighbours are some 900 m apart
	cells := map[string]map[geo.Cell]bool{}
	for _, c := range geo.CellOf(duomo, geo.ZoneRes).Disk(steps) {
		z := ZoneOf(c.Center())
		if z == "" {
			continue
		}
		if cells[z] == nil {
			cells[z] = map[geo.Cell]bool{}
		}
		cells[z][c] = true
	}
	out := make(map[string][]string, len(cells))
	for z, cs := range cells {
		for c := range cs {
			out[z] = append(out[z], c.String())
		}
		slices.Sort(out[z])
	}
	return out
}

// Scatter is a place around the middle of a quarter.
func (q Quarter) Scatter(d Dice) geo.LatLng {
	return geo.Shift(q.At, d.NormFloat64()*q.Spread/1.5, d.NormFloat64()*q.Spread/1.5)
}

// PickQuarter draws one, by its weight.
func PickQuarter(d Dice) Quarter {
	total := 0
	for _, q := range Quarters {
		total += q.Shops
	}
	n := d.IntN(total)
	for _, q := range Quarters {
		if n -= q.Shops; n < 0 {
			return q
		}
	}
	return Quarters[0]
}

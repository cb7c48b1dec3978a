package people

import (
	"github.com/paidan/paidan/internal/geo"
)

// quarter is a neighbourhood of Florence: where it is, how far it spreads, and how many eat and cook there.
type quarter struct {
	name   string
	at     geo.LatLng
	spread float64 // metres
	shops  int     // weight
}

var quarters = []quarter{
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

var duomo = quarters[0].at

// The zones: the old town, and the city around it cut in two.
const (
	zoneCentre = "Firenze Centro"
	zoneNorth  = "Firenze Nord-Ovest"
	zoneSouth  = "Firenze Sud-Est"

	centreRadius = 2_000.0
	cityRadius   = 6_500.0
)

// zoneOf is the zone of a place, "" beyond the city.
func zoneOf(p geo.LatLng) string {
	switch d := geo.Distance(p, duomo); {
	case d > cityRadius:
		return ""
	case d <= centreRadius:
		return zoneCentre
	}
	east, north := (p.Lng-duomo.Lng)*0.722, p.Lat-duomo.Lat // cos 43.77°
	if north > east {
		return zoneNorth
	}
	return zoneSouth
}

// zoneCells are the cells of each zone. A cell belongs where its centre is.
func zoneCells() map[string][]string {
	const steps = 12 // centres of neighbours are some 900 m apart
	cells := map[string]map[geo.Cell]bool{}
	for _, c := range geo.CellOf(duomo, geo.ZoneRes).Disk(steps) {
		z := zoneOf(c.Center())
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
		out[z] = hexes(cs)
	}
	return out
}

// scatter is a place around the middle of a quarter.
func (q quarter) scatter(d dice) geo.LatLng {
	return shift(q.at, d.NormFloat64()*q.spread/1.5, d.NormFloat64()*q.spread/1.5)
}

func pickQuarter(d dice) quarter {
	total := 0
	for _, q := range quarters {
		total += q.shops
	}
	n := d.IntN(total)
	for _, q := range quarters {
		if n -= q.shops; n < 0 {
			return q
		}
	}
	return quarters[0]
}
